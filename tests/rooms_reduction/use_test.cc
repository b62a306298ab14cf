#include "rooms/reduction/use.h"

#include <gtest/gtest.h>

#include "ledger/apply.h"

namespace tanpuhui {
namespace {

const Day today = day_of({2025, 11, 1});

AccountState holder() {
  AccountState state;
  state.account = AccountId{1001};
  Grant grant;
  grant.batch = BatchId{1};
  grant.points = Points(10);
  grant.mg = Milligrams(1'000'000);
  grant.credited_on = day_of({2025, 2, 1});
  grant.expires_on = day_of({2027, 2, 1});
  apply(state, post_lot(state, grant).value(), EntryId{1});
  return state;
}

std::vector<UsePurpose> purposes() {
  return {
      {"event_neutrality", "大型活动碳中和", "event neutrality", SystemAccount::retired_event, EntryKind::donate, true},
      {"cancel", "自愿注销", "voluntary cancellation", SystemAccount::cancelled, EntryKind::cancel, false}};
}

std::string code_of(const Result<UseDecision>& result) { return result ? "granted" : result.error().code; }

Result<UseDecision> ask(UseRequest request, bool in_region = true, std::vector<BatchId> held = {}) {
  const AccountState state = holder();
  return decide_use(request, {&state, purposes(), in_region, std::move(held), today});
}

TEST(use, takes_nothing_of_a_batch_that_waits_for_its_notice) {
  const Result<UseDecision> refused = ask({"cancel", "", Milligrams(150'000)}, true, {holder().lots.front().batch});
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ("USE-02", refused.error().code);
  EXPECT_NE(refused.error().message_en.find("notice"), std::string::npos);
  EXPECT_TRUE(ask({"cancel", "", Milligrams(150'000)}, true, {BatchId{99}}));
}

TEST(use, takes_the_fewest_whole_points_that_carry_enough) {
  const Result<UseDecision> decision = ask({"cancel", "", Milligrams(150'000)});
  ASSERT_TRUE(decision.has_value());
  EXPECT_EQ(Points(2), decision->plan.points);
  EXPECT_EQ(Milligrams(200'000), decision->plan.total_mg());
}

TEST(use, is_granted_for_all_and_refused_for_a_milligram_more) {
  EXPECT_EQ("granted", code_of(ask({"cancel", "", Milligrams(1'000'000)})));
  EXPECT_EQ("USE-02", code_of(ask({"cancel", "", Milligrams(1'000'001)})));
}

TEST(use, is_refused_for_a_purpose_that_is_not_listed) {
  EXPECT_EQ("USE-01", code_of(ask({"resale", "", Milligrams(1)})));
}

TEST(use, for_an_event_needs_its_name_and_its_region) {
  EXPECT_EQ("granted", code_of(ask({"event_neutrality", "final", Milligrams(1)})));
  EXPECT_EQ("USE-01", code_of(ask({"event_neutrality", "", Milligrams(1)})));
  EXPECT_EQ("USE-01", code_of(ask({"event_neutrality", "final", Milligrams(1)}, false)));
}

TEST(use, of_nothing_is_refused) { EXPECT_EQ("USE-02", code_of(ask({"cancel", "", Milligrams(0)}))); }

}  // namespace
}  // namespace tanpuhui
