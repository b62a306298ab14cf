#pragma once
/// `tanpuhui audit`: every invariant recomputed from what is stored, on a live system. Streams entries, rows and acts;
/// memory grows with accounts, not with history.
///
///   const AuditReport report = audit_programme(database, {book, methodologies}, {});
///   for (const Violation& violation : report.violations) print(violation.invariant, violation.what);
///
/// Ledger (ledger/invariants.h): L1-L6, L9, L13, L14. Beyond it: every sealed act recomputed from its inputs; every
/// batch line the sum of its acts, every post entry its line, every posted batch its digest and two valid signatures;
/// every order, certificate and step of a case its entry; netted balances and lines for readers the entries up to their
/// heads; blocks and log as entries are; published figures the ledger's; the register's constraints.
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "calendar/calendar.h"
#include "ledger/invariants.h"
#include "methodology/methodology.h"
#include "rulebook/rulebook.h"
#include "store/database.h"

namespace tanpuhui {

struct AuditSources {
  const Rulebook& book;
  /// By id and version: `bike-demo/v1`.
  const std::map<std::string, Methodology>& methodologies;
  Calendar calendar = {};  ///< for publications that count working days
};

struct AuditReport {
  std::vector<Violation> violations;                                          ///< empty: all is well
  std::int64_t entries = 0, accounts = 0, acts = 0, batches = 0, blocks = 0;  ///< what was looked at
  std::int64_t issues = 0;                                                    ///< of publications, compiled again
};

/// Reads one state of the database. Damage is a violation, also where other readers throw; of each invariant the first
/// hundred sentences are kept and the rest counted. `progress` may be empty.
AuditReport audit_programme(Database& database, const AuditSources& sources,
                            const std::function<void(const std::string& stage)>& progress);

}  // namespace tanpuhui
