#pragma once
/// A person's acts, newest first: read day by day until there are enough, of packed days only those that have some.
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.h"
#include "base/quantity.h"
#include "base/time.h"
#include "rooms/activity/outcomes.h"
#include "store/database.h"

namespace tanpuhui {

struct FoundAct {
  ScenarioId scenario;
  Day day;
  std::int64_t round = 1;
  std::int64_t n = 0;  ///< which of the account's acts in that round
  std::string record_id;
  Instant started_at;
  std::int64_t duration_ms = 0;
  std::int64_t revision = 0;
  Outcome outcome = Outcome::accepted;
  Bytes fields;  ///< `read_fields` reads it
  Milligrams reduction;
  std::optional<BatchId> batch;  ///< none: the round is open
};

/// At most `limit` acts. `until`: the last day to look at; a further page begins on the day of the last act found.
std::vector<FoundAct> find_acts(Database& database, AccountId account, std::size_t limit,
                                std::optional<Day> until = std::nullopt);

/// The one record with this id; empty when no day has sealed it. Several rows when contents of the id differ.
std::vector<FoundAct> find_record(Database& database, ScenarioId scenario, std::string_view record_id);

}  // namespace tanpuhui
