#include "rooms/points/expire.h"

#include <gtest/gtest.h>

#include "ledger/apply.h"

namespace tanpuhui {
namespace {

const Day credited_on = day_of({2025, 2, 1});
const Day last_good_day = day_of({2027, 2, 1});

AccountState citizen(std::int64_t points, std::int64_t mg) {
  AccountState state;
  state.account = AccountId{1001};
  Grant grant;
  grant.batch = BatchId{1};
  grant.points = Points(points);
  grant.mg = Milligrams(mg);
  grant.credited_on = credited_on;
  grant.expires_on = last_good_day;
  apply(state, post_lot(state, grant).value(), EntryId{1});
  return state;
}

TEST(points_expire, keeps_points_on_the_second_anniversary) {
  EXPECT_TRUE(decide_expiry(citizen(3, 310'000), last_good_day).empty());
}

TEST(points_expire, clears_points_and_what_is_behind_them_the_day_after) {
  const Posting posting = decide_expiry(citizen(3, 310'000), last_good_day + 1);
  EXPECT_EQ((Cleared{Points(3), Milligrams(310'000)}), cleared_by(posting));
}

TEST(points_expire, keeps_the_figures_as_honours) {
  AccountState state = citizen(3, 310'000);
  apply(state, decide_expiry(state, last_good_day + 1), EntryId{2});
  EXPECT_EQ(Points(3), state.honour_points);
  EXPECT_EQ(Milligrams(310'000), state.honour_mg);
}

TEST(points_expire, leaves_free_grams) { EXPECT_TRUE(decide_expiry(citizen(0, 99'999), last_good_day + 1000).empty()); }

TEST(points_expire, leaves_locked_points) {
  AccountState state = citizen(3, 300'000);
  const SpendPlan plan = plan_spend(state, Points(2), SpendOrder::bearing_first, last_good_day).value();
  apply(state, lock_points(state, plan), EntryId{2});
  EXPECT_EQ(Points(1), cleared_by(decide_expiry(state, last_good_day + 1)).points);
}

TEST(points_expire, finds_nothing_once_cleared) {
  AccountState state = citizen(3, 310'000);
  apply(state, decide_expiry(state, last_good_day + 1), EntryId{2});
  EXPECT_TRUE(decide_expiry(state, last_good_day + 1).empty());
}

}  // namespace
}  // namespace tanpuhui
