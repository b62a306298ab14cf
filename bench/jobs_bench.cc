/// Jobs over accounts that hold two years of monthly lots: posting and clearing, against plain appends of rows as large
/// as a lot's leg to a table without keys.
///
///   jobs_bench [SCRATCH_FOLDER [SERVER]]
///
/// Prints rates and the ratio of clearing to appending (goal: 0.4 lots a row when all lots of an account are due); then
/// the rates of netting and of lines for readers over all that happened. With the address of an empty PostgreSQL schema
/// the programme is kept there; the plain appends stay in a file.
#include <vector>

#include <fmt/format.h>

#include "crypto/ed25519.h"
#include "jobs/net_balances.h"
#include "jobs/project_lines.h"
#include "measure.h"
#include "rooms/activity/shell/find_acts.h"
#include "rooms/points/shell/expire.h"
#include "rooms/reduction/shell/compute_batch.h"
#include "rooms/reduction/shell/post_batch.h"
#include "rooms/reduction/shell/sign_batch.h"
#include "rooms/reduction/shell/signers.h"

namespace tanpuhui {
namespace {

constexpr std::int64_t persons = 16 * 1024;
constexpr int months = 25;
const Day first_day = day_of({2025, 1, 1});
constexpr double goal = 0.4;

// Numbers of accounts say nothing about each other, as those of a programme.
AccountId person_at(std::int64_t index) {
  const std::uint64_t bits = mix_bits(static_cast<std::uint64_t>(index)) >> 2U;
  return AccountId{static_cast<std::int64_t>(bits) + first_own_account};
}

SigningKey key_of(Signer signer) {
  KeySeed seed{};
  seed.fill(static_cast<std::uint8_t>(signer));
  return SigningKey::from_seed(seed);
}

Day month_at(int month) { return day_of({2025 + month / 12, 1 + month % 12, 1}); }

class Programme {
 public:
  explicit Programme(Database& database) : database_(database), writer_(database, sha256), book_(js24_book()) {
    migrate(database_);
    Transaction transaction(database_);
    auto insert = database_.statement("INSERT INTO accounts_register VALUES (?, ?, 1, ?, 1, 0)");
    for (std::int64_t i = 0; i < persons; ++i) {
      const std::string ref = std::to_string(i);
      insert.bind(person_at(i).value).bind(part_of(person_at(i)).value).bind(std::string_view(ref)).add();
    }
    insert.run();
    const Digest none{};
    database_
        .statement("INSERT INTO scenarios VALUES (1, 'ride', '骑行', 'ride', 'dev', 'm/v1', ?, 0, NULL, 30, 'live')")
        .bind(ByteView(none))
        .run();
    transaction.commit();
    const Office desk = office(first_day);
    for (const Signer signer : {Signer::partner, Signer::authority})
      record_key(desk, key_holder(signer, "ride"), key_of(signer).verify_key().bytes(), new_command_id(desk.now))
          .value();
  }

  Office office(Day today) { return {database_, writer_, book_, start_of(today, book_.zone)}; }

  /// A signed batch of one act a person.
  BatchId batch_of(int month) {
    const Day day = month_at(month);
    seal_acts(day);
    const Office desk = office(day + 40);
    const BatchId batch = compute_batch(desk, {ScenarioId{1}, day, day, true}).value();
    for (const Signer signer : {Signer::partner, Signer::authority})
      sign_batch(desk, batch, {signer, "", key_of(signer).sign(digest_to_sign(database_, batch))}).value();
    return batch;
  }

 private:
  void seal_acts(Day day) {
    Transaction transaction(database_);
    database_.execute(fmt::format("INSERT INTO sealed_days VALUES (1, {}, 0, NULL, {}, {}, {}, {}, '{{}}', 1, 0, 0, 0)",
                                  day.number, blob("00"), blob("00"), blob("01"), blob("00")));
    auto insert = database_.statement("INSERT INTO sealed_acts VALUES (1, ?, 0, ?, 0, 0, 0, '1', 0, 0, ?, ?, ?)");
    const Bytes inputs;
    for (std::int64_t i = 0; i < persons; ++i)
      insert.bind(day.number)
          .bind(person_at(i).value)
          .bind(static_cast<int>(Outcome::accepted))
          .bind(inputs)
          .bind(1'500'000 + i * 37 % 900'000)
          .add();
    insert.run();
    transaction.commit();
  }
  std::string blob(const char* hex) const {
    return is_server(database_.location()) ? fmt::format("decode('{}', 'hex')", hex) : fmt::format("x'{}'", hex);
  }

  Database& database_;
  Writer writer_;
  Rulebook book_;
};

double rate(double count, const std::function<void()>& work) {
  const Stopwatch watch;
  work();
  return count / watch.seconds();
}

// What the engine can take at most: six numbers a row, no key, large commits.
double append_rate(const std::string& path) {
  constexpr std::int64_t rows = persons * (months - 1), rows_a_commit = 50'000;
  Database database = Database::open_writer(path);
  database.execute("CREATE TABLE legs (account_id, batch_id, tranche, d_points, d_backing_mg, d_free_mg)");
  auto insert = database.statement("INSERT INTO legs VALUES (?, ?, ?, ?, ?, ?)");
  return rate(static_cast<double>(rows), [&] {
    for (std::int64_t row = 0; row < rows;) {
      Transaction transaction(database);
      for (const std::int64_t end = std::min(rows, row + rows_a_commit); row < end; ++row) {
        insert.bind(person_at(row % persons).value).bind(row % 24 + 1).bind(row % 24);
        insert.bind(-15).bind(-1'500'000).bind(0).run();
      }
      transaction.commit();
    }
  });
}

// Accounts a second; each has the lots that the caller knows of.
double clear_rate(Programme& programme, Day today) {
  const Stopwatch watch;
  const ExpiryReport report = expire_points(programme.office(today), {}).value();
  TANPUHUI_REQUIRE(report.accounts == persons, "every account has something to clear");
  return static_cast<double>(report.accounts) / watch.seconds();
}

double fold_rate(const std::function<FoldReport()>& fold) {
  const Stopwatch watch;
  const FoldReport report = fold();
  return static_cast<double>(report.entries) / watch.seconds();
}

int run(const std::string& folder, const std::string& server) {
  const TemporaryFolder scratch(folder);
  Database database = Database::open_writer(server.empty() ? scratch / "jobs.db" : server);
  Programme programme(database);
  std::vector<double> posted;
  for (int month = 0; month < months; ++month) {
    const BatchId batch = programme.batch_of(month);
    posted.push_back(rate(persons, [&] { post_batch(programme.office(month_at(month) + 40), batch).value(); }));
  }
  fmt::print("posting, first and last month   {:9.0f} {:9.0f} lines/s\n", posted.front(), posted.back());

  // Appends before and after: other work on the machine comes and goes.
  const double before = append_rate(scratch / "before.db");
  const double one = clear_rate(programme, add_years(month_at(0) + 40, 2) + 1);
  const double all = (months - 1) * clear_rate(programme, add_years(month_at(months - 1) + 40, 2) + 1);
  const double after = append_rate(scratch / "after.db");
  const double plain = (before + after) / 2;
  fmt::print("plain appends                   {:9.0f} {:9.0f} rows/s\n", before, after);
  fmt::print("clearing 1 lot of {} each       {:9.0f} lots/s, ratio {:.3f}\n", months, one, one / plain);
  fmt::print("clearing all {} lots each       {:9.0f} lots/s, ratio {:.3f} (goal {})\n", months - 1, all, all / plain,
             goal);

  fmt::print("netting                         {:9.0f} entries/s\n",
             fold_rate([&] { return net_balances(database, {}); }));
  const double lines = fold_rate([&] { return project_lines(database, {Day{99'999}, Zone{480}}, {}); });
  const auto count = [&](const char* sql) { return static_cast<double>(database.statement(sql).run_integer()); };
  fmt::print("lines for readers               {:9.0f} entries/s, {:.0f} rows/s\n", lines,
             lines * count("SELECT count(*) FROM posting_lines") / count("SELECT count(*) FROM entries"));
  return all / plain >= goal ? 0 : 1;
}

}  // namespace
}  // namespace tanpuhui

int main(int count, char** arguments) {
  return tanpuhui::run(count > 1 ? arguments[1] : "/tmp", count > 2 ? arguments[2] : "");
}
