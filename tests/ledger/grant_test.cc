#include "ledger/grant.h"

#include <gtest/gtest.h>

namespace tanpuhui {
namespace {

const GrantRule point_each_100_g{Milligrams(100'000), 2};

GrantRequest saved(std::int64_t mg) { return {BatchId{1}, Milligrams(mg), day_of({2024, 9, 30})}; }

TEST(grant, gives_a_point_for_each_full_100_g_of_the_sum) {
  EXPECT_EQ(Points(3), grant_of(saved(399'999), point_each_100_g).points);
  EXPECT_EQ(Points(4), grant_of(saved(400'000), point_each_100_g).points);
}

TEST(grant, keeps_every_milligram_also_those_below_a_point) {
  EXPECT_EQ(Milligrams(399'999), grant_of(saved(399'999), point_each_100_g).mg);
}

TEST(grant, is_good_through_the_same_day_two_years_later) {
  EXPECT_EQ(day_of({2026, 9, 30}), grant_of(saved(100'000), point_each_100_g).expires_on);
}

TEST(grant, never_expires_where_it_holds_no_point) {
  EXPECT_EQ(never, grant_of(saved(99'999), point_each_100_g).expires_on);
}

TEST(grant, gives_acts_without_reductions_their_points_and_no_grams) {
  const GrantRule two_an_act{Milligrams(100'000), 2, Points(2)};
  const Grant grant = grant_of({BatchId{1}, Milligrams(), day_of({2024, 9, 30}), 3}, two_an_act);
  EXPECT_EQ(Points(6), grant.points);
  EXPECT_EQ(Milligrams(), grant.mg);
  EXPECT_EQ(day_of({2026, 9, 30}), grant.expires_on);
}

TEST(grant, of_acts_without_reductions_opens_a_lot_that_bears_none) {
  AccountState state;
  state.account = AccountId{1001};
  const GrantRequest meals{BatchId{1}, Milligrams(), day_of({2024, 9, 30}), 3};
  const Posting posting = decide_grant(meals, state, {Milligrams(100'000), 2, Points(1)}).value();
  ASSERT_EQ(1U, posting.openings.size());
  EXPECT_EQ(Points(3), posting.openings[0].base_points);
  EXPECT_EQ(Milligrams(), posting.openings[0].base_mg);
}

TEST(grant, of_less_than_a_point_stays_free_grams_of_the_account) {
  AccountState state;
  state.account = AccountId{1001};
  const Result<Posting> posting = decide_grant(saved(99'999), state, point_each_100_g);
  ASSERT_TRUE(posting.has_value());
  Milligrams free;
  for (const Leg& leg : posting->legs)
    if (leg.account == state.account) free += leg.d_free_mg;
  EXPECT_EQ(Milligrams(99'999), free);
}

}  // namespace
}  // namespace tanpuhui
