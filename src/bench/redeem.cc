/// Redemptions by accounts with two years of lots: groups of 512 a commit against one commit each and, on a server,
/// against pgbench's TPC-B; then with ten and twenty times the accounts.
#include <memory>
#include <thread>
#include <utility>

#include <fmt/format.h>

#include "base/cbor.h"
#include "bench/cases.h"
#include "bench/engine.h"
#include "bench/measure.h"
#include "bench/people.h"
#include "bench/pgbench.h"
#include "crypto/hash.h"
#include "rooms/mall/shell/offers.h"
#include "rooms/mall/shell/place_orders.h"

namespace tanpuhui {
namespace {

constexpr Points price(3);

CommandId id_of(std::int64_t number, Instant now) {
  CborWriter out;
  out.text("tph/bench-order").integer(number);
  return command_id_of(now, sha256(out.result()));
}

/// A further writer of the same programme.
struct FurtherWriter {
  FurtherWriter(const std::string& location, const Office& first)
      : database(Database::open_writer(location)), office{database, writer, first.book, first.now} {}
  Database database;
  Writer writer{database, sha256};
  Office office;
};

/// Who places orders with one writer: accounts and an offer that no other writer touches.
class Teller {
 public:
  Teller(const Office& office, OfferId offer) : office_(office), offer_(offer) {}

  void add_account(AccountId account) { accounts_.push_back(account); }

  /// So many orders by accounts at random, drawn before the clock runs.
  void draw(std::int64_t count, std::int64_t seed) {
    acts_.clear();
    for (std::int64_t i = 0; i < count; ++i) {
      const auto dice = mix_bits(static_cast<std::uint64_t>(seed + i));
      acts_.push_back({id_of(seed + i, office_.now), accounts_[dice % accounts_.size()], {offer_, 1}});
    }
  }
  void place(std::size_t a_commit) {
    const std::span<const OrderAct> acts(acts_);
    for (std::size_t at = 0; at < acts.size(); at += a_commit)
      for (const auto& receipt : place_orders(office_, acts.subspan(at, std::min(a_commit, acts.size() - at))))
        must(receipt);
  }

 private:
  const Office& office_;
  OfferId offer_;
  std::vector<AccountId> accounts_;
  std::vector<OrderAct> acts_;
};

class Mall {
 public:
  Mall(const Ground& ground, std::int64_t accounts)
      : programme_(ground, "redeem", start_of(history_ends(), ground.options().book->zone)),
        history_(programme_.office(), 0) {
    Office& office = programme_.office();
    const AccountId provider{first_own_account + 3}, escrow{first_own_account + 4};
    programme_.database()
        .statement(
            "INSERT INTO accounts_register(account_id, part, kind, ref, status, opened_at) VALUES (?, ?, 2, 'bench', "
            "1, 0)")
        .bind(provider.value)
        .bind(part_of(provider).value)
        .run();
    must(register_provider(office, {"bench", provider, escrow, day_of({2025, 1, 1}), day_of({2026, 12, 31})},
                           new_command_id(office.now)));
    for (int i = 0; i < ground.options().writers; ++i) {
      if (i > 0) further_.push_back(std::make_unique<FurtherWriter>(programme_.location(), office));
      const Office& writes = i > 0 ? further_.back()->office : office;
      const NewOffer offer{"bench", "票", fmt::format("ticket {}", i), price, 100'000'000};
      tellers_.emplace_back(writes, must(list_offer(office, offer, new_command_id(office.now))));
    }
    add_accounts(accounts);
  }

  Database& database() { return programme_.database(); }
  std::int64_t accounts() const { return accounts_; }

  void add_accounts(std::int64_t count) {
    register_people(database(), accounts_, accounts_ + count);
    std::vector<AccountId> people;
    for (std::int64_t i = accounts_; i < accounts_ + count; ++i) people.push_back(person_at(i));
    history_.load(people);
    settle(database());
    accounts_ += count;
    // Parts are split between the writers.
    for (const AccountId account : people)
      tellers_[static_cast<std::size_t>(part_of(account).value) * tellers_.size() / part_count].add_account(account);
  }

  struct Speed {
    double per_second = 0, kb_each = 0;
  };
  /// `count` orders by all writers together.
  Speed redeem(std::int64_t count, std::size_t a_commit);

 private:
  BenchProgramme programme_;
  History history_;
  std::vector<std::unique_ptr<FurtherWriter>> further_;
  std::vector<Teller> tellers_;
  std::int64_t accounts_ = 0, seed_ = 0;
};

Mall::Speed Mall::redeem(std::int64_t count, std::size_t a_commit) {
  const std::int64_t each = count / std::ssize(tellers_);
  for (Teller& teller : tellers_) teller.draw(each, std::exchange(seed_, seed_ + each));
  const std::int64_t before = bytes_written(database());
  const Stopwatch watch;
  std::vector<std::exception_ptr> failures(tellers_.size());
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < tellers_.size(); ++i)
    threads.emplace_back([&, i] {
      try {
        tellers_[i].place(a_commit);
      } catch (...) {
        failures[i] = std::current_exception();
      }
    });
  for (std::thread& thread : threads) thread.join();
  const double rate = watch.rate(each * std::ssize(tellers_));
  for (const std::exception_ptr& failure : failures)
    if (failure) std::rethrow_exception(failure);
  const auto written = static_cast<double>(bytes_written(database()) - before);
  return {rate, written / 1024 / static_cast<double>(each * std::ssize(tellers_))};
}

void measure_growth(const Ground& ground, Mall& mall, std::int64_t orders, CaseResult& result) {
  const std::int64_t first = mall.accounts();
  for (const std::int64_t times : {1, 10, 20}) {
    if (times > 1) mall.add_accounts(first * times - mall.accounts());
    Figure rate{"512 in a commit, by accounts", "orders/s", {}, {}, first * times};
    Figure written{"written, by accounts", "KB", {}, {}, first * times};
    for (int round = 0; round < rounds; ++round) {
      const Mall::Speed speed = mall.redeem(orders, Writer::commands_per_commit);
      rate.rounds.push_back(speed.per_second);
      written.rounds.push_back(speed.kb_each);
    }
    result.figures.insert(result.figures.end(), {rate, written});
    ground.say(fmt::format("redeem: {} accounts", first * times));
  }
}

}  // namespace

CaseResult measure_redeem(const Ground& ground) {
  CaseResult result{"redeem",
                    "orders by accounts with 24 monthly lots, 512 in a commit; against one command a "
                    "transaction, and on a server against pgbench's TPC-B (8 clients, prepared)"};
  const std::int64_t orders = ground.size(1024, 16 * 1024), single_orders = ground.size(64, 1024);
  ground.say("redeem: two years of lots");
  Mall mall(ground, ground.size(100, 4096));
  Figure single{"one command a transaction", "orders/s", {}}, single_kb{"written, one a transaction", "KB", {}};
  Figure grouped{"512 in a commit", "orders/s", {}}, grouped_kb{"written, 512 in a commit", "KB", {}};
  Figure tpcb{"pgbench TPC-B", "transactions/s", {}}, plain{append_legs_name(), "rows/s", {}};
  std::optional<Pgbench> pgbench;
  if (ground.on_server()) pgbench.emplace(ground.options().store, ground.size(1, 20));
  for (int round = 0; round < rounds; ++round) {
    plain.rounds.push_back(append_legs_rate(ground, orders * 4));
    const Mall::Speed one = mall.redeem(single_orders, 1);
    const Mall::Speed many = mall.redeem(orders, Writer::commands_per_commit);
    single.rounds.push_back(one.per_second);
    single_kb.rounds.push_back(one.kb_each);
    grouped.rounds.push_back(many.per_second);
    grouped_kb.rounds.push_back(many.kb_each);
    if (pgbench) tpcb.rounds.push_back(pgbench->transactions_per_second(static_cast<int>(ground.size(1, 8))));
    ground.say(fmt::format("redeem: round {} of {}", round + 1, rounds));
  }
  Figure to_single{"512 in a commit / one a transaction", "ratio", ratios(grouped.rounds, single.rounds)};
  to_single.goal = at_least(ground.on_server() ? 8 : 5);
  if (!ground.on_server()) grouped_kb.goal = at_most(10);
  result.figures = {plain, single, single_kb, grouped, grouped_kb, to_single};
  if (pgbench)
    result.figures.insert(
        result.figures.end(),
        {tpcb, {"512 in a commit / TPC-B", "ratio", ratios(grouped.rounds, tpcb.rounds), at_least(4)}});
  result.notes.push_back(
      fmt::format("{} accounts; writers: {}, each with a connection, accounts and an offer of its own", mall.accounts(),
                  ground.options().writers));
  measure_growth(ground, mall, orders, result);
  return result;
}

}  // namespace tanpuhui
