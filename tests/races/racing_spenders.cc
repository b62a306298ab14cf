// Many rounds of 64 spenders who want a point each of a lot of ten.
//
//   racing_spenders prepare LOCATION ROUNDS     a person with the lot for each round
//   racing_spenders spend LOCATION ROUNDS SIDE  32 spenders a round, those of one side (0 or 1), over two writers
//   racing_spenders check LOCATION              what the ledger finds wrong, a line each
//
// `spend` prints how many orders were granted and refused, how often a writer lost a race for good and sent its
// commands again, and how often the queue was full.
#include <cstdio>
#include <deque>
#include <iostream>
#include <string>
#include <thread>

#include <fmt/format.h>

#include "ledger/invariants.h"
#include "office/act_queue.h"
#include "store/lanes.h"
#include "store/writer_world.h"

namespace tanpuhui {
namespace {

constexpr std::int64_t spenders = 64, sides = 2, points = 10;

AccountId person_of(std::int64_t round) { return AccountId{100'000 + round}; }

void prepare(const std::string& location, std::int64_t rounds) {
  Database database = Database::open_writer(location);
  found_world(database);
  make_lanes(database, server_lanes);
  std::vector<Command> grants;
  for (std::int64_t round = 0; round < rounds; ++round) {
    open_account(database, person_of(round));
    grants.push_back(grant(-1 - round, points, person_of(round)));
  }
  Writer(database, sha256).execute(grants, test_now);
}

struct Spender {
  std::int64_t round = 0, number = 0;
  Command command() const { return order(round * spenders + number, 1, person_of(round)); }
};
using Spenders = ActQueue<Spender, Answer>;

Spenders::CarryOut open_writer(const std::string& location) {
  struct Own {
    explicit Own(const std::string& location) : database(Database::open_writer(location)) {}
    Database database;
    Writer writer{database, sha256};
  };
  return [own = std::make_shared<Own>(location)](std::span<const Spender> acts) {
    std::vector<Command> commands;
    for (const Spender& act : acts) commands.push_back(act.command());
    return own->writer.execute(commands, test_now);
  };
}

class Side {
 public:
  Side(const std::string& location, std::int64_t number)
      : number_(number), queue_({.workers = 2, .waiting = 1'024}, [location](int) { return open_writer(location); }) {}

  void spend(std::int64_t first, std::int64_t rounds) {
    for (std::int64_t round = first; round < first + rounds; ++round)
      for (std::int64_t i = number_; i < spenders; i += sides) send({round, i});
    while (!sent_.empty()) settle_first();
    fmt::print("granted {} refused {} lost {} full {}\n", granted_, refused_, lost_, full_);
    std::fflush(stdout);
  }

 private:
  void send(const Spender& spender) {
    for (;;) {
      if (auto answer = queue_.send(spender, part_of(person_of(spender.round)))) {
        sent_.emplace_back(spender, *std::move(answer));
        return;
      }
      ++full_;
      if (sent_.empty())
        std::this_thread::yield();
      else
        settle_first();
    }
  }

  void settle_first() {
    auto [spender, answer] = std::move(sent_.front());
    sent_.pop_front();
    try {
      ++(answer.get().refusal ? refused_ : granted_);
    } catch (const Raced&) {
      ++lost_;
      send(spender);
    }
  }

  std::int64_t number_, granted_ = 0, refused_ = 0, lost_ = 0, full_ = 0;
  std::deque<std::pair<Spender, std::future<Answer>>> sent_;
  Spenders queue_;
};

bool is_escrow(AccountId account) { return account == escrow; }

void check(const std::string& location) {
  Database database = Database::open_reader(location);
  LedgerAudit audit(is_escrow);
  for (auto rows = database.scan("SELECT body FROM entries ORDER BY entry_id"); rows.step();)
    audit.see(decode_entry(rows.blob(0)).value());
  for (auto rows = database.statement("SELECT account_id FROM accounts"); rows.step();)
    audit.see(find_account(database, AccountId{rows.integer(0)}).value());
  for (const Violation& violation : audit.finish()) fmt::print("{}: {}\n", violation.invariant, violation.what);
}

void spend(const std::string& location, std::int64_t number) {
  Side side(location, number);
  for (std::int64_t first = 0, rounds = 0; std::cin >> first >> rounds;) side.spend(first, rounds);
}

int run(const std::vector<std::string>& words) {
  if (words.size() == 2 && words[0] == "check") return check(words[1]), 0;
  if (words.size() == 3 && words[0] == "prepare") return prepare(words[1], std::stoll(words[2])), 0;
  if (words.size() == 3 && words[0] == "spend") return spend(words[1], std::stoll(words[2])), 0;
  fmt::print(stderr, "racing_spenders prepare LOCATION ROUNDS | spend LOCATION SIDE | check LOCATION\n");
  return 2;
}

}  // namespace
}  // namespace tanpuhui

int main(int count, char** words) try {
  return tanpuhui::run({words + 1, words + count});
} catch (const std::exception& error) {
  fmt::print(stderr, "racing_spenders: {}\n", error.what());
  return 3;
}
