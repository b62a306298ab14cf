#pragma once
/// Scenarios of the register.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/ids.h"
#include "base/time.h"
#include "store/sqlite.h"

namespace tanpuhui {

struct Scenario {
  ScenarioId id;
  std::string name;  ///< how records and commands name it
  std::string title_zh, title_en;
  std::string developer;
  std::string methodology;  ///< id and version: `bike-demo/v1`
  Digest methodology_hash{};
  Day live_from;
  std::optional<Day> live_until;
  std::int32_t lateness_days = 30;
  std::string status;  ///< `live`
};

std::optional<Scenario> find_scenario(Database& database, std::string_view name);
std::optional<Scenario> find_scenario(Database& database, ScenarioId id);
std::vector<Scenario> list_scenarios(Database& database);

}  // namespace tanpuhui
