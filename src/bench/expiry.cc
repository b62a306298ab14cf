/// The clearing run over accounts with two years of lots, against plain appends of rows of a leg's size.
#include <fmt/format.h>

#include "bench/cases.h"
#include "bench/engine.h"
#include "bench/measure.h"
#include "bench/people.h"
#include "rooms/points/shell/expire.h"

namespace tanpuhui {
namespace {

/// Clears what the months up to `last` granted and was not cleared before. Lots a second.
double clear_rate(Office& office, int last, std::int64_t lots) {
  office.now = start_of(expires_on(last) + 1, office.book.zone);
  const Stopwatch watch;
  const ExpiryReport report = must(expire_points(office, {}));
  move_log(office.database);
  const double rate = watch.rate(lots);
  TANPUHUI_REQUIRE(report.points > Points(), "something expired");
  return rate;
}

}  // namespace

CaseResult measure_expiry(const Ground& ground) {
  CaseResult result{"expiry",
                    "lots cleared of accounts with 24 monthly lots; against plain appends of rows of a leg's "
                    "size"};
  const std::int64_t persons = ground.size(200, 60'000);
  BenchProgramme programme(ground, "expiry", start_of(history_ends(), ground.options().book->zone));
  ground.say("expiry: two years of lots");
  load_people(programme.office(), persons, 0);
  Figure plain{append_legs_name(), "rows/s", {}};
  Figure month{"one lot of each account", "lots/s", {}}, seven{"seven lots of each account", "lots/s", {}};
  std::int64_t written = 0;
  for (int round = 0; round < rounds; ++round) {
    plain.rounds.push_back(append_legs_rate(ground, persons * 7));
    const std::int64_t before = bytes_written(programme.database());
    month.rounds.push_back(clear_rate(programme.office(), round, persons));
    written += bytes_written(programme.database()) - before;
  }
  for (int round = 0; round < rounds; ++round) {
    plain.rounds.push_back(append_legs_rate(ground, persons * 7));
    seven.rounds.push_back(clear_rate(programme.office(), 9 + 7 * round, persons * 7));
    ground.say(fmt::format("expiry: round {} of {}", round + 1, rounds));
  }
  const std::vector<double> limit(rounds, plain.value());
  result.figures = {plain, month, seven};
  result.figures.push_back({"one lot of each account / plain appends", "ratio", ratios(month.rounds, limit)});
  result.figures.push_back(
      {"seven lots of each account / plain appends", "ratio", ratios(seven.rounds, limit), at_least(0.4)});
  result.figures.push_back({"written for an account with one lot to clear",
                            "KB",
                            {static_cast<double>(written) / 1024 / static_cast<double>(persons * rounds)}});
  result.notes.push_back(fmt::format("{} accounts; the goal is judged where seven of 24 lots go at once", persons));
  return result;
}

}  // namespace tanpuhui
