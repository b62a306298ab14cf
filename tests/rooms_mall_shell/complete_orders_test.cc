#include "rooms/mall/shell/complete_orders.h"

#include "mall_with_orders.h"

namespace tanpuhui {
namespace {

TEST_F(Orders, complete_on_the_first_day_after_the_window_and_honour_the_person) {
  grant(ann, 20);
  const OrderReceipt receipt = order(ann, list(10, 3)).value();
  today_ = receipt.completes_on;
  const EntryId ended = complete(receipt.order).value();
  EXPECT_EQ(receipt.order, find_entry(*database_, ended).value().completes);
  EXPECT_EQ("completed", state_of(receipt.order));
  EXPECT_EQ(Points(10), account(ann).honour_points);
  EXPECT_EQ(Milligrams(1'000'000), account(ann).honour_mg);
}

TEST_F(Orders, are_refused_completion_a_day_early_and_get_it_when_due) {
  grant(ann, 20);
  const OrderReceipt receipt = order(ann, list(10, 3)).value();
  today_ = receipt.completes_on - 1;
  EXPECT_EQ("MAL-03", code_of(complete(receipt.order)));
  today_ = receipt.completes_on;
  EXPECT_EQ("granted", code_of(complete(receipt.order)));
}

TEST_F(Orders, completed_again_give_the_first_answer_in_one_commit_and_in_two) {
  grant(ann, 20);
  const OrderReceipt receipt = order(ann, list(10, 3)).value();
  today_ = receipt.completes_on;
  const auto both = complete_orders(office(), std::vector{receipt.order, receipt.order});
  EXPECT_EQ(both[0].value(), both[1].value());
  today_ = today_ + 9;
  EXPECT_EQ(both[0].value(), complete(receipt.order).value());
  EXPECT_EQ(Points(10), account(ann).honour_points);
}

TEST_F(Orders, complete_beside_others_that_cannot) {
  grant(ann, 20);
  const OfferId offer = list(10, 3);
  const EntryId first = order(ann, offer).value().order;
  today_ = today_ + 15;
  const EntryId second = order(ann, offer).value().order;
  const auto results = complete_orders(office(), std::vector{second, first, EntryId{999}});
  EXPECT_EQ("MAL-03", code_of(results[0]));
  EXPECT_EQ("granted", code_of(results[1]));
  EXPECT_EQ("MAL-03", code_of(results[2]));
}

}  // namespace
}  // namespace tanpuhui
