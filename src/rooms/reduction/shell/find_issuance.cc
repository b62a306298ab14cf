#include "rooms/reduction/shell/find_issuance.h"

#include <algorithm>

namespace tanpuhui {
namespace {

Day read_day(const Statement& row, int column) { return Day{static_cast<std::int32_t>(row.integer(column))}; }

}  // namespace

std::optional<Standing> find_issuance(Database& database, BatchId batch) {
  const auto all = standings_of(database, issuance_thing, std::to_string(batch.value));
  const auto issued = std::ranges::find(all, "issued", &Standing::word);
  if (issued == all.end()) return std::nullopt;
  return *issued;
}

std::vector<Issuance> list_issuances(Database& database, ScenarioId scenario) {
  std::vector<Issuance> issuances;
  auto rows = database.statement(
      "SELECT batch_id, period_from, period_until FROM batches WHERE scenario_id = ? ORDER BY batch_id DESC");
  rows.bind(scenario.value);
  while (rows.step()) issuances.push_back({BatchId{rows.integer(0)}, read_day(rows, 1), read_day(rows, 2), {}});
  std::erase_if(issuances, [&](Issuance& issuance) {
    const auto issued = find_issuance(database, issuance.batch);
    if (!issued) return true;
    issuance.issued_on = issued->from;
    issuance.case_number = issued->case_number;
    return false;
  });
  return issuances;
}

std::vector<BatchId> find_held_batches(Database& database) {
  std::vector<BatchId> held;
  auto rows = database.statement("SELECT batch_id FROM batches WHERE held = 1 ORDER BY batch_id");
  while (rows.step()) held.push_back(BatchId{rows.integer(0)});
  return held;
}

}  // namespace tanpuhui
