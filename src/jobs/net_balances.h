#pragma once
/// Netting: system and escrow accounts receive legs only, so that none of them is a hot row; this job sums the legs.
///
///   net_balances(writer, {});
///   for (const NettedBalance& held : list_netted(database)) ...      // as of the head of job `net`
///
/// Basis: design.7
#include "jobs/fold_entries.h"

namespace tanpuhui {

inline constexpr std::string_view net_job = "net";

FoldReport net_balances(Database& writer, const FoldOptions& options);

/// Of one account over all batches.
struct NettedBalance {
  AccountId account;
  Points points;
  Milligrams mg;
  bool operator==(const NettedBalance&) const = default;
};
/// By account. Sums over all of history in one read of a small table.
std::vector<NettedBalance> list_netted(Database& database);

}  // namespace tanpuhui
