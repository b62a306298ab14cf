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

struct Rates {
  Figure row{"raw row by its key, by entries", "reads/s", {}},
      balance{"balance of one account, by entries", "reads/s", {}};
  Figure last{"its last 20 entries, by entries", "reads/s", {}};
  Figure lines{"its last 20 in clustered days, by entries", "reads/s", {}};
};

Rates measure_at(Database& database, std::int64_t accounts, std::int64_t reads) {
  Rates rates;
  for (Figure* figure : {&rates.row, &rates.balance, &rates.last, &rates.lines})
    figure->rows = accounts * (months + orders_each);
  for (int round = 0; round < rounds; ++round) {
    const auto asked = draw_accounts(accounts, reads, round * reads);
    rates.row.rounds.push_back(asking_rate(asked, [&](AccountId account) { read_row(database, account); }));
    rates.balance.rounds.push_back(asking_rate(asked, [&](AccountId account) {
      TANPUHUI_REQUIRE(find_account(database, account)->lots.size() == months, "the account holds its lots");
    }));
    rates.last.rounds.push_back(asking_rate(asked, [&](AccountId account) {
      TANPUHUI_REQUIRE(find_last_entries(database, account, entries_asked).size() == entries_asked,
                       "the account has entries");
    }));
    rates.lines.rounds.push_back(asking_rate(asked, [&](AccountId account) {
      TANPUHUI_REQUIRE(read_lines(database, account) == entries_asked, "the account has lines");
    }));
  }
  return rates;
}

}  // namespace

CaseResult measure_point_read(const Ground& ground) {
  CaseResult result{"point_read",
                    "the balance of one account with 24 monthly lots and its last 20 entries, decoded; "
                    "against one row by its key, and against itself as entries grow"};
  const std::int64_t base = ground.size(20, 20'000), reads = ground.size(100, 20'000);
  BenchProgramme programme(ground, "point_read", start_of(history_ends(), ground.options().book->zone));
  Database& database = programme.database();
  History history(programme.office(), orders_each);
  std::vector<Rates> sizes;
  std::int64_t accounts = 0;
  for (const std::int64_t times : {1, 10, 20}) {
    ground.say(fmt::format("point_read: {} entries", base * times * history.entries_each()));
    register_people(database, accounts, base * times);
    std::vector<AccountId> people;
    for (; accounts < base * times; ++accounts) people.push_back(person_at(accounts));
    history.load_lines(people, history.load(people));
    settle(database);
    const Rates& rates = sizes.emplace_back(measure_at(database, accounts, reads));
    for (const Figure* figure : {&rates.row, &rates.balance, &rates.last, &rates.lines})
      result.figures.push_back(*figure);
  }
  const auto add_ratio = [&](const std::string& name, const Figure& ten, const Figure& one, double bound) {
    result.figures.push_back(
        {name + ", ten times the entries / at first", "ratio", {ten.value() / one.value()}, at_least(bound)});
  };
  const Rates &one = sizes[0], &ten = sizes[1];
  add_ratio("balance", ten.balance, one.balance, 0.7);
  add_ratio("last 20 entries", ten.last, one.last, ground.on_server() ? 0.7 : 0.5);
  add_ratio("last 20 in clustered days", ten.lines, one.lines, 0.7);
  const auto bytes_a_row = [&](const std::string& table, std::int64_t rows) {
    return static_cast<double>(table_bytes(database, table)) / static_cast<double>(rows);
  };
  result.figures.push_back({"entry on disk", "bytes", {bytes_a_row("entries", accounts * history.entries_each())}});
  result.figures.push_back({"account on disk", "bytes", {bytes_a_row("accounts", accounts)}});
  result.notes.push_back(fmt::format("{} entries an account; caches warm, one connection", history.entries_each()));
  return result;
}

}  // namespace tanpuhui
