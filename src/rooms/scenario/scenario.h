#pragma once
/// Scenarios: what a partner's acts belong to - a developer, a methodology, the days on which it is live, and how late
/// records may come.
///
///   TANPUHUI_TRY(const bool is_new, decide_record_scenario(record, facts));
///
/// Basis: js24.a17, js24.a20, js24.a24, sip25.a13
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
  std::int64_t case_number = 0;                ///< under which it was filed or recognised
};

/// What stands.
struct ScenarioFacts {
  std::optional<Scenario> scenario;                         ///< under the same name
  std::optional<std::array<std::uint8_t, 32>> partner_key;  ///< likewise
  bool case_lets_connect = false;   ///< its case stands as filed, recognised or further, and has not ended
  bool case_is_of_another = false;  ///< another scenario was recorded under the case
  std::string published_hash;       ///< of the methodology's formula, hexadecimal; empty: it is not published
};

/// True when it is new, false when the same record stands already. Refuses, in this order: DAT-06 name, titles or key
/// missing or ill-formed; SCN-02 no methodology; DAT-08 lateness or days; SCN-04 the name stands for another record or
/// another partner's key, or the case for another scenario; SCN-05 it was neither filed nor recognised; MET-04 the
/// methodology was not published, or with another formula.
Result<bool> decide_record_scenario(const ScenarioRecord& record, const ScenarioFacts& facts);

}  // namespace tanpuhui
