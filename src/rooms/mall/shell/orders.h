#pragma once
/// Orders in the store: place, complete, refund, settle. Stock is one counter an offer: decided in memory for the
/// commands of a commit, in their order, and taken by a conditional update in the same transaction.
/// Basis: js24.a35-a37, decisions D5, D29, D30
#include <span>
#include <vector>

#include "office/office.h"
#include "rooms/mall/shell/find_offers.h"

namespace tanpuhui {

struct OrderAct {
  CommandId id;
  AccountId account;
  OrderRequest request;
};

struct OrderReceipt {
  EntryId order;  ///< names the order
  Points bearing_points, plain_points;
  Milligrams backing;  ///< went to the provider's escrow
  Day completes_on;    ///< first day on which it may be completed
};

/// Many orders, up to 512 a commit, decided in this order. One result an act.
std::vector<Result<OrderReceipt>> place_orders(const Office& office, std::span<const OrderAct> acts);

/// Ends orders: their points and grams become honours of the person. Refuses MAL-03 each.
std::vector<Result<EntryId>> complete_orders(const Office& office, std::span<const EntryId> orders);

/// Reverses one order to the gram and puts its pieces back in stock. Refuses MAL-03.
Result<EntryId> refund(const Office& office, EntryId order, bool by_person, CommandId id);

struct Settlement {
  EntryId entry;
  std::int64_t orders = 0;
  Milligrams released;
};
/// Nets the escrow of completed, unsettled orders of a provider to its row: one entry. Nothing to settle: entry 0.
Result<Settlement> settle_provider(const Office& office, const Provider& provider);

}  // namespace tanpuhui
