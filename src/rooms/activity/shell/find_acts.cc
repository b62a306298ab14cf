#include "rooms/activity/shell/find_acts.h"

#include <algorithm>

namespace tanpuhui {
namespace {

constexpr std::size_t id_prefix = 9;  // 20250131-

// Columns: scenario, day, round, started_at, duration, suffix, revision, outcome, inputs, reduction, batch.
#define TANPUHUI_ACT_COLUMNS                                                                                       \
  "a.scenario_id, a.day, a.round, a.started_at, a.duration_ms, a.record_suffix, a.revision, a.outcome, a.inputs, " \
  "a.reduction_mg, d.batch_id FROM sealed_acts a JOIN sealed_days d USING (scenario_id, day, round) "

FoundAct read_act(const Statement& row) {
  FoundAct act;
  act.scenario.value = row.integer(0);
  act.day.number = static_cast<std::int32_t>(row.integer(1));
  act.round = row.integer(2);
  act.record_id = format_compact_day(act.day) + "-" + std::string(row.text(5));
  act.started_at.ms = row.integer(3);
  act.duration_ms = row.integer(4);
  act.revision = row.integer(6);
  act.outcome = static_cast<Outcome>(row.integer(7));
  act.fields.assign(row.blob(8).begin(), row.blob(8).end());
  act.reduction = Milligrams(row.integer(9));
  if (!row.is_null(10)) act.batch = BatchId{row.integer(10)};
  return act;
}

}  // namespace

std::vector<FoundAct> find_acts(Database& database, AccountId account, std::size_t limit, std::optional<Day> until) {
  std::vector<FoundAct> found;
  auto days = database.statement(
      "SELECT DISTINCT scenario_id, day, round FROM sealed_days WHERE day <= ? ORDER BY day DESC, scenario_id, round");
  days.bind(until ? until->number : INT32_MAX);
  std::int64_t last_day = INT64_MIN;
  while (days.step()) {
    if (found.size() >= limit && days.integer(1) != last_day) break;
    last_day = days.integer(1);
    auto rows =
        database.statement("SELECT " TANPUHUI_ACT_COLUMNS
                           "WHERE a.scenario_id = ? AND a.day = ? AND a.round = ? AND a.account_id = ? ORDER BY a.n");
    rows.bind(days.integer(0)).bind(last_day).bind(days.integer(2)).bind(account.value);
    while (rows.step()) found.push_back(read_act(rows));
  }
  std::stable_sort(found.begin(), found.end(), [](const FoundAct& a, const FoundAct& b) {
    return a.day != b.day ? a.day > b.day : a.started_at > b.started_at;
  });
  if (found.size() > limit) found.resize(limit);
  return found;
}

std::vector<FoundAct> find_record(Database& database, ScenarioId scenario, std::string_view record_id) {
  std::vector<FoundAct> found;
  const auto day = parse_compact_day(record_id.substr(0, id_prefix - 1));
  if (!day || record_id.size() <= id_prefix) return found;
  auto rows = database.statement("SELECT " TANPUHUI_ACT_COLUMNS
                                 "WHERE a.scenario_id = ? AND a.day = ? AND a.record_suffix = ? ORDER BY a.round, a.n");
  rows.bind(scenario.value).bind(day->number).bind(record_id.substr(id_prefix));
  while (rows.step()) found.push_back(read_act(rows));
  return found;
}

#undef TANPUHUI_ACT_COLUMNS

}  // namespace tanpuhui
