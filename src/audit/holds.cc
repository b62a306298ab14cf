#include "audit/holds.h"

#include <fmt/format.h>

#include "cases/standings.h"
#include "rooms/reduction/shell/find_issuance.h"

namespace tanpuhui {

HoldsKept::HoldsKept(Database& database, Findings& findings)
    : EntryCheck("what is held for a notice is not used", findings) {
  for (const BatchId batch : find_held_batches(database)) released_on_[batch] = std::nullopt;
  for (const Standing& standing : standings_of(database, issuance_thing)) {
    const BatchId batch{std::stoll(standing.name)};
    if (standing.word == "released" && released_on_.contains(batch))
      report(fmt::format("batch {}: was released and is still marked as held", batch.value));
    if (standing.word == "released") released_on_[batch] = standing.from;
  }
}

// System accounts receive only; what leaves an account of a person or organisation is a use, an order or the like - or
// was found wrong, which may be why it is held.
void HoldsKept::see(const Entry& entry) {
  if (released_on_.empty() || entry.kind == EntryKind::correct) return;
  for (const Leg& leg : entry.posting.legs) {
    const bool leaves =
        !is_system(leg.account) && (leg.d_points < Points() || leg.d_backing_mg + leg.d_free_mg < Milligrams());
    const auto batch = released_on_.find(leg.batch);
    if (!leaves || batch == released_on_.end()) continue;
    if (!batch->second || entry.occurred_on < *batch->second)
      report(fmt::format("entry {}: uses batch {} before its release", entry.entry_id.value, leg.batch.value));
  }
}

}  // namespace tanpuhui
