#include "audit/log.h"

#include <fmt/format.h>

#include "base/check.h"
#include "store/log.h"

namespace tanpuhui {
namespace {

const std::string invariant = "L1 blocks hold the entries";

}  // namespace

std::int64_t check_log(Database& database, Findings& findings) {
  for (std::string& what : check_blocks(database)) findings.report(invariant, std::move(what));
  auto blocks = database.statement("SELECT count(*), coalesce(max(last_entry), 0) FROM blocks");
  TANPUHUI_REQUIRE(blocks.step(), "a count is a row");
  const std::int64_t count = blocks.integer(0), covered = blocks.integer(1);
  const std::int64_t last = database.statement("SELECT coalesce(max(entry_id), 0) FROM entries").run_integer();
  if (covered > last)
    findings.report(invariant, fmt::format("the blocks end with entry {}, the entries with {}", covered, last));
  return count;
}

}  // namespace tanpuhui
