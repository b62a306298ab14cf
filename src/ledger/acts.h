#pragma once
/// What can happen to an account. Each act is a pure function of the state: it gives the posting, or a refusal, and
/// changes nothing; `apply` (apply.h) makes the new state and the replay uses the same function.
///
///   TANPUHUI_TRY(Posting posting, post_lot(state, grant));
///   apply(state, posting, entry_id);
#include <span>

#include "ledger/account.h"
#include "ledger/entry.h"
#include "ledger/spend.h"

namespace tanpuhui {

/// A person's sum in a batch. With one point or more all grams back the points; with none they stay free and never
/// expire. Points without grams are non-bearing. Basis: js24.a33p2, js24.a34
struct Grant {
  BatchId batch;
  Points points;  ///< whole points by the published rule
  Milligrams mg;
  Day credited_on;
  Day expires_on = never;  ///< of the points, by the rulebook
  LotOrigin origin = LotOrigin::granted;
};
/// Refuses: ACC-01; PTS-01 points for an organisation. Points and grams are not both zero, neither is negative.
Result<Posting> post_lot(const AccountState& state, const Grant& grant);

/// The order is confirmed: points are used, the reductions behind them go to the provider's escrow account, honours
/// wait for the completion. `plan` was made on this very state. Basis: js24.a37p1
Posting order_points(const AccountState& state, const SpendPlan& plan, AccountId escrow);

/// Who gave the order up, when, and the rulebook's grace.
struct RefundTerms {
  Day today;
  int grace_days = 7;
  bool own_cancellation = false;  ///< by the person: no grace
};
/// Reverses an order that is still in escrow, to the gram. Each lot comes back as a tranche of its own with its old
/// dates; where less than the grace is left it gets the grace, once a tranche. Points that stay expired are cleared by
/// the next run. Refuses: MAL-02 when `order` is not an order of this account. That it has not ended yet is the
/// caller's check (and the audit's); set `Entry::reverses`. Basis: AMB-05, AMB-06, AMB-07
Result<Posting> refund_order(const AccountState& state, const Entry& order, const RefundTerms& terms);

/// The order is completed: its points and grams become honours of the person. The grams stay in escrow until a
/// settlement nets them, so that a popular provider is no hot row. Set `Entry::completes`.
Posting complete_order(const Entry& order);
/// The same with the release in one entry: escrow to the provider's row. Apply it to both states.
Posting complete_order(const Entry& order, const AccountState& provider, Day today);

struct BatchAmount {
  BatchId batch;
  Milligrams mg;
  bool operator==(const BatchAmount&) const = default;
};
/// What an order put in escrow, by batch.
std::vector<BatchAmount> escrowed_by(const Entry& order);
/// Escrow of completed orders, netted, to the provider's row: free grams of origin `acquired`, one lot a batch.
Posting settle_escrow(const AccountState& provider, AccountId escrow, std::span<const BatchAmount> amounts, Day today);

/// Donate, retire or cancel: to one of the final system accounts, with honours. Add serials (serials.h).
/// `plan` was made on this very state. Basis: js24.a26, js24.a30
Posting use_reductions(const AccountState& state, const UsePlan& plan, SystemAccount destination);

/// Clears unlocked points whose last good day is before `today`, and the grams behind them, with honours. Free grams
/// stay. An empty posting when there is nothing to clear: running again changes nothing. Basis: js24.a37p3
Posting expire_points(const AccountState& state, Day today);

/// Locks what a plan would take (a pledge). Locked points are neither spent nor cleared.
Posting lock_points(const AccountState& state, const SpendPlan& plan);
/// Takes back the locks that an earlier posting set.
Posting unlock_points(const AccountState& state, std::span<const LockLine> locked);

}  // namespace tanpuhui
