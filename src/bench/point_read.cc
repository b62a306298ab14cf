/// The balance of one account and its last 20 entries, with one, ten and twenty times the rows.
#include <fmt/format.h>

#include "bench/cases.h"
#include "bench/engine.h"
#include "bench/measure.h"
#include "bench/people.h"
#include "store/account_history.h"

namespace tanpuhui {
namespace {

constexpr std::size_t entries_asked = 20;
constexpr int orders_each = 26;  // 50 entries an account with its 24 grants

/// What is asked in one round: accounts at random.
std::vector<AccountId> draw_accounts(std::int64_t accounts, std::int64_t count, std::int64_t seed) {
  std::vector<AccountId> drawn;
  for (std::int64_t i = 0; i < count; ++i)
    drawn.push_back(person_at(static_cast<std::int64_t>(mix_bits(static_cast<std::uint64_t>(seed + i)) %
                                                        static_cast<std::uint64_t>(accounts))));
  return drawn;
}

template <class Ask>
double asking_rate(const std::vector<AccountId>& accounts, Ask ask) {
  const Stopwatch watch;
  for (const AccountId account : accounts) ask(account);
  return watch.rate(std::ssize(accounts));
}

// The raw limit: one row by its key, nothing decoded.
void read_row(Database& database, AccountId account) {
  auto row = database.statement("SELECT points_available FROM accounts WHERE part = ? AND account_id = ?");
  row.bind(part_of(account).value).bind(account.value);
  TANPUHUI_REQUIRE(row.step(), "the account stands");
}

// What a page shows of an entry, from the rows of closed days; each entry here has one leg of its account.
std::size_t read_lines(Database& database, AccountId account) {
  auto rows = database.statement(
      "SELECT entry_id, kind, occurred_on, batch_id, tranche, d_points, d_backing_mg, d_free_mg FROM posting_lines "
      "WHERE part = ? AND account_id = ? ORDER BY entry_id DESC, leg LIMIT ?");
  rows.bind(part_of(account).value).bind(account.value).bind(entries_asked);
  std::size_t count = 0;
  while (rows.step()) ++count;
  return count;
}

/// Accounts with their entries, and what reading them came to.
class Readers {
 public:
  Readers(const Ground& ground, const std::string& name, Beside beside)
      : programme_(ground, name, start_of(history_ends(), ground.options().book->zone), beside),
        history_(programme_.office(), orders_each),
        reads_(ground.size(100, 20'000)) {}

  Database& database() { return programme_.database(); }
  std::int64_t accounts() const { return accounts_; }
  std::int64_t entries() const { return accounts_ * history_.entries_each(); }

  /// What was measured with fewer is forgotten.
  void grow(std::int64_t accounts) {
    register_people(database(), accounts_, accounts);
    std::vector<AccountId> people;
    for (; accounts_ < accounts; ++accounts_) people.push_back(person_at(accounts_));
    history_.load_lines(people, history_.load(people));
    settle(database());
    for (Figure* figure : {&row, &balance, &last, &lines}) {
      figure->rounds.clear();
      figure->rows = entries();
    }
  }

  void measure(int round) {
    const auto asked = draw_accounts(accounts_, reads_, round * reads_);
    row.rounds.push_back(asking_rate(asked, [&](AccountId account) { read_row(database(), account); }));
    balance.rounds.push_back(asking_rate(asked, [&](AccountId account) {
      TANPUHUI_REQUIRE(find_account(database(), account)->lots.size() == months, "the account holds its lots");
    }));
    last.rounds.push_back(asking_rate(asked, [&](AccountId account) {
      TANPUHUI_REQUIRE(find_last_entries(database(), account, entries_asked).size() == entries_asked,
                       "the account has entries");
    }));
    lines.rounds.push_back(asking_rate(asked, [&](AccountId account) {
      TANPUHUI_REQUIRE(read_lines(database(), account) == entries_asked, "the account has lines");
    }));
  }

  Figure row{"raw row by its key, by entries", "reads/s", {}},
      balance{"balance of one account, by entries", "reads/s", {}},
      last{"its last 20 entries, by entries", "reads/s", {}},
      lines{"its last 20 in clustered days, by entries", "reads/s", {}};

 private:
  BenchProgramme programme_;
  History history_;
  std::int64_t reads_, accounts_ = 0;
};

}  // namespace

CaseResult measure_point_read(const Ground& ground) {
  CaseResult result{"point_read",
                    "the balance of one account with 24 monthly lots and its last 20 entries, decoded; "
                    "against one row by its key, and against itself as entries grow"};
  const std::int64_t base = ground.size(20, 20'000);
  const auto grow = [&](Readers& readers, std::int64_t accounts) {
    ground.say(fmt::format("point_read: {} accounts", accounts));
    readers.grow(accounts);
  };
  const auto keep = [&](const Readers& readers) {
    result.figures.insert(result.figures.end(), {readers.row, readers.balance, readers.last, readers.lines});
  };
  Readers few(ground, "point_read_few", Beside::another), many(ground, "point_read", Beside::nothing);
  grow(few, base);
  grow(many, base * 10);
  for (int round = 0; round < rounds; ++round) {
    few.measure(round);
    many.measure(round);
  }
  keep(few);
  keep(many);
  const auto add_ratio = [&](const std::string& name, const Figure& ten, const Figure& one, double bound) {
    result.figures.push_back(
        {name + ", ten times the entries / at first", "ratio", ratios(ten.rounds, one.rounds), at_least(bound)});
  };
  add_ratio("balance", many.balance, few.balance, 0.7);
  add_ratio("last 20 entries", many.last, few.last, ground.on_server() ? 0.7 : 0.5);
  add_ratio("last 20 in clustered days", many.lines, few.lines, 0.7);
  grow(many, base * 20);
  for (int round = 0; round < rounds; ++round) many.measure(round);
  keep(many);
  const auto bytes_a_row = [&](const std::string& table, std::int64_t rows) {
    return static_cast<double>(table_bytes(many.database(), table)) / static_cast<double>(rows);
  };
  result.figures.push_back({"entry on disk", "bytes", {bytes_a_row("entries", many.entries())}});
  result.figures.push_back({"account on disk", "bytes", {bytes_a_row("accounts", many.accounts())}});
  result.notes.push_back(
      fmt::format("{} entries an account; caches warm, one connection; few and many entries read in turn",
                  many.entries() / many.accounts()));
  return result;
}

}  // namespace tanpuhui
