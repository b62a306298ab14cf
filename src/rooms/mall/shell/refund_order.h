#pragma once
/// Refunding an order that is not complete.
/// Basis: js24.a37p1, js24.a37p3 (points that come back after their term), decisions D5
#include "office/office.h"

namespace tanpuhui {

/// Through whom the order is given up: points past their term get no grace where the person did, the rulebook's longer
/// one where the provider did. The numbers are hashed into the command.
enum class GivenUpBy : std::uint8_t { operator_ = 0, person = 1, provider = 2 };

/// Reverses one order to the gram and puts its pieces back in stock. Refuses MAL-03.
Result<EntryId> refund(const Office& office, EntryId order, GivenUpBy who, CommandId id);

}  // namespace tanpuhui
