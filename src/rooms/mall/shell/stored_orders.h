#pragma once
/// The register of orders, for the acts of this room.
#include <algorithm>
#include <optional>
#include <span>
#include <string_view>

#include "ledger/entry.h"
#include "rooms/mall/order.h"
#include "store/writer.h"

namespace tanpuhui {

struct StoredOrder {
  Entry entry;
  OrderState state = OrderState::confirmed;
  Day completes_on;
  OfferId offer;
  std::int64_t pieces = 0;
  EntryId ended_by;  ///< 0 while it is open

  OrderFacts facts() const { return {&entry, state, completes_on}; }
  AccountId account() const { return entry.posting.account; }
};

std::optional<StoredOrder> load_order(Database& database, EntryId id);
/// The entry that names an order.
Entry load_order_entry(Database& database, EntryId id);

/// A confirmed order becomes `state`; a Defect when it has ended already.
void end_order(Database& database, const StoredOrder& order, EntryId ended_by, std::string_view state);

/// MAL-03
Refusal no_such_order(EntryId order);

/// Those of `items`, from `at` on, that go into one commit.
template <class Item>
std::span<const Item> group_at(std::span<const Item> items, std::size_t at) {
  return items.subspan(at, std::min(Writer::commands_per_commit, items.size() - at));
}

}  // namespace tanpuhui
