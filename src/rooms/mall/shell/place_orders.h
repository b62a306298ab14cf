#pragma once
/// Placing orders. Stock is one counter an offer: decided in memory for the commands of a commit, in their order, and
/// taken by a conditional update in the same transaction.
/// Basis: js24.a35, js24.a36, js24.a37p1, js24.a37p2, decisions D5, D29, D30
#include <span>
#include <vector>

#include "office/office.h"
#include "rooms/mall/order.h"

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

}  // namespace tanpuhui
