#pragma once
/// Scenarios of the register.
#include <optional>
#include <string_view>
#include <vector>

#include "rooms/scenario/scenario.h"
#include "store/database.h"

namespace tanpuhui {

std::optional<Scenario> find_scenario(Database& database, std::string_view name);
std::optional<Scenario> find_scenario(Database& database, ScenarioId id);
/// In order of their numbers.
std::vector<Scenario> list_scenarios(Database& database);

}  // namespace tanpuhui
