// Corrections of lots: exact to the milligram however a lot was used before.
#include "ledger/correct.h"

#include <random>

#include "ledger/small_ledger.h"

namespace tanpuhui {
namespace {

constexpr AccountId citizen{1001}, other{1002};
constexpr BatchId april{1}, may{2};
const Day credited = day("2025-04-02"), later = day("2025-04-20");

class Corrections : public ::testing::Test {
 protected:
  Taken taken(AccountId account = citizen) { return taken_of(account, april, ledger.entries()); }

  CorrectedLot correct(std::int64_t points_before, std::int64_t points_after, std::int64_t before, std::int64_t after) {
    const GrantChange change{april, points(points_before), points(points_after), mg(before), mg(after)};
    CorrectedLot corrected = correct_lot(ledger.state(citizen), change, taken());
    if (!corrected.posting.empty()) ledger.commit(EntryKind::correct, corrected.posting);
    EXPECT_EQ(ledger.first_violation(), "");
    return corrected;
  }

  SmallLedger ledger;
};

TEST_F(Corrections, take_back_what_is_unspent) {
  ledger.grant(citizen, 1, 10, 1040, credited);
  const CorrectedLot corrected = correct(10, 6, 1040, 655);
  EXPECT_EQ(corrected.reversed, points(4));
  EXPECT_EQ(corrected.taken_back, mg(385));
  EXPECT_EQ(corrected.overdrawn, points(0));
  EXPECT_EQ(corrected.missing, mg(0));
  const AccountState& state = ledger.state(citizen);
  ASSERT_EQ(state.lots.size(), 1U);
  EXPECT_EQ(state.lots[0].base_points, points(6));
  EXPECT_EQ(state.backing_mg, mg(655));
  EXPECT_EQ(state.lots[0].expires_on, add_years(credited, 2));
  EXPECT_EQ(state.points_reversed, points(4));
}

TEST_F(Corrections, leave_grams_that_make_no_point_free) {
  ledger.grant(citizen, 1, 1, 120, credited);
  EXPECT_EQ(correct(1, 0, 120, 30).reversed, points(1));
  EXPECT_EQ(ledger.state(citizen).free_mg, mg(30));
  EXPECT_EQ(ledger.state(citizen).next_expiry, never);
}

TEST_F(Corrections, of_plain_points_move_no_grams) {
  ledger.grant(citizen, 1, 10, 0, credited);
  EXPECT_EQ(correct(10, 7, 0, 0).reversed, points(3));
  EXPECT_EQ(ledger.state(citizen).points_available, points(7));
}

TEST_F(Corrections, say_what_was_overdrawn_and_is_missing) {
  ledger.grant(citizen, 1, 10, 1000, credited);
  const Entry order = ledger.order(citizen, 8, later);
  ledger.complete(order, later);
  const CorrectedLot corrected = correct(10, 5, 1000, 500);
  EXPECT_EQ(corrected.reversed, points(2));
  EXPECT_EQ(corrected.taken_back, mg(200));
  EXPECT_EQ(corrected.overdrawn, points(3));
  EXPECT_EQ(corrected.missing, mg(300));
  EXPECT_EQ(ledger.state(citizen).honour_points, points(5));
  EXPECT_EQ(ledger.state(citizen).honour_mg, mg(500));
  const auto escrowed = taken().escrowed;
  ASSERT_EQ(escrowed.size(), 1U);
  EXPECT_EQ(escrowed[0].mg, mg(800));

  const std::vector<BatchAmount> amounts{{april, mg(300)}};
  EXPECT_EQ(acquired_of(ledger.state(SmallLedger::provider), april), mg(800));
  ledger.commit(EntryKind::correct, invalidate_acquired(ledger.state(SmallLedger::provider), amounts));
  EXPECT_EQ(ledger.state(SmallLedger::provider).free_mg, mg(500));
  EXPECT_EQ(ledger.first_violation(), "");
}

TEST_F(Corrections, go_on_from_the_one_before) {
  ledger.grant(citizen, 1, 10, 1000, credited);
  ledger.complete(ledger.order(citizen, 6, later), later);
  EXPECT_EQ(correct(10, 8, 1000, 800).overdrawn, points(0));
  const CorrectedLot second = correct(8, 4, 800, 400);
  EXPECT_EQ(second.reversed, points(2));
  EXPECT_EQ(second.overdrawn, points(2));
  EXPECT_EQ(second.missing, mg(200));
  const CorrectedLot third = correct(4, 0, 400, 0);
  EXPECT_EQ(third.reversed, points(0));
  EXPECT_EQ(third.overdrawn, points(4));
  EXPECT_EQ(ledger.state(citizen).honour_points, points(0));
  EXPECT_EQ(ledger.state(citizen).honour_mg, mg(0));
}

TEST_F(Corrections, see_orders_that_have_not_ended_and_those_that_were_given_up) {
  ledger.grant(citizen, 1, 10, 1000, credited);
  const Entry order = ledger.order(citizen, 4, later);
  EXPECT_TRUE(taken().open_order);
  ledger.refund(order, {.today = later});
  EXPECT_FALSE(taken().open_order);
  EXPECT_EQ(taken().gone(), points(0));
  EXPECT_TRUE(taken().escrowed.empty());
  EXPECT_EQ(correct(10, 3, 1000, 300).reversed, points(7));
  ASSERT_EQ(ledger.state(citizen).lots.size(), 1U);
}

TEST_F(Corrections, leave_other_batches_and_persons_alone) {
  ledger.grant(citizen, 1, 10, 1000, credited);
  ledger.grant(citizen, 2, 5, 500, credited);
  ledger.grant(other, 1, 10, 1000, credited);
  ledger.complete(ledger.order(other, 10, later), later);
  EXPECT_EQ(taken().gone(), points(0));
  correct(10, 0, 1000, 0);
  EXPECT_EQ(ledger.state(citizen).points_available, points(5));
  EXPECT_EQ(ledger.state(other).honour_points, points(10));
}

TEST_F(Corrections, fill_and_use_the_reserve) {
  ledger.grant(citizen, 1, 10, 1000, credited);
  ledger.complete(ledger.order(citizen, 10, later), later);
  AccountState& provider = ledger.state(SmallLedger::provider);
  ledger.commit(EntryKind::transfer, give_to_reserve(provider, plan_use(provider, mg(700), later).value()));
  const std::vector<BatchAmount> some{{april, mg(200)}};
  ledger.commit(EntryKind::correct, compensate(provider, some, later));
  EXPECT_EQ(provider.free_mg, mg(500));
  const std::vector<BatchAmount> rest{{april, mg(500)}};
  const Entry cover = ledger.commit(EntryKind::correct, cover_from_reserve(rest));
  EXPECT_EQ(cover.posting.serials.size(), 1U);
  EXPECT_EQ(ledger.first_violation(), "");
  ledger.commit(EntryKind::correct, cover_from_reserve(some));
  EXPECT_NE(ledger.first_violation().find("escrow holds -200 mg"), std::string::npos) << ledger.first_violation();
}

TEST_F(Corrections, set_points_that_came_later_off_against_a_debt) {
  ledger.grant(citizen, 1, 10, 1000, credited);
  ledger.grant(citizen, 2, 6, 700, later);
  const Posting posting = set_off_points(ledger.state(citizen), points(4), later);
  ledger.commit(EntryKind::set_off, posting);
  const AccountState& state = ledger.state(citizen);
  EXPECT_EQ(state.points_available, points(12));
  EXPECT_EQ(state.points_reversed, points(4));
  EXPECT_EQ(taken_of(citizen, may, ledger.entries()).set_off, points(4));
  EXPECT_EQ(taken_of(citizen, may, ledger.entries()).set_off_mg, mg(700) - mg(234));
  EXPECT_EQ(ledger.first_violation(), "");
  EXPECT_TRUE(set_off_points(state, points(4), later + 1).empty());
}

TEST_F(Corrections, an_account_that_owes_points_redeems_nothing) {
  ledger.grant(citizen, 1, 10, 1000, credited);
  ledger.state(citizen).points_owed = points(3);
  const auto plan = plan_spend(ledger.state(citizen), points(1), SpendOrder::bearing_first, later);
  ASSERT_FALSE(plan);
  EXPECT_EQ(plan.error().code, "MAL-02");
  EXPECT_NE(plan.error().message_en.find("owes 3 points"), std::string::npos);
}

// Whatever was done before: what is taken back, what is missing and what may stay is all there was.
TEST(CorrectionsOfAnyHistory, account_for_every_milligram_and_point) {
  std::mt19937 random(20250402);
  const auto below = [&random](std::int64_t most) {
    return std::uniform_int_distribution<std::int64_t>(0, most)(random);
  };
  for (int round = 0; round < 400; ++round) {
    SmallLedger ledger;
    const std::int64_t granted = 1 + below(30), rate = 1 + below(100);
    std::int64_t now_points = granted, now_mg = granted * rate + below(rate - 1);
    ledger.grant(citizen, 1, now_points, now_mg, credited);
    for (int act = 0; act < 6; ++act) {
      AccountState& state = ledger.state(citizen);
      const std::int64_t left = state.points_available.count();
      const std::int64_t choice = below(4);
      if (choice == 0 && left > 0) ledger.complete(ledger.order(citizen, 1 + below(left - 1), later), later);
      if (choice == 1 && left > 0) ledger.refund(ledger.order(citizen, 1 + below(left - 1), later), {.today = later});
      if (choice == 2 && usable_mg(state, later) > mg(0))
        ledger.donate(citizen, 1 + below(usable_mg(state, later).count() - 1), later);
      if (choice == 3) ledger.expire(citizen, below(9) == 0 ? credited + 2000 : later);
      if (choice < 4 && below(2) > 0) continue;
      const std::int64_t after_mg = below(now_mg), after_points = after_mg / rate;
      const Taken gone = taken_of(citizen, BatchId{1}, ledger.entries());
      const CorrectedLot corrected =
          correct_lot(state, {BatchId{1}, points(now_points), points(after_points), mg(now_mg), mg(after_mg)}, gone);
      ASSERT_EQ(mg(now_mg - after_mg), corrected.taken_back + corrected.missing) << round;
      ASSERT_EQ(points(now_points - after_points), corrected.reversed + corrected.overdrawn) << round;
      if (!corrected.posting.empty()) ledger.commit(EntryKind::correct, corrected.posting);
      ASSERT_EQ(ledger.first_violation(), "") << round;
      now_mg = after_mg, now_points = after_points;
    }
  }
}

}  // namespace
}  // namespace tanpuhui
