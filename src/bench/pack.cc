/// The same year packed: bytes an act, and how long the last 20 acts of a person take, in rows and packed.
#include <algorithm>
#include <limits>

#include <fmt/format.h>

#include "bench/cases.h"
#include "bench/engine.h"
#include "bench/measure.h"
#include "bench/year.h"
#include "rooms/activity/shell/find_acts.h"
#include "rooms/activity/shell/pack_rounds.h"

namespace tanpuhui {
namespace {

constexpr std::size_t acts_asked = 20;

// In place of signatures and entries: packing asks only for the state.
void post_all(Database& database) {
  const Bytes none;
  database.statement("UPDATE batches SET state = 'posted', partner_signature = ?, authority_signature = ?")
      .bind(none)
      .bind(none)
      .run();
}

std::vector<AccountId> persons_of(Database& database) {
  std::vector<AccountId> persons;
  auto rows = database.statement("SELECT DISTINCT account_id FROM sealed_acts ORDER BY account_id");
  while (rows.step()) persons.push_back(AccountId{rows.integer(0)});
  return persons;
}

struct Times {
  std::vector<double> each_ms;  ///< one a person, sorted
  std::size_t acts = 0;

  /// Of a hundred persons, so many are faster.
  double at_hundredth(std::size_t hundredth) const { return each_ms[each_ms.size() * hundredth / 100]; }
};

// The fastest of some rounds counts: others use the machine too.
Times find_all(Database& database, const std::vector<AccountId>& persons) {
  Times times;
  for (const AccountId person : persons) {
    double fastest = std::numeric_limits<double>::max();
    for (int round = 0; round < rounds; ++round) {
      const Stopwatch watch;
      const std::size_t found = find_acts(database, person, acts_asked).size();
      fastest = std::min(fastest, watch.seconds() * 1000);
      if (round == 0) times.acts += found;
    }
    times.each_ms.push_back(fastest);
  }
  std::ranges::sort(times.each_ms);
  return times;
}

}  // namespace

CaseResult measure_pack(const Ground& ground) {
  CaseResult result{"pack",
                    "acts of closed days: bytes an act with all indexes, and a person's last 20 acts, in rows and "
                    "packed"};
  const RideFiles files = year_of_rides(ground);
  RideProgramme programme(ground, "pack", files);
  Database& database = programme.database();
  for (const std::string& file : files.records) programme.ingest(file);
  const std::int64_t acts = programme.seal().rows;
  programme.compute(day_of({2025, 1, 1}), day_of({2025, 12, 31}));
  post_all(database);
  settle(database);
  const auto bytes_an_act = [&](const std::string& table) {
    return static_cast<double>(table_bytes(database, table)) / static_cast<double>(acts);
  };
  const std::vector<AccountId> persons = persons_of(database);
  const double in_rows = bytes_an_act("sealed_acts");
  const Times rows = find_all(database, persons);

  const Stopwatch watch;
  const PackReport report = pack_rounds(database, {});
  const double packing = watch.rate(acts);
  settle(database);
  const Times packed = find_all(database, persons);
  if (!report.damaged.empty() || report.acts != acts || packed.acts != rows.acts)
    throw Fault("the packed acts are not those that were sealed");

  result.figures = {
      {"act in rows", "bytes", {in_rows}},
      {"act packed", "bytes", {bytes_an_act("act_segments") + bytes_an_act("account_days")}, at_most(80)},
      {"packing", "acts/s", {packing}},
      {"last 20 acts in rows, median", "ms", {rows.at_hundredth(50)}},
      {"last 20 acts in rows, 99 of 100 persons", "ms", {rows.at_hundredth(99)}},
      {"last 20 acts packed, median", "ms", {packed.at_hundredth(50)}},
      {"last 20 acts packed, 99 of 100 persons", "ms", {packed.at_hundredth(99)}, at_most(5)},
  };
  result.notes.push_back(
      fmt::format("{} acts of {} persons; each asked {} times, the fastest counts", acts, persons.size(), rounds));
  return result;
}

}  // namespace tanpuhui
