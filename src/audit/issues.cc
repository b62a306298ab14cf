#include "audit/issues.h"

#include <fmt/format.h>

#include "publications/issues.h"

namespace tanpuhui {

std::int64_t check_issues(Database& database, const AuditSources& sources, Findings& findings) {
  const std::string invariant = "published figures equal the ledger";
  std::int64_t compared = 0;
  findings.guard(invariant, [&] {
    for (const Issue& issue : list_issues(database)) {
      if (issue.state == "compiled" || issue.state == "dropped") continue;
      const auto check = verify_issue({database, sources.book, sources.calendar}, issue);
      if (!check || (!check->agrees && !check->same_book)) continue;
      ++compared;
      if (!check->agrees)
        findings.report(invariant, fmt::format("issue {}: {} {} as of entry {} comes out otherwise", issue.number,
                                               issue.publication, issue.period, issue.as_of.value));
    }
  });
  return compared;
}

}  // namespace tanpuhui
