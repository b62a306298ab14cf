#pragma once
/// Completing orders, from the end of the after-sales window on.
/// Basis: js24.a37p1, decisions D5, D29
#include <span>
#include <vector>

#include "office/office.h"

namespace tanpuhui {

/// Ends orders: their points and grams become honours of the person. Refuses MAL-03 each.
std::vector<Result<EntryId>> complete_orders(const Office& office, std::span<const EntryId> orders);

}  // namespace tanpuhui
