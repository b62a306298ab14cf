#pragma once
/// The points mall: an order uses points and moves the reductions behind them to the provider's escrow; it ends by
/// completion (released to the provider) or refund (back to the person). Basis: js24.a35, js24.a36, js24.a37
#include <string>

#include "base/result.h"
#include "ledger/acts.h"

namespace tanpuhui {

struct Offer {
  OfferId id;
  std::string title_zh, title_en;
  AccountId provider;
  AccountId escrow;                     ///< the provider's, receives legs only
  Points price;                         ///< of one piece
  std::int64_t stock = 0;               ///< pieces left
  Day agreement_from, agreement_until;  ///< the provider's agreement with the operator, both inclusive
  bool listed = true;
};

struct OrderRequest {
  OfferId offer;
  std::int64_t pieces = 1;
};

struct OrderDecision {
  SpendPlan plan;  ///< the split that is shown before the person confirms
  Posting posting;
};

/// Points of `held` batches are not spent yet. Refuses, in this order: MAL-01 no agreement in force or not listed;
/// MAL-02 stock; MAL-02 points; ACC-01.
Result<OrderDecision> decide_order(const OrderRequest& request, const Offer& offer, const AccountState& account,
                                   SpendOrder order, Day today, std::span<const BatchId> held = {});

enum class OrderState { confirmed, completed, refunded };

/// What the register knows of an order.
struct OrderFacts {
  const Entry* order = nullptr;
  OrderState state = OrderState::confirmed;
  Day completes_on;  ///< first day on which it may be completed: the after-sales window is over
};

/// Refuses MAL-03: the order has ended already, or its after-sales window is still open.
Result<Done> decide_complete(const OrderFacts& facts, Day today);

struct RefundRequest {
  bool by_person = false;  ///< own cancellation: no grace
  int grace_days = 0;      ///< by the rulebook; longer where the provider caused it
};

/// Refuses MAL-03: the order has ended already.
Result<Posting> decide_refund(const RefundRequest& request, const OrderFacts& facts, const AccountState& account,
                              Day today);

}  // namespace tanpuhui
