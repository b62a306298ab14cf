#pragma once
/// Which lots a spending or a use would take: a preview that is shown before the person confirms, then posted by
/// acts.h on the same state.
///
///   TANPUHUI_TRY(SpendPlan plan, plan_spend(state, Points(150), SpendOrder::bearing_first, today));
///   plan.bearing_points, plan.plain_points       -> 100 and 50: the split to be shown
///   Posting posting = order_points(state, plan, escrow);
#include <cstdint>
#include <span>
#include <vector>

#include "base/result.h"
#include "ledger/account.h"

namespace tanpuhui {

/// The rulebook's order of use; inside a class oldest first, then batch, then tranche. No choice by the user.
enum class SpendOrder : std::uint8_t {
  bearing_first = 1,  ///< reduction-bearing lots first. Basis: js24.a37p2
  oldest_first = 2,
};

/// What is taken from one lot.
struct PlanLine {
  BatchId batch;
  std::int64_t tranche = 0;
  Points points;
  Milligrams backing_mg;  ///< leaves with the points
  Milligrams free_mg;
  Day credited_on;
  Day expires_on = never;
  bool grace_used = false;
  bool operator==(const PlanLine&) const = default;
};

struct SpendPlan {
  std::vector<PlanLine> lines;
  Points bearing_points;
  Points plain_points;
  Milligrams backing_mg;
  Points points() const { return bearing_points + plain_points; }
};

/// Refuses: ACC-01 account not active; PTS-01 organisations hold no points; MAL-02 not enough points that are good
/// today and not locked, or the account owes points. `points` above zero. Basis: js24.a35, js24.a37p2
Result<SpendPlan> plan_spend(const AccountState& state, Points points, SpendOrder order, Day today);

struct UsePlan {
  std::vector<PlanLine> lines;
  Milligrams asked_mg;
  Milligrams free_mg;
  Milligrams backing_mg;
  Points points;  ///< leave with the grams they carry
  /// What is really used: at least asked_mg, more by less than what the last point carries.
  Milligrams total_mg() const { return free_mg + backing_mg; }
};

/// The account as a plan may use it while `held` batches wait for the end of their notice: without their lots. Plans
/// made on it fit the account itself. Basis: sip25.a16p2, AMB-53
AccountState without_held(AccountState state, std::span<const BatchId> held);

/// For donating, offsetting and cancelling: free grams first, then whole points, both oldest first; the fewest points
/// that carry enough. Plain points are never touched. Refuses: ACC-01; USE-02 not enough. `mg` above zero.
/// Basis: js24.a26, js24.a30, js24.a33
Result<UsePlan> plan_use(const AccountState& state, Milligrams mg, Day today);

}  // namespace tanpuhui
