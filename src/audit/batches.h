#pragma once
/// Each batch by itself: its totals are those of its lines, its digests those of its content, its signatures good or a
/// case issued it, and its serials as many as left circulation. What the lines hold is compared with acts
/// (sealed_days.h) and with entries (posts.h).
#include "audit/findings.h"
#include "audit/signatures.h"
#include "store/database.h"

namespace tanpuhui {

/// Returns how many batches there are.
std::int64_t check_batches(Database& database, const Rulebook& book, const BatchActs& acts, Findings& findings);

}  // namespace tanpuhui
