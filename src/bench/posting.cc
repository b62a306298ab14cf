/// Posting of signed batches to accounts with two years of lots, against plain appends of rows of a leg's size.
#include <fmt/format.h>

#include "bench/cases.h"
#include "bench/engine.h"
#include "bench/measure.h"
#include "bench/people.h"
#include "bench/rides.h"
#include "rooms/reduction/shell/post_batch.h"

namespace tanpuhui {
namespace {

std::vector<AccountId> accounts_of(Database& database) {
  std::vector<AccountId> accounts;
  auto rows = database.statement("SELECT DISTINCT account_id FROM consents ORDER BY account_id");
  while (rows.step()) accounts.push_back(AccountId{rows.integer(0)});
  return accounts;
}

}  // namespace

CaseResult measure_posting(const Ground& ground) {
  CaseResult result{"posting",
                    "lines of a signed batch posted to accounts with 24 monthly lots, the sealed acts summed "
                    "again before; against plain appends of rows of a leg's size"};
  const RideFiles files = draw_rides(ground, ground.size(200, 30'000), rounds, 1);
  RideProgramme programme(ground, "posting", files);
  ground.say("posting: two years of lots");
  const std::vector<AccountId> accounts = accounts_of(programme.database());
  History(programme.office(), 0).load(accounts);
  programme.ingest(files.records.front());
  programme.seal();
  settle(programme.database());
  Figure plain{append_legs_name(), "rows/s", {}}, ours{"lines of a batch posted", "lines/s", {}};
  std::int64_t lines = 0, written = 0;
  for (int round = 0; round < rounds; ++round) {
    plain.rounds.push_back(append_legs_rate(ground, std::ssize(accounts)));
    const Day day = day_of({2025, 1, 1}) + round;
    const BatchId batch = programme.compute(day, day);
    programme.sign(batch);
    const std::int64_t before = bytes_written(programme.database());
    const Stopwatch watch;
    const std::int64_t posted = must(post_batch(programme.office(), batch)).persons;
    move_log(programme.database());
    ours.rounds.push_back(watch.rate(posted));
    written += bytes_written(programme.database()) - before;
    lines += posted;
    ground.say(fmt::format("posting: round {} of {}", round + 1, rounds));
  }
  result.figures = {plain, ours};
  result.figures.push_back({"lines posted / plain appends", "ratio", ratios(ours.rounds, plain.rounds)});
  result.figures.push_back(
      {"written a line", "KB", {static_cast<double>(written) / 1024 / static_cast<double>(lines)}});
  result.notes.push_back(fmt::format("{} accounts, {} lines in {} batches", accounts.size(), lines, rounds));
  return result;
}

}  // namespace tanpuhui
