#include "small_ledger.h"

namespace tanpuhui {
namespace {

constexpr AccountId ann{1001};
const Day spring = day("2025-03-01");

/// Entries 1 and 2 grants, 3 order, 4 completion, 5 order, 6 refund, 7 gift.
class Audit : public testing::Test {
 protected:
  Audit() {
    ledger_.grant(ann, 1, 10, 1000, spring);
    ledger_.grant(ann, 2, 0, 50, spring);
    ledger_.complete(ledger_.order(ann, 3, spring), spring);
    ledger_.refund(ledger_.order(ann, 2, spring), {.today = spring});
    ledger_.donate(ann, 120, spring);
  }
  Entry& entry(std::size_t number) { return ledger_.entries().at(number - 1); }
  AccountState& row() { return ledger_.state(ann); }
  bool finds(const std::string& invariant) {
    for (const Violation& violation : ledger_.audit())
      if (violation.invariant.starts_with(invariant)) return true;
    return false;
  }
  SmallLedger ledger_;
};

TEST_F(Audit, of_a_sound_ledger_finds_nothing) { EXPECT_EQ(ledger_.first_violation(), ""); }

TEST_F(Audit, finds_a_leg_that_was_changed) {
  entry(3).posting.legs[0].d_points -= points(1);
  EXPECT_TRUE(finds("L1 "));
}
TEST_F(Audit, finds_an_entry_that_was_removed) {
  ledger_.entries().erase(ledger_.entries().begin() + 1);
  EXPECT_TRUE(finds("L1 "));
  EXPECT_TRUE(finds("L4 rows"));
}
TEST_F(Audit, finds_grams_added_to_a_row) {
  row().lots[0].base_mg += mg(100);
  refresh_totals(row());
  EXPECT_TRUE(finds("L3"));
  EXPECT_TRUE(finds("L4 rows"));
}
TEST_F(Audit, finds_points_added_to_a_row) {
  row().lots[0].base_points += points(1);
  row().lots[0].points_left += points(1);
  refresh_totals(row());
  EXPECT_TRUE(finds("L3"));
}
TEST_F(Audit, finds_a_total_that_is_not_the_sum_of_its_lots) {
  row().points_available += points(1);
  EXPECT_TRUE(finds("L2"));
}
TEST_F(Audit, finds_an_expiry_that_was_put_off) {
  row().lots[0].expires_on = row().lots[0].expires_on + 365;
  refresh_totals(row());
  EXPECT_TRUE(finds("L4 rows"));
}
TEST_F(Audit, finds_a_row_that_is_gone) {
  ledger_.states().erase(ann);
  EXPECT_TRUE(finds("L4 rows"));
  EXPECT_TRUE(finds("L3"));
}
TEST_F(Audit, finds_honours_that_nobody_earned) {
  entry(7).posting.honours[0].d_mg += mg(1);
  EXPECT_TRUE(finds("L9"));
}
TEST_F(Audit, finds_a_completion_that_honours_more_than_its_order) {
  entry(4).posting.honours[0].d_points += points(1);
  EXPECT_TRUE(finds("L9"));
}
TEST_F(Audit, finds_serials_given_twice) {
  const SerialRange given = entry(7).posting.serials.at(0);
  ledger_.donate(ann, 100, spring);
  ledger_.entries().back().posting.serials = {given};
  EXPECT_TRUE(finds("L4 serials"));
}
TEST_F(Audit, finds_serials_that_overlap_by_one_milligram) {
  ledger_.donate(ann, 100, spring);
  for (SerialRange& range : ledger_.entries().back().posting.serials) range.from_mg -= mg(1), range.to_mg -= mg(1);
  EXPECT_TRUE(finds("L4 serials"));
}
TEST_F(Audit, finds_units_that_left_without_serials) {
  entry(7).posting.serials.pop_back();
  EXPECT_TRUE(finds("L4 serials"));
}
TEST_F(Audit, finds_serials_beyond_the_batch) {
  for (SerialRange& range : entry(7).posting.serials) range.from_mg += mg(5000), range.to_mg += mg(5000);
  EXPECT_TRUE(finds("L4 serials"));
}
TEST_F(Audit, finds_an_order_that_ends_twice) {
  entry(6).reverses = EntryId{3};
  EXPECT_TRUE(finds("L13"));
}
TEST_F(Audit, finds_a_reversal_of_a_later_entry) {
  entry(6).reverses = EntryId{7};
  EXPECT_TRUE(finds("L13"));
}
TEST_F(Audit, finds_a_refund_that_names_no_order) {
  entry(6).reverses.reset();
  EXPECT_TRUE(finds("L13"));
}
TEST_F(Audit, finds_an_escrow_below_zero) {
  ledger_.entries().erase(ledger_.entries().begin() + 2);
  EXPECT_TRUE(finds("L14"));
}
TEST_F(Audit, finds_a_negative_row) {
  row().honour_mg = mg(-1);
  EXPECT_TRUE(finds("L14"));
}
TEST_F(Audit, survives_figures_that_overflow) {
  row().lots[0].free_mg = mg(INT64_MAX);
  row().lots[0].expires_on = never;
  row().lots.back().free_mg = mg(INT64_MAX);
  EXPECT_TRUE(finds("L2"));
}

}  // namespace
}  // namespace tanpuhui
