#include <algorithm>

#include "small_ledger.h"

namespace tanpuhui {
namespace {

constexpr AccountId ann{1001};
const Day spring = day("2025-03-01"), summer = day("2025-06-01");

TEST(post, backs_the_points_with_all_grams_of_the_sum) {
  SmallLedger ledger;
  ledger.grant(ann, 1, 3, 10, spring);
  EXPECT_EQ(ledger.state(ann).backing_mg, mg(10));
  EXPECT_EQ(ledger.state(ann).free_mg, mg(0));
}

TEST(post, leaves_grams_free_when_the_sum_gives_no_point) {
  SmallLedger ledger;
  ledger.grant(ann, 1, 0, 10, spring);
  EXPECT_EQ(ledger.state(ann).free_mg, mg(10));
  EXPECT_EQ(ledger.state(ann).next_expiry, never);
}

TEST(post, refuses_points_for_an_organisation) {
  AccountState provider;
  provider.account = SmallLedger::provider;
  provider.kind = AccountKind::organisation;
  EXPECT_EQ(post_lot(provider, {BatchId{1}, points(1), mg(1), spring}).error().code, "PTS-01");
}

TEST(post, refuses_a_closed_account) {
  AccountState closed;
  closed.status = AccountStatus::closed;
  EXPECT_EQ(post_lot(closed, {BatchId{1}, points(1), mg(1), spring}).error().code, "ACC-01");
}

TEST(order, of_150_with_100_bearing_and_80_plain_uses_100_and_50) {
  SmallLedger ledger;
  ledger.grant(ann, 1, 80, 0, spring);
  ledger.grant(ann, 2, 100, 123'457, summer);
  const SpendPlan plan = plan_spend(ledger.state(ann), points(150), SpendOrder::bearing_first, summer).value();
  EXPECT_EQ(plan.bearing_points, points(100));
  EXPECT_EQ(plan.plain_points, points(50));
  EXPECT_EQ(plan.backing_mg, mg(123'457));
}

TEST(order, takes_the_oldest_lot_of_a_class_first) {
  SmallLedger ledger;
  ledger.grant(ann, 9, 5, 50, spring);
  ledger.grant(ann, 2, 5, 60, summer);
  ledger.order(ann, 5, summer);
  ASSERT_EQ(ledger.state(ann).lots.size(), 1U);
  EXPECT_EQ(ledger.state(ann).lots[0].batch, BatchId{2});
}

TEST(order, by_age_alone_is_a_rulebook_s_choice) {
  SmallLedger ledger;
  ledger.grant(ann, 1, 80, 0, spring);
  ledger.grant(ann, 2, 100, 1000, summer);
  const SpendPlan plan = plan_spend(ledger.state(ann), points(90), SpendOrder::oldest_first, summer).value();
  EXPECT_EQ(plan.plain_points, points(80));
}

TEST(order, takes_the_rest_of_the_grams_with_the_last_point) {
  SmallLedger ledger;
  ledger.grant(ann, 1, 3, 10, spring);
  std::vector<std::int64_t> gone;
  for (int i = 0; i < 3; ++i) gone.push_back(ledger.order(ann, 1, summer).posting.legs[0].d_backing_mg.count());
  EXPECT_EQ(gone, (std::vector<std::int64_t>{-3, -3, -4}));
}

TEST(order, refuses_more_points_than_there_are_and_says_both_figures) {
  SmallLedger ledger;
  ledger.grant(ann, 1, 120, 0, spring);
  const Refusal refusal = plan_spend(ledger.state(ann), points(150), SpendOrder::bearing_first, summer).error();
  EXPECT_EQ(refusal.code, "MAL-02");
  EXPECT_EQ(refusal.message_en, "not enough points: 150 needed, 120 available");
  EXPECT_FALSE(refusal.remedy_zh.empty());
}

TEST(order, refuses_an_account_that_is_not_active) {
  SmallLedger ledger;
  ledger.grant(ann, 1, 1, 0, spring);
  ledger.state(ann).status = AccountStatus::suspended;
  EXPECT_EQ(plan_spend(ledger.state(ann), points(1), SpendOrder::bearing_first, summer).error().code, "ACC-01");
}

TEST(order, does_not_use_locked_points) {
  SmallLedger ledger;
  ledger.grant(ann, 1, 10, 100, spring);
  const SpendPlan pledge = plan_spend(ledger.state(ann), points(4), SpendOrder::bearing_first, summer).value();
  ledger.commit(EntryKind::pledge, lock_points(ledger.state(ann), pledge));
  EXPECT_EQ(spendable_points(ledger.state(ann), summer), points(6));
  const auto locks = ledger.entries().back().posting.locks;
  ledger.commit(EntryKind::unlock, unlock_points(ledger.state(ann), locks));
  EXPECT_EQ(spendable_points(ledger.state(ann), summer), points(10));
}

TEST(order, does_not_honour_before_it_is_completed) {
  SmallLedger ledger;
  ledger.grant(ann, 1, 10, 100, spring);
  const Entry order = ledger.order(ann, 4, summer);
  EXPECT_EQ(ledger.state(ann).honour_points, points(0));
  ledger.complete(order, summer);
  EXPECT_EQ(ledger.state(ann).honour_points, points(4));
  EXPECT_EQ(ledger.state(ann).honour_mg, mg(40));
}

TEST(complete, moves_the_grams_from_escrow_to_one_lot_a_batch_of_the_provider) {
  SmallLedger ledger;
  ledger.grant(ann, 1, 10, 100, spring);
  ledger.complete(ledger.order(ann, 4, summer), summer);
  ledger.complete(ledger.order(ann, 6, summer), summer);
  ASSERT_EQ(ledger.state(SmallLedger::provider).lots.size(), 1U);
  EXPECT_EQ(ledger.state(SmallLedger::provider).lots[0].origin, LotOrigin::acquired);
  EXPECT_EQ(ledger.state(SmallLedger::provider).free_mg, mg(100));
  EXPECT_EQ(ledger.first_violation(), "");
}

TEST(settle, nets_the_escrow_of_many_orders_to_the_provider) {
  SmallLedger ledger;
  ledger.grant(ann, 1, 10, 100, spring);
  std::vector<BatchAmount> amounts;
  for (int i = 0; i < 3; ++i) {
    const Entry order = ledger.order(ann, 2, summer);
    ledger.commit(EntryKind::complete, complete_order(order), &order);
    for (const BatchAmount& amount : escrowed_by(order)) amounts.push_back(amount);
  }
  const AccountState& provider = ledger.state(SmallLedger::provider);
  ledger.commit(EntryKind::settle, settle_escrow(provider, SmallLedger::escrow, amounts, summer));
  EXPECT_EQ(provider.free_mg, mg(60));
  EXPECT_EQ(provider.version, 1);
  EXPECT_EQ(ledger.first_violation(), "");
}

TEST(refund, restores_points_and_grams_exactly_with_the_old_dates) {
  SmallLedger ledger;
  ledger.grant(ann, 1, 7, 100, spring);
  ledger.grant(ann, 2, 5, 0, spring);
  ledger.order(ann, 1, summer);
  const AccountState before = ledger.state(ann);
  ledger.refund(ledger.order(ann, 8, summer), {.today = summer});
  const AccountState& after = ledger.state(ann);
  EXPECT_EQ(after.points_available, before.points_available);
  EXPECT_EQ(after.backing_mg, before.backing_mg);
  EXPECT_EQ(after.points_used, before.points_used);
  EXPECT_EQ(after.lots[0].origin, LotOrigin::refunded);
  EXPECT_EQ(after.lots[0].expires_on, add_years(spring, 2));
  EXPECT_EQ(after.lots[0].credited_on, spring);
}

TEST(refund, comes_back_as_a_tranche_of_its_own) {
  SmallLedger ledger;
  ledger.grant(ann, 1, 7, 100, spring);
  ledger.refund(ledger.order(ann, 3, summer), {.today = summer});
  ASSERT_EQ(ledger.state(ann).lots.size(), 2U);
  EXPECT_EQ(ledger.state(ann).lots[0].points_left, points(4));
  EXPECT_EQ(ledger.state(ann).lots[1].tranche, 1);
}

TEST(refund, of_an_order_that_outlived_its_points_gets_grace) {
  SmallLedger ledger;
  ledger.grant(ann, 1, 7, 100, spring);
  const Day late = day("2027-03-20");
  ledger.refund(ledger.order(ann, 7, day("2027-03-01")), {.today = late, .grace_days = 7});
  EXPECT_EQ(ledger.state(ann).lots[0].expires_on, day("2027-03-27"));
  EXPECT_TRUE(ledger.state(ann).lots[0].grace_used);
}

TEST(refund, gives_grace_once) {
  SmallLedger ledger;
  ledger.grant(ann, 1, 7, 100, spring);
  ledger.refund(ledger.order(ann, 7, day("2027-03-01")), {.today = day("2027-03-20")});
  ledger.refund(ledger.order(ann, 7, day("2027-03-27")), {.today = day("2027-04-10")});
  EXPECT_EQ(ledger.state(ann).lots[0].expires_on, day("2027-03-27"));
}

TEST(refund, after_the_person_s_own_cancellation_gets_no_grace) {
  SmallLedger ledger;
  ledger.grant(ann, 1, 7, 100, spring);
  const Entry order = ledger.order(ann, 7, day("2027-03-01"));
  ledger.refund(order, {.today = day("2027-03-20"), .own_cancellation = true});
  EXPECT_EQ(ledger.state(ann).lots[0].expires_on, day("2027-03-01"));
}

TEST(refund, of_another_account_s_order_is_refused) {
  SmallLedger ledger;
  ledger.grant(ann, 1, 7, 100, spring);
  const Entry order = ledger.order(ann, 7, summer);
  EXPECT_FALSE(refund_order(ledger.state(AccountId{1002}), order, {.today = summer}));
}

TEST(expire, keeps_points_on_the_second_anniversary_and_clears_them_the_day_after) {
  SmallLedger ledger;
  ledger.grant(ann, 1, 7, 100, day("2024-09-30"));
  EXPECT_TRUE(expire_points(ledger.state(ann), day("2026-09-30")).empty());
  EXPECT_EQ(spendable_points(ledger.state(ann), day("2026-09-30")), points(7));
  EXPECT_EQ(spendable_points(ledger.state(ann), day("2026-10-01")), points(0));
  ledger.expire(ann, day("2026-10-01"));
  EXPECT_EQ(ledger.state(ann).points_expired, points(7));
  EXPECT_EQ(ledger.state(ann).honour_mg, mg(100));
  EXPECT_TRUE(ledger.state(ann).lots.empty());
  EXPECT_EQ(ledger.first_violation(), "");
}

TEST(expire, run_again_changes_nothing) {
  SmallLedger ledger;
  ledger.grant(ann, 1, 7, 100, spring);
  ledger.expire(ann, day("2028-01-01"));
  EXPECT_TRUE(expire_points(ledger.state(ann), day("2028-01-01")).empty());
}

TEST(expire, never_clears_free_grams) {
  SmallLedger ledger;
  ledger.grant(ann, 1, 0, 100, spring);
  EXPECT_TRUE(expire_points(ledger.state(ann), day("2050-01-01")).empty());
}

TEST(expire, leaves_pledged_points_alone) {
  SmallLedger ledger;
  ledger.grant(ann, 1, 10, 100, spring);
  const SpendPlan pledge = plan_spend(ledger.state(ann), points(4), SpendOrder::bearing_first, summer).value();
  ledger.commit(EntryKind::pledge, lock_points(ledger.state(ann), pledge));
  ledger.expire(ann, day("2028-01-01"));
  EXPECT_EQ(ledger.state(ann).points_locked, points(4));
  EXPECT_EQ(ledger.state(ann).backing_mg, mg(40));
}

TEST(donate, takes_free_grams_first_then_whole_points_oldest_first) {
  SmallLedger ledger;
  ledger.grant(ann, 1, 4, 100, spring);
  ledger.grant(ann, 2, 0, 30, summer);
  ledger.grant(ann, 3, 9, 0, spring);
  const UsePlan plan = plan_use(ledger.state(ann), mg(60), summer).value();
  EXPECT_EQ(plan.free_mg, mg(30));
  EXPECT_EQ(plan.points, points(2));
  EXPECT_EQ(plan.total_mg(), mg(80));
}

TEST(donate, takes_the_points_and_honours_both_figures) {
  SmallLedger ledger;
  ledger.grant(ann, 1, 4, 100, spring);
  ledger.donate(ann, 60, summer);
  EXPECT_EQ(ledger.state(ann).points_available, points(1));
  EXPECT_EQ(ledger.state(ann).honour_points, points(3));
  EXPECT_EQ(ledger.state(ann).honour_mg, mg(75));
  EXPECT_EQ(ledger.first_violation(), "");
}

TEST(donate, refuses_more_than_is_usable) {
  SmallLedger ledger;
  ledger.grant(ann, 1, 4, 100, spring);
  EXPECT_EQ(plan_use(ledger.state(ann), mg(101), summer).error().code, "USE-02");
  EXPECT_TRUE(plan_use(ledger.state(ann), mg(100), summer));
}

TEST(donate, by_a_provider_takes_the_exact_grams) {
  SmallLedger ledger;
  ledger.grant(ann, 1, 10, 100, spring);
  ledger.complete(ledger.order(ann, 10, summer), summer);
  ledger.donate(SmallLedger::provider, 37, summer);
  EXPECT_EQ(ledger.state(SmallLedger::provider).free_mg, mg(63));
  EXPECT_EQ(ledger.first_violation(), "");
}

TEST(legs, that_do_not_sum_to_zero_stop_the_process) {
  Posting posting;
  posting.legs.push_back({ann, BatchId{1}, 0, points(1), mg(0), mg(0)});
  EXPECT_DEATH(check_balanced(posting), "points of batch 1 do not sum to zero");
}

TEST(legs, never_move_points_between_two_people) {
  Posting posting;
  posting.account = ann;
  posting.legs.push_back({ann, BatchId{1}, 0, points(-1), mg(0), mg(0)});
  posting.legs.push_back({AccountId{1002}, BatchId{1}, 0, points(1), mg(0), mg(0)});
  EXPECT_NE(imbalance_of(posting), "");
}

TEST(legs, may_turn_backing_into_free_grams_of_the_same_batch) {
  Posting posting;
  posting.legs.push_back({ann, BatchId{1}, 0, points(0), mg(-5), mg(5)});
  EXPECT_EQ(imbalance_of(posting), "");
}

TEST(apply, stops_the_process_when_a_lot_is_missing) {
  AccountState state;
  state.account = ann;
  Posting posting;
  posting.account = ann;
  posting.legs.push_back({ann, BatchId{1}, 0, points(-1), mg(0), mg(0)});
  EXPECT_DEATH(apply(state, posting, EntryId{1}), "does not have");
}

TEST(apply, counts_used_points_for_the_one_whose_act_it_is) {
  SmallLedger ledger;
  ledger.grant(ann, 1, 10, 100, spring);
  const Entry order = ledger.order(ann, 4, summer);
  Posting both = order.posting;  // an order that would touch a second row, too
  both.honours.push_back({SmallLedger::provider, points(0), mg(1)});
  AccountState provider = ledger.state(SmallLedger::provider);
  apply(provider, both, EntryId{99});
  EXPECT_EQ(provider.points_used, points(0));
}

TEST(serials, follow_one_another_from_zero) {
  SerialCounter counter{BatchId{7}, mg(1000), mg(0)};
  EXPECT_EQ(describe(allocate_serials(counter, mg(400))), "7:0-400");
  EXPECT_EQ(describe(allocate_serials(counter, mg(600))), "7:400-1000");
}

TEST(serials, beyond_the_batch_stop_the_process) {
  SerialCounter counter{BatchId{7}, mg(1000), mg(900)};
  EXPECT_DEATH(static_cast<void>(allocate_serials(counter, mg(101))), "than was issued");
}

}  // namespace
}  // namespace tanpuhui
