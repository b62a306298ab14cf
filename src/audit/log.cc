#include "audit/log.h"

#include <fmt/format.h>

#include "store/log.h"

namespace tanpuhui {
namespace {

const std::string invariant = "L1 blocks hold the entries";

}  // namespace

std::int64_t check_log(Database& database, Findings& findings) {
  for (std::string& what : check_blocks(database)) findings.report(invariant, std::move(what));
  std::int64_t count = 0, covered = 0;
  auto rows = database.statement("SELECT block_no, first_entry, last_entry FROM blocks ORDER BY block_no");
  for (; rows.step(); ++count) {
    if (rows.integer(1) != covered + 1 || rows.integer(2) < rows.integer(1))
      findings.report(invariant, fmt::format("block {}: entries {} to {} do not follow entry {}", rows.integer(0),
                                             rows.integer(1), rows.integer(2), covered));
    covered = rows.integer(2);
  }
  const std::int64_t last = database.statement("SELECT coalesce(max(entry_id), 0) FROM entries").run_integer();
  if (covered > last)
    findings.report(invariant, fmt::format("the blocks end with entry {}, the entries with {}", covered, last));
  return count;
}

}  // namespace tanpuhui
