#pragma once
/// Every draw that a case holds is the one that its seed gives, and the seed is the log's. Basis: js24.a7, sip25.a13p4
#include "audit/findings.h"
#include "store/database.h"

namespace tanpuhui {

void check_draws(Database& database, Findings& findings);

}  // namespace tanpuhui
