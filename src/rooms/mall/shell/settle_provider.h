#pragma once
/// Settling with a provider: the reductions behind completed orders become its own.
/// Basis: js24.a37p1, decisions D5, D29
#include "office/office.h"
#include "rooms/mall/shell/find_offers.h"

namespace tanpuhui {

struct Settlement {
  EntryId entry;
  std::int64_t orders = 0;
  Milligrams released;
};

/// Nets the escrow of completed, unsettled orders of a provider, 100,000 at most, to its row: one entry. Nothing to
/// settle: entry 0.
Result<Settlement> settle_provider(const Office& office, const Provider& provider);
/// The same until nothing is left; `entry` is the last one.
Result<Settlement> settle_fully(const Office& office, const Provider& provider);

}  // namespace tanpuhui
