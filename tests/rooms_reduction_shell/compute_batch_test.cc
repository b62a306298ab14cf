#include "rooms/reduction/shell/compute_batch.h"

#include "batches.h"

namespace tanpuhui {
namespace {

TEST_F(BatchesTest, sums_what_each_person_saved_and_leaves_out_refused_acts) {
  const BatchContent content = load_batch(*database_, compute().value());
  EXPECT_EQ(
      (std::vector<BatchLine>{{AccountId{1001}, Milligrams(210'000), 2}, {AccountId{1002}, Milligrams(99'999), 1}}),
      content.lines);
}

TEST_F(BatchesTest, computes_the_same_period_once) { EXPECT_EQ(compute().value(), compute().value()); }

// 1001: 210'000 in January, then -40'000, +15'000 and +30'000 that come later: -40'000 is carried, 25'000 of it is
// made good, and 5'000 is issued.
TEST_F(BatchesTest, carry_losses_from_batch_to_batch_until_they_are_made_good) {
  const BatchId january = compute().value();
  seal_act({2025, 1, 11}, 1001, 1, -40'000);
  seal_act({2025, 1, 11}, 1002, 1, -9);
  const BatchId loss = compute().value();
  seal_act({2025, 1, 12}, 1001, 1, 15'000);
  const BatchId some = compute().value();
  seal_act({2025, 1, 13}, 1001, 1, 30'000);
  const BatchId made_good = compute().value();
  EXPECT_EQ(Milligrams(309'999), load_batch(*database_, january).total());
  EXPECT_EQ((std::vector<BatchLine>{{AccountId{1001}, Milligrams(), 1, 0, Milligrams(), Milligrams(-40'000)},
                                    {AccountId{1002}, Milligrams(), 1, 0, Milligrams(), Milligrams(-9)}}),
            load_lines(*database_, loss));
  EXPECT_EQ((std::vector<BatchLine>{{AccountId{1001}, Milligrams(), 1, 0, Milligrams(-40'000), Milligrams(-25'000)}}),
            load_lines(*database_, some));
  EXPECT_EQ((std::vector<BatchLine>{{AccountId{1001}, Milligrams(5'000), 1, 0, Milligrams(-25'000), Milligrams()}}),
            load_lines(*database_, made_good));
  seal_act({2025, 1, 14}, 1001, 1, 7);
  EXPECT_EQ((std::vector<BatchLine>{{AccountId{1001}, Milligrams(7), 1}}), load_lines(*database_, compute().value()));
}

TEST_F(BatchesTest, carry_nothing_into_another_scenario) {
  database_->execute("UPDATE sealed_acts SET reduction_mg = -5 WHERE account_id = 1001");
  compute().value();
  database_->execute(
      "INSERT INTO scenarios SELECT 2, 'other', title_zh, title_en, developer, methodology, methodology_hash, "
      "live_from, live_until, lateness_days, status FROM scenarios; UPDATE sealed_days SET scenario_id = 2, "
      "batch_id = NULL; UPDATE sealed_acts SET scenario_id = 2, reduction_mg = 3 WHERE account_id = 1001");
  const auto other = compute_batch(office(), {ScenarioId{2}, day_of({2025, 1, 1}), day_of({2025, 1, 31})});
  EXPECT_EQ((std::vector<BatchLine>{{AccountId{1001}, Milligrams(6), 2}}), load_lines(*database_, other.value()));
}

TEST_F(BatchesTest, count_accepted_acts_that_bear_no_reductions) {
  database_->execute("UPDATE sealed_acts SET reduction_mg = 0");
  const BatchContent content = load_batch(*database_, compute(false).value());
  EXPECT_EQ((std::vector<BatchLine>{{AccountId{1001}, Milligrams(), 2, 2}, {AccountId{1002}, Milligrams(), 1, 1}}),
            content.lines);
}

TEST_F(BatchesTest, of_acts_without_reductions_need_a_rule_for_their_points) {
  database_->execute("UPDATE sealed_acts SET reduction_mg = 0");
  book_ = js24_book_with(R"(points_per_act = "1")", "");
  const auto refused = compute(false);
  ASSERT_FALSE(refused);
  EXPECT_EQ("PTS-02", refused.error().code);
  EXPECT_EQ(book_.basis_of("PTS-02"), refused.error().basis);
  EXPECT_EQ(0, database_->statement("SELECT count(*) FROM sealed_days WHERE batch_id IS NOT NULL").run_integer());
}

TEST_F(BatchesTest, takes_what_came_later_into_a_batch_of_its_own) {
  const BatchId first = compute().value();
  seal_act({2025, 1, 9}, 1002, 1, 7);
  const BatchId second = compute().value();
  EXPECT_NE(first, second);
  EXPECT_EQ(Milligrams(7), load_batch(*database_, second).total());
}

}  // namespace
}  // namespace tanpuhui
