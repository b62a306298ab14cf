#pragma once
/// Which content of a record's id stands, over all persons of a day: exact copies count once; the highest revision
/// wins; equal highest revisions with different content refuse all of them; what has been posted stays as posted.
/// Basis: decisions D13, D21
#include "rooms/activity/seal.h"

namespace tanpuhui {

/// Adds a row for each act that is no exact copy, in no particular order, `accepted` where nothing is against it yet,
/// and counts the copies. `posted`: rows of the day's closed rounds; null: none.
void resolve_ids(const Acts& acts, const Acts* posted, SealedDay& out);

}  // namespace tanpuhui
