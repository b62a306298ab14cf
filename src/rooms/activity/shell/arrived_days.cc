#include "rooms/activity/shell/arrived_days.h"

#include "base/cbor.h"
#include "crypto/hash.h"

namespace tanpuhui {

std::vector<ArrivedDay> list_arrived_days(Database& database, ScenarioId scenario, Day until) {
  std::vector<ArrivedDay> days;
  CborWriter identity;
  auto rows = database.statement(
      "SELECT r.day, r.run_id, r.arrival_id, r.chunk_no FROM arrived_runs r JOIN arrivals a USING (arrival_id) "
      "WHERE r.scenario_id = ? AND r.day <= ? AND a.state = 'complete' ORDER BY r.day, r.arrival_id, r.chunk_no");
  rows.bind(scenario.value).bind(until.number);
  const auto finish = [&] {
    if (!days.empty()) days.back().digest = sha256(identity.take());
    identity = CborWriter();
  };
  while (rows.step()) {
    const Day day{static_cast<std::int32_t>(rows.integer(0))};
    if (days.empty() || days.back().day != day) {
      finish();
      days.push_back({day, {}, {}});
    }
    days.back().run_ids.push_back(rows.integer(1));
    identity.integer(rows.integer(2)).integer(rows.integer(3));
  }
  finish();
  return days;
}

}  // namespace tanpuhui
