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

TEST_F(BatchesTest, takes_what_came_later_into_a_batch_of_its_own) {
  const BatchId first = compute().value();
  seal_act({2025, 1, 9}, 1002, 1, 7);
  const BatchId second = compute().value();
  EXPECT_NE(first, second);
  EXPECT_EQ(Milligrams(7), load_batch(*database_, second).total());
}

}  // namespace
}  // namespace tanpuhui
