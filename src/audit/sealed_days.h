#pragma once
/// Every sealed act recomputed from its stored inputs by the methodology of its round, every sealed day from its acts,
/// every batch line from the acts of the rounds that the batch closed. One pass, a day in memory at a time, and the
/// sums of one batch. Basis: requirements L8, L12
#include <map>
#include <string>

#include "audit/findings.h"
#include "methodology/methodology.h"
#include "store/database.h"

namespace tanpuhui {

/// Returns how many acts there are.
std::int64_t check_sealed_days(Database& database, const std::map<std::string, Methodology>& methodologies,
                               Findings& findings);

}  // namespace tanpuhui
