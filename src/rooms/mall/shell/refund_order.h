#pragma once
/// Refunding an order that is not complete.
/// Basis: js24.a37p1, js24.a37p3 (points that come back after their term), decisions D5
#include "office/office.h"

namespace tanpuhui {

/// Reverses one order to the gram and puts its pieces back in stock. Refuses MAL-03.
Result<EntryId> refund(const Office& office, EntryId order, bool by_person, CommandId id);

}  // namespace tanpuhui
