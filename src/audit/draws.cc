#include "audit/draws.h"

#include <fmt/format.h>

#include "base/words.h"
#include "cases/stored_case.h"
#include "crypto/hash.h"
#include "governance/draws.h"
#include "store/log.h"

namespace tanpuhui {
namespace {

const std::string invariant = "draws are by lot";

std::string flaw_of(Database& database, std::int64_t number, EntryId entry, const CaseAct& act) {
  const auto bytes = find_document(database, act.documents.at(draw_document).digest);
  if (!bytes) return "its document is not there";
  const auto draw = read_draw_text(as_text(*bytes), sha256);
  if (!draw || draw->case_number != number) return "its document is no draw of this case";
  const auto block = find_block_of(database, entry_before_draw(database, number, entry));
  if (!block || block->number != draw->block || block->hash != draw->block_hash)
    return "its seed is not of the block that held the act before";
  const auto drawn = act.fields.find(drawn_field);
  if (drawn == act.fields.end() || drawn->second != joined(draw->drawn())) return "others are named than were drawn";
  return "";
}

}  // namespace

void check_draws(Database& database, Findings& findings) {
  auto rows = database.scan("SELECT case_id, entry_id, body FROM case_acts ORDER BY entry_id");
  while (rows.step()) {
    const auto act = decode_act(rows.blob(2));
    if (!act || !act->documents.contains(draw_document)) continue;
    const std::string flaw = flaw_of(database, rows.integer(0), EntryId{rows.integer(1)}, *act);
    if (!flaw.empty()) findings.report(invariant, fmt::format("case {}: {}", rows.integer(0), flaw));
  }
}

}  // namespace tanpuhui
