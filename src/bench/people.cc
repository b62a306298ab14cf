#include "bench/people.h"

#include <algorithm>
#include <array>

#include "base/cbor.h"
#include "bench/engine.h"
#include "crypto/hash.h"
#include "ledger/grant.h"

namespace tanpuhui {
namespace {

constexpr AccountId model_account{first_own_account + 1}, escrow_account{first_own_account + 2};
constexpr std::int64_t first_person = first_own_account + 100;
constexpr std::int64_t entries_a_commit = 50'000;
const Day first_month = day_of({2024, 1, 10});

// The account's in place of the model's.
Posting posting_of(Posting posting, AccountId account) {
  posting.account = account;
  const auto name = [account](auto& lines) {
    for (auto& line : lines)
      if (line.account == model_account) line.account = account;
  };
  name(posting.legs);
  name(posting.openings);
  name(posting.honours);
  name(posting.locks);
  return posting;
}

CommandId command_of(std::int64_t entry, Instant at) {
  CborWriter out;
  out.text("tph/bench-history").integer(entry);
  return command_id_of(at, sha256(out.result()));
}

/// Acts of a part are numbered without gaps.
class PartHeads {
 public:
  explicit PartHeads(Database& database) : database_(database) {
    auto rows = database.statement("SELECT part, act_no FROM part_heads");
    while (rows.step()) heads_[static_cast<std::size_t>(rows.integer(0))] = rows.integer(1);
  }
  std::int64_t next(Part part) { return ++heads_[static_cast<std::size_t>(part.value)]; }
  void save() {
    Transaction transaction(database_);
    database_.execute("DELETE FROM part_heads");
    auto insert = database_.statement("INSERT INTO part_heads(part, act_no) VALUES (?, ?)");
    for (std::size_t part = 0; part < heads_.size(); ++part)
      if (heads_[part] > 0) insert.bind(part).bind(heads_[part]).add();
    insert.run();
    transaction.commit();
  }

 private:
  Database& database_;
  std::array<std::int64_t, part_count> heads_{};
};

// Above all that were given; every lane goes on above them.
std::int64_t take_numbers(Database& database, std::int64_t count) {
  const std::int64_t last = database.statement("SELECT max(last_entry) FROM entry_lanes").run_integer();
  database.statement("UPDATE entry_lanes SET last_entry = ?").bind(last + count).run();
  return last + 1;
}

// Posting goes by part, and so lie the rows of the accounts that it opens.
std::vector<AccountId> in_order_of_posting(std::span<const AccountId> persons) {
  std::vector<AccountId> accounts(persons.begin(), persons.end());
  std::ranges::sort(accounts, {}, [](AccountId account) { return std::pair(part_of(account), account); });
  return accounts;
}

}  // namespace

AccountId person_at(std::int64_t index) { return AccountId{first_person + index}; }

void register_people(Database& database, std::int64_t first, std::int64_t until) {
  Transaction transaction(database);
  auto insert = database.statement(
      "INSERT INTO accounts_register(account_id, part, kind, ref, status, opened_at) VALUES (?, ?, ?, ?, 1, 0)");
  for (std::int64_t index = first; index < until; ++index) {
    const AccountId account = person_at(index);
    const std::string ref = std::to_string(account.value);
    insert.bind(account.value).bind(part_of(account).value).bind(static_cast<int>(AccountKind::person)).bind(ref).add();
  }
  insert.run();
  transaction.commit();
}

Day credited_on(int month) { return first_month + 30 * month; }
Day expires_on(int month) { return add_years(credited_on(month), 2); }
Day history_ends() { return credited_on(months - 1) + 10; }

History::History(Office& office, int orders) : office_(office) {
  model_.account = model_account;
  const GrantRule rule{Milligrams(100'000), 2};
  // The first lot is big enough for the orders, so that all lots still stand after them.
  for (int month = 0; month < months; ++month) {
    const Milligrams saved(month == 0 ? 5'000'000 : 2'037'000);
    const GrantRequest grant{BatchId{month + 1}, saved, credited_on(month)};
    take({EntryKind::post, grant.credited_on, must(decide_grant(grant, model_, rule))});
    const Day day = grant.credited_on + 3;
    for (int i = orders * month / months; i < orders * (month + 1) / months; ++i) {
      const SpendPlan plan = must(plan_spend(model_, Points(1), SpendOrder::bearing_first, day));
      take({EntryKind::order, day, order_points(model_, plan, escrow_account)});
    }
  }
  register_batches();
}

void History::take(Step step) {
  apply(model_, step.posting, EntryId{std::ssize(steps_) + 1});
  steps_.push_back(std::move(step));
}

void History::register_batches() {
  Transaction transaction(office_.database);
  auto insert = office_.database.statement(
      "INSERT INTO batches(batch_id, scenario_id, period_from, period_until, methodology, methodology_hash, "
      "rulebook_hash, acts_digest, digest, persons, records, issued_mg, serial_next_mg, state, credited_on, "
      "partner_signature, authority_signature) VALUES (?, 0, 0, 0, 'm', ?, ?, ?, ?, 1, 1, ?, 0, 'posted', ?, ?, ?)");
  const Bytes none;
  constexpr std::int64_t issued_mg = 1'000'000'000'000'000;  // enough for however many are loaded
  for (int month = 0; month < months; ++month) {
    insert.bind(month + 1).bind(none).bind(none).bind(none).bind(none);
    insert.bind(issued_mg).bind(credited_on(month).number).bind(none).bind(none).add();
  }
  insert.run();
  transaction.commit();
}

std::int64_t History::load(std::span<const AccountId> persons) {
  const std::vector<AccountId> accounts = in_order_of_posting(persons);
  const std::int64_t first = take_numbers(office_.database, std::ssize(accounts) * entries_each());
  load_entries(accounts, first);
  load_accounts(accounts, first);
  return first;
}

void History::load_lines(std::span<const AccountId> persons, std::int64_t first_entry) {
  const std::vector<AccountId> accounts = in_order_of_posting(persons);
  auto insert = office_.database.statement(
      "INSERT INTO posting_lines(part, account_id, entry_id, leg, kind, occurred_on, recorded_on, batch_id, tranche, "
      "d_points, d_backing_mg, d_free_mg) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
  std::int64_t entry = first_entry;
  for (const Step& step : steps_) {
    Transaction transaction(office_.database);
    for (const AccountId account : accounts) {
      for (std::size_t i = 0; i < step.posting.legs.size(); ++i) {
        const Leg& leg = step.posting.legs[i];
        if (leg.account != model_account) continue;
        insert.bind(part_of(account).value).bind(account.value).bind(entry).bind(i).bind(name_en(step.kind));
        insert.bind(step.on.number).bind(step.on.number).bind(leg.batch.value).bind(leg.tranche);
        insert.bind(leg.d_points.count()).bind(leg.d_backing_mg.count()).bind(leg.d_free_mg.count()).add();
      }
      ++entry;
    }
    insert.run();
    transaction.commit();
  }
}

void History::load_entries(std::span<const AccountId> accounts, std::int64_t first_entry) {
  PartHeads heads(office_.database);
  auto insert = office_.database.statement(
      "INSERT INTO entries(entry_id, part, account_id, act_no, prev_entry, body) VALUES (?, ?, ?, ?, ?, ?)");
  const std::int64_t count = std::ssize(accounts), total = count * entries_each();
  for (std::int64_t at = 0; at < total;) {
    Transaction transaction(office_.database);
    for (const std::int64_t until = std::min(total, at + entries_a_commit); at < until; ++at) {
      const Step& step = steps_[static_cast<std::size_t>(at / count)];
      const AccountId account = accounts[static_cast<std::size_t>(at % count)];
      const std::string actor = step.kind == EntryKind::post ? "operator" : "person";
      Entry entry = office_.entry(step.kind, actor, "rule:bench", posting_of(step.posting, account));
      entry.entry_id = EntryId{first_entry + at};
      entry.part = part_of(account);
      entry.act_no = heads.next(entry.part);
      entry.occurred_on = step.on;
      entry.recorded_at = start_of(step.on, office_.book.zone);
      entry.command_id = command_of(entry.entry_id.value, entry.recorded_at);
      const Bytes body = encode_entry(entry);
      insert.bind(entry.entry_id.value).bind(entry.part.value).bind(account.value).bind(entry.act_no);
      insert.bind(at < count ? 0 : entry.entry_id.value - count).bind(body).add();
    }
    insert.run();
    transaction.commit();
  }
  heads.save();
}

void History::load_accounts(std::span<const AccountId> accounts, std::int64_t first_entry) {
  const LotBytes lots = encode_lots(model_);
  TANPUHUI_REQUIRE(lots.pages.empty(), "two years of lots lie in the account row");
  Transaction transaction(office_.database);
  auto insert = office_.database.statement(
      "INSERT INTO accounts(part, account_id, version, points_available, points_locked, points_credited, points_used, "
      "points_expired, points_reversed, backing_mg, free_mg, honour_points, honour_mg, next_expiry, last_entry, lots) "
      "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
  const std::int64_t last_round = first_entry + std::ssize(accounts) * (entries_each() - 1);
  for (std::size_t i = 0; i < accounts.size(); ++i) {
    insert.bind(part_of(accounts[i]).value).bind(accounts[i].value).bind(model_.version);
    for (const Points points : {model_.points_available, model_.points_locked, model_.points_credited,
                                model_.points_used, model_.points_expired, model_.points_reversed})
      insert.bind(points.count());
    insert.bind(model_.backing_mg.count()).bind(model_.free_mg.count());
    insert.bind(model_.honour_points.count()).bind(model_.honour_mg.count()).bind(model_.next_expiry.number);
    insert.bind(last_round + static_cast<std::int64_t>(i)).bind(lots.row).add();
  }
  insert.run();
  transaction.commit();
}

std::vector<AccountId> load_people(Office& office, std::int64_t count, int orders) {
  register_people(office.database, 0, count);
  std::vector<AccountId> accounts;
  for (std::int64_t i = 0; i < count; ++i) accounts.push_back(person_at(i));
  History(office, orders).load(accounts);
  settle(office.database);
  return accounts;
}

}  // namespace tanpuhui
