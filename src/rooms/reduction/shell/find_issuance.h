#pragma once
/// Batches that a case issued, where the rulebook issues on application (`by_case`). What a case made of a batch is a
/// standing of it, bound to the digest of its content. Basis: sip25.a16p2, AMB-53
#include <optional>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "cases/standings.h"

namespace tanpuhui {

inline constexpr std::string_view issuance_thing = "issuance";  ///< name: number of the batch; detail: its digest

/// By which case it was issued, and when; none while it is not.
std::optional<Standing> find_issuance(Database& database, BatchId batch);
/// All that were issued of a scenario, the last one first.
struct Issuance {
  BatchId batch;
  Day period_from, period_until;  ///< both inclusive
  Day issued_on;
  std::int64_t case_number = 0;
};
std::vector<Issuance> list_issuances(Database& database, ScenarioId scenario);

/// Batches that may not be used yet. A batch is held from its computing on, long before anything of it is posted, until
/// the step of its case that releases it. None under a rulebook without such a hold.
std::vector<BatchId> find_held_batches(Database& database);

}  // namespace tanpuhui
