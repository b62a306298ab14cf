#pragma once
/// Clearing: what is not redeemed within the term is deemed cancelled by its owner, points and the grams behind them.
///
///   const Posting posting = decide_expiry(account, today);      // empty: nothing is past its last good day
///   cleared_by(posting)                                         -> 12 points, 1,200,000 mg
///
/// Basis: js24.a37p3, js24.a38p1
#include "ledger/acts.h"

namespace tanpuhui {

/// Clears unlocked points whose last good day is before `today`; that day itself is good to its end. Locked points
/// (pledged, in a case) and free grams stay.
Posting decide_expiry(const AccountState& account, Day today);

struct Cleared {
  Points points;
  Milligrams reductions;
  bool operator==(const Cleared&) const = default;
};
/// What a clearing took from its account.
Cleared cleared_by(const Posting& posting);

}  // namespace tanpuhui
