/// A year of real rides in rows and packed: bytes an act, and how long the last 20 acts of a person take.
///
///   pack_bench MIBICI_OUT_FOLDER [SCRATCH_FOLDER]
///
/// Goals: at most 80 bytes an act, index and all; 99 of 100 persons in less than 5 ms.
#include <limits>

#include <fmt/format.h>

#include "rooms/activity/shell/find_acts.h"
#include "rooms/activity/shell/pack_rounds.h"
#include "year_of_rides.h"

namespace tanpuhui {
namespace {

constexpr std::size_t acts_of_a_page = 20;
constexpr int rounds = 3;  // the fastest counts: others use the machine too

/// Takes the place of batches that were computed, signed and posted.
void post_all(Database& database) {
  database.execute(
      "INSERT INTO batches(batch_id, scenario_id, period_from, period_until, methodology, methodology_hash, "
      "rulebook_hash, acts_digest, digest, persons, records, issued_mg, serial_next_mg, state, "
      "partner_signature, authority_signature) SELECT 1, scenario_id, "
      "0, 0, methodology, methodology_hash, x'', x'', x'', 0, 0, 0, 0, 'posted', x'', x'' FROM scenarios; "
      "UPDATE sealed_days SET batch_id = 1");
}

std::vector<std::int64_t> persons_of(Database& database) {
  std::vector<std::int64_t> persons;
  auto rows = database.statement("SELECT DISTINCT account_id FROM sealed_acts");
  while (rows.step()) persons.push_back(rows.integer(0));
  return persons;
}

struct Times {
  double median_ms = 0, slow_ms = 0, slowest_ms = 0;  // slow: 99 of 100 are faster
  std::size_t acts = 0;
};

Times find_all(Database& database, const std::vector<std::int64_t>& persons) {
  std::vector<double> each;
  Times times;
  for (const std::int64_t person : persons) {
    double fastest = std::numeric_limits<double>::max();
    for (int round = 0; round < rounds; ++round) {
      const Stopwatch watch;
      const std::size_t found = find_acts(database, AccountId{person}, acts_of_a_page).size();
      fastest = std::min(fastest, watch.seconds() * 1000);
      if (round == 0) times.acts += found;
    }
    each.push_back(fastest);
  }
  std::ranges::sort(each);
  times.median_ms = each[each.size() / 2];
  times.slow_ms = each[each.size() * 99 / 100];
  times.slowest_ms = each.back();
  return times;
}

std::int64_t pages_in_use(Database& database) {
  return (database.statement("PRAGMA page_count").run_integer() -
          database.statement("PRAGMA freelist_count").run_integer()) *
         database.statement("PRAGMA page_size").run_integer();
}

std::int64_t bytes_of(Database& database, const std::string& table) {
  return database
      .statement("SELECT sum(pgsize) FROM dbstat WHERE name = ? OR name LIKE 'sqlite_autoindex_' || ? || '%'")
      .bind(table)
      .bind(table)
      .run_integer();
}

int run(const std::string& folder, const std::string& scratch_folder) {
  const TemporaryFolder scratch(scratch_folder);
  Programme programme(scratch / "year.db", folder);
  Database& database = programme.database;
  for (const std::string& file : month_files(folder)) programme.ingest(file);
  const std::int64_t acts = programme.seal().rows;
  post_all(database);
  const std::vector<std::int64_t> persons = persons_of(database);
  const Digest before = sealed_digest(database, programme.scenario, Day{0}, Day{INT32_MAX});
  const std::int64_t in_rows = bytes_of(database, "sealed_acts"), pages_before = pages_in_use(database);
  const Times rows = find_all(database, persons);

  const Stopwatch watch;
  const PackReport report = pack_rounds(database, {});
  const double seconds = watch.seconds();
  const Times packed = find_all(database, persons);
  const bool same = before == sealed_digest(database, programme.scenario, Day{0}, Day{INT32_MAX}) &&
                    packed.acts == rows.acts && report.acts == acts && report.damaged.empty();

  const auto an_act = [acts](std::int64_t bytes) { return static_cast<double>(bytes) / static_cast<double>(acts); };
  const double segments = an_act(bytes_of(database, "act_segments")),
               index = an_act(bytes_of(database, "account_days"));
  fmt::print("{} acts, {} persons; packed in {:.2f} s: {:.0f} acts/s\n", acts, persons.size(), seconds,
             static_cast<double>(acts) / seconds);
  fmt::print("bytes an act: {:.1f} in rows; {:.1f} compressed, {:.1f} in pages, {:.1f} with account_days (goal 80)\n",
             an_act(in_rows), an_act(report.bytes), segments, segments + index);
  fmt::print("pages in use: {} before, {} after, {} less an act\n", pages_before, pages_in_use(database),
             (pages_before - pages_in_use(database)) / acts);
  fmt::print(
      "last {} acts, ms: in rows median {:.2f}, 99 % {:.2f}, slowest {:.2f}; packed {:.2f}, {:.2f}, {:.2f} (goal 5)\n",
      acts_of_a_page, rows.median_ms, rows.slow_ms, rows.slowest_ms, packed.median_ms, packed.slow_ms,
      packed.slowest_ms);
  if (!same) fmt::print("WRONG: the packed acts are not those that were sealed\n");
  fmt::print("ratio {:.3f} of the rows' bytes\n", (segments + index) / an_act(in_rows));
  return same && segments + index <= 80 && packed.slow_ms < 5 ? 0 : 1;
}

}  // namespace
}  // namespace tanpuhui

int main(int count, char** arguments) {
  if (count < 2) {
    fmt::print(stderr, "usage: pack_bench MIBICI_OUT_FOLDER [SCRATCH_FOLDER]\n");
    return 2;
  }
  return tanpuhui::run(arguments[1], count > 2 ? arguments[2] : "/tmp");
}
