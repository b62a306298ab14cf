#pragma once
/// What was published, compiled again: every issue that the public has seen or that awaits its publication must come
/// out with the same bytes. Basis: requirements section 7 (published numbers are reproducible from the ledger)
#include "audit/audit.h"
#include "audit/findings.h"

namespace tanpuhui {

/// Issues that cannot be compiled under the book and calendar as they are now are passed over: only `publication
/// verify` says why. Returns how many were compared.
std::int64_t check_issues(Database& database, const AuditSources& sources, Findings& findings);

}  // namespace tanpuhui
