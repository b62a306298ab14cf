#pragma once
/// Scenarios of the register.
#include <optional>
#include <string_view>
#include <vector>

#include "base/day_span.h"
#include "cases/standings.h"
#include "rooms/scenario/scenario.h"
#include "store/database.h"

namespace tanpuhui {

std::optional<Scenario> find_scenario(Database& database, std::string_view name);
std::optional<Scenario> find_scenario(Database& database, ScenarioId id);
/// In order of their numbers.
std::vector<Scenario> list_scenarios(Database& database);

/// The case under which it was filed or recognised; none of a scenario of an older programme.
std::optional<std::int64_t> find_case_of(Database& database, const std::string& scenario);

/// What was recorded under that case; none when nothing was.
std::optional<Scenario> find_scenario_of_case(Database& database, std::int64_t case_number);
/// What the scenario or project of that case stood and stands as, in order.
std::vector<Standing> standings_of_object(Database& database, std::int64_t case_number);

/// It was recorded under the case of a project: its acts are those of meters, credited to their owner.
bool is_project(Database& database, const std::string& scenario);

/// The days of acts that count: the scenario is live by its record and by its case. A scenario of an older programme,
/// which has no case, is live by its record alone. Basis: js24.a21, js24.a22
std::vector<DaySpan> live_days(Database& database, const Scenario& scenario);
/// What of the days lies in the frame, e.g. since the rulebook is in force. Basis: AMB-15
std::vector<DaySpan> days_within(const std::vector<DaySpan>& days, const DaySpan& frame);
/// The days on which its methodology is in force; of a scenario without a case, all that the formula knows.
/// Basis: js24.a24
std::vector<DaySpan> methodology_days(Database& database, const Scenario& scenario);

}  // namespace tanpuhui
