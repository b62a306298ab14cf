#pragma once
/// Blocks against entries: what was sealed is what stands.
#include <cstdint>

#include "audit/findings.h"
#include "store/database.h"

namespace tanpuhui {

/// Returns how many blocks there are. Entries after the last block are not sealed yet, which is no fault.
std::int64_t check_log(Database& database, Findings& findings);

}  // namespace tanpuhui
