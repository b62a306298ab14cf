#pragma once
/// What acts come to when some of the records that were sealed did not count: their months are sealed again without
/// them, in memory, and the difference is told by account and batch.
///
///   auto changes = find_sums_without(reader, request);      // e.g. account 7, batch 3: -1.2 kg
///
/// Followed to the end of the month of the last record and one day beyond: caps end with a month, and an act that
/// reaches into the next day ends there. References are those of the seal. Basis: js24.a22p2, decisions D10, D12
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.h"
#include "base/quantity.h"
#include "base/result.h"
#include "methodology/methodology.h"
#include "store/database.h"

namespace tanpuhui {

/// By day and what follows the day in the record's id; true: only the version that was accepted is left out, so that
/// one that came later may stand.
using LeftOutRecords = std::map<Day, std::map<std::string, bool, std::less<>>>;

struct SumsRequest {
  ScenarioId scenario;
  const Methodology* methodology = nullptr;  ///< under which all of the rounds were sealed
  Zone zone;
  LeftOutRecords before;  ///< left out by what was corrected earlier
  LeftOutRecords now;     ///< left out in addition, at least one
  std::function<void(std::int64_t done, std::int64_t rounds)> progress = {};  ///< may be empty
};

struct SumChange {
  AccountId account;
  std::optional<BatchId> batch;  ///< that closed the acts; none: they are in no batch yet
  Milligrams reduction;          ///< now less before
  std::int64_t records = 0;      ///< likewise
};

struct SumsFound {
  std::vector<SumChange> changes;  ///< by account, then batch, without those that change nothing
  Day first, last;                 ///< days that were sealed again
};

/// DAT-06 names a record that is not accepted in the scenario, or (before and now alike) not sealed at all.
Result<SumsFound> find_sums_without(Database& reader, const SumsRequest& request);

/// `20250303-17` as day and `17`; none when it is no record id.
std::optional<std::pair<Day, std::string>> split_record_id(const std::string& record_id);

}  // namespace tanpuhui
