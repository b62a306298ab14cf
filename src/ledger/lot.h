#pragma once
/// A lot: points of one account from one batch, the reductions behind them, and grams that stand behind no point.
///
///   Lot lot{.batch = b, .base_points = Points(3), .base_mg = Milligrams(10), .points_left = Points(2)};
///   lot.backing()                        -> 7 mg: ceil(10 x 2 / 3)
///   lot.backing_of_next(Points(1))       -> 3 mg leave with the next point, the last point takes the rest
///
/// The backing is derived and never rounded a step: any split of a spending leaves the same lot.
/// Basis: js24.a33p2, js24.a37p2
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <tuple>

#include "base/ids.h"
#include "base/quantity.h"
#include "base/time.h"

namespace tanpuhui {

/// How the lot came to its account. The numbers are written in canonical bytes and never change.
enum class LotOrigin : std::uint8_t {
  granted = 1,   ///< posted from a batch
  refunded = 2,  ///< came back from an order, with the old dates
  acquired = 3,  ///< reductions of completed orders or transfers: grams only
  imported = 4,  ///< opening balance of an older system
};
std::string_view name_en(LotOrigin origin);  ///< `granted`

/// `expires_on` of a lot that is never cleared.
inline constexpr Day never{std::numeric_limits<std::int32_t>::max()};

/// Position of a lot in canonical bytes and among lots of equal right: oldest first.
struct LotKey {
  Day credited_on;
  BatchId batch;
  std::int64_t tranche = 0;
  auto operator<=>(const LotKey&) const = default;
};

struct Lot {
  BatchId batch;
  std::int64_t tranche = 0;  ///< the how-many-th lot of this account, from 0; never used again
  Day credited_on;           ///< the day the points became available; a refund keeps it
  Day expires_on = never;    ///< last day on which the points are good
  LotOrigin origin = LotOrigin::granted;
  Points base_points;       ///< points at the opening
  Milligrams base_mg;       ///< what backed them at the opening; 0: the points bear no reductions
  Points points_left;       ///< 0 to base_points
  Milligrams free_mg;       ///< grams that back no point: never cleared
  bool grace_used = false;  ///< a grace has moved expires_on; there is no second one
  Points locks;             ///< of points_left, pledged or in a case: not spent, not cleared

  /// Where the lot lies in the store: 0 the account row, n the n-th page. Not part of the value.
  std::uint16_t page = 0;

  LotKey key() const { return {credited_on, batch, tranche}; }
  bool bearing() const { return base_mg > Milligrams(); }
  Points unlocked() const { return points_left - locks; }
  /// Good through the whole of `expires_on`; past from the next midnight on. Basis: js24.a37p3
  bool expired(Day today) const { return expires_on < today; }
  bool spent() const { return points_left == Points() && free_mg == Milligrams(); }

  /// Reductions behind `points` points of this lot: ceil(base_mg x points / base_points).
  Milligrams backing_at(Points points) const {
    if (base_points == Points()) return Milligrams();
    return Milligrams(multiply_divide_up(base_mg.count(), points.count(), base_points.count()));
  }
  Milligrams backing() const { return backing_at(points_left); }
  /// What leaves with the next `points` points, at most points_left.
  Milligrams backing_of_next(Points points) const { return backing() - backing_at(points_left - points); }

  /// All fields but the page.
  auto value() const {
    return std::tie(batch, tranche, credited_on, expires_on, origin, base_points, base_mg, points_left, free_mg,
                    grace_used, locks);
  }
  bool operator==(const Lot& other) const { return value() == other.value(); }
};

/// Canonical bytes that are not what this program wrote: truncated, changed, or of an unknown version.
struct Malformed {
  std::string what;
};

}  // namespace tanpuhui
