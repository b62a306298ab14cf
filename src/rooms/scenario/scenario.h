#pragma once
/// Scenarios: what a partner's acts belong to - a developer, a methodology, the days on which it is live, and how late
/// records may come.
///
///   TANPUHUI_TRY(const bool is_new, decide_record_scenario(record, facts));
///
/// Basis: js24.a17
#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "base/bytes.h"
#include "base/ids.h"
#include "base/result.h"
#include "base/time.h"

namespace tanpuhui {

/// As it stands in the register.
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

/// What is to be recorded.
struct ScenarioRecord {
  std::string name;  ///< 1 to 64 of a-z, 0-9 and -, beginning with a letter or a digit
  std::string title_zh, title_en, developer, methodology;
  Digest methodology_hash{};
  Day live_from;
  std::optional<Day> live_until;
  std::int32_t lateness_days = 30;             ///< 0 to 366
  std::array<std::uint8_t, 32> partner_key{};  ///< Ed25519, with which the partner signs its batches
};

/// What stands under the same name.
struct ScenarioFacts {
  std::optional<Scenario> scenario;
  std::optional<std::array<std::uint8_t, 32>> partner_key;
};

/// True when it is new, false when the same record stands already. Refuses, in this order: DAT-06 name, titles or key
/// missing or ill-formed; SCN-02 no methodology; DAT-08 lateness or days; SCN-04 the name stands for another record or
/// another partner's key.
Result<bool> decide_record_scenario(const ScenarioRecord& record, const ScenarioFacts& facts);

}  // namespace tanpuhui
