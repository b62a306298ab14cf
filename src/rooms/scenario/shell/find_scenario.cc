#include "rooms/scenario/shell/find_scenario.h"

#include <algorithm>

#include "base/check.h"

namespace tanpuhui {
namespace {

// Each text ends with what differs; all give the same columns.
constexpr std::string_view by_name =
    "SELECT scenario_id, name, title_zh, title_en, developer, methodology, methodology_hash, live_from, live_until, "
    "lateness_days, status FROM scenarios WHERE name = ?";
constexpr std::string_view by_id =
    "SELECT scenario_id, name, title_zh, title_en, developer, methodology, methodology_hash, live_from, live_until, "
    "lateness_days, status FROM scenarios WHERE scenario_id = ?";
constexpr std::string_view all =
    "SELECT scenario_id, name, title_zh, title_en, developer, methodology, methodology_hash, live_from, live_until, "
    "lateness_days, status FROM scenarios ORDER BY scenario_id";

Day read_day(const Statement& row, int column) { return Day{static_cast<std::int32_t>(row.integer(column))}; }

Scenario read_scenario(const Statement& row) {
  Scenario scenario;
  scenario.id = ScenarioId{row.integer(0)};
  scenario.name = std::string(row.text(1));
  scenario.title_zh = std::string(row.text(2));
  scenario.title_en = std::string(row.text(3));
  scenario.developer = std::string(row.text(4));
  scenario.methodology = std::string(row.text(5));
  const ByteView hash = row.blob(6);
  TANPUHUI_REQUIRE(hash.size() == scenario.methodology_hash.size(), "the hash of a methodology has 32 bytes");
  std::ranges::copy(hash, scenario.methodology_hash.begin());
  scenario.live_from = read_day(row, 7);
  if (!row.is_null(8)) scenario.live_until = read_day(row, 8);
  scenario.lateness_days = static_cast<std::int32_t>(row.integer(9));
  scenario.status = std::string(row.text(10));
  return scenario;
}

std::optional<Scenario> first_of(Statement& rows) {
  if (!rows.step()) return std::nullopt;
  return read_scenario(rows);
}

/// What of `span` lies in `frame`; none when nothing does.
std::optional<DaySpan> common_days(const DaySpan& span, const DaySpan& frame) {
  DaySpan common{std::max(span.from, frame.from), span.until ? span.until : frame.until};
  if (common.until && frame.until) common.until = std::min(*common.until, *frame.until);
  if (common.until && *common.until < common.from) return std::nullopt;
  return common;
}

}  // namespace

std::optional<Scenario> find_scenario(Database& database, std::string_view name) {
  auto rows = database.statement(by_name);
  rows.bind(name);
  return first_of(rows);
}

std::optional<Scenario> find_scenario(Database& database, ScenarioId id) {
  auto rows = database.statement(by_id);
  rows.bind(id.value);
  return first_of(rows);
}

std::vector<Scenario> list_scenarios(Database& database) {
  std::vector<Scenario> scenarios;
  auto rows = database.statement(all);
  while (rows.step()) scenarios.push_back(read_scenario(rows));
  return scenarios;
}

std::optional<std::int64_t> find_case_of(Database& database, const std::string& scenario) {
  auto row = database.statement("SELECT case_id FROM scenario_cases WHERE scenario = ?");
  if (!row.bind(scenario).step()) return std::nullopt;
  return row.integer(0);
}

std::optional<Scenario> find_scenario_of_case(Database& database, std::int64_t case_number) {
  auto row = database.statement("SELECT scenario FROM scenario_cases WHERE case_id = ?");
  if (!row.bind(case_number).step()) return std::nullopt;
  return find_scenario(database, row.text(0));
}

std::vector<Standing> standings_of_object(Database& database, std::int64_t case_number) {
  const std::string name = std::to_string(case_number);
  auto standings = standings_of(database, scenario_thing, name);
  return standings.empty() ? standings_of(database, project_thing, name) : standings;
}

bool is_project(Database& database, const std::string& scenario) {
  const auto number = find_case_of(database, scenario);
  return number && !standings_of(database, project_thing, std::to_string(*number)).empty();
}

std::vector<DaySpan> live_days(Database& database, const Scenario& scenario) {
  const DaySpan recorded{scenario.live_from, scenario.live_until};
  const auto number = find_case_of(database, scenario.name);
  if (!number) return {recorded};
  return days_within(days_as(standings_of_object(database, *number), "live"), recorded);
}

std::vector<DaySpan> days_within(const std::vector<DaySpan>& days, const DaySpan& frame) {
  std::vector<DaySpan> within;
  for (const DaySpan& span : days)
    if (const auto common = common_days(span, frame)) within.push_back(*common);
  return within;
}

std::vector<DaySpan> methodology_days(Database& database, const Scenario& scenario) {
  if (!find_case_of(database, scenario.name)) return {all_days};
  return days_as(standings_of(database, methodology_thing, scenario.methodology), "in_force");
}

}  // namespace tanpuhui
