#pragma once
/// Which runs of complete files there are for a day, as the seal takes them.
#include <vector>

#include "base/bytes.h"
#include "base/ids.h"
#include "base/time.h"
#include "store/database.h"

namespace tanpuhui {

struct ArrivedDay {
  Day day;
  std::vector<std::int64_t> run_ids;
  Digest digest{};  ///< of which runs they are
};

/// By day; files that are still on their way are not looked at.
std::vector<ArrivedDay> list_arrived_days(Database& database, ScenarioId scenario, Day until);

}  // namespace tanpuhui
