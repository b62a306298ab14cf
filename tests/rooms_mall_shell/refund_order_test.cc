#include "rooms/mall/shell/refund_order.h"

#include "mall_with_orders.h"

namespace tanpuhui {
namespace {

TEST_F(Orders, refunded_give_points_grams_and_pieces_back) {
  grant(ann, 15);
  grant(ann, 10, false);
  const OfferId offer = list(10, 3);
  const EntryId placed = order(ann, offer, 2).value().order;
  const EntryId ended = refund(office(), placed, GivenUpBy::person, next_id()).value();
  EXPECT_EQ(placed, find_entry(*database_, ended).value().reverses);
  EXPECT_EQ("refunded", state_of(placed));
  EXPECT_EQ(3, stock_of(offer));
  EXPECT_EQ(Points(25), account(ann).points_available);
  EXPECT_EQ(Milligrams(1'500'000), account(ann).backing_mg);
  EXPECT_EQ(Points(), account(ann).honour_points);
}

TEST_F(Orders, refunded_again_under_the_same_id_give_the_first_answer_and_no_further_piece) {
  grant(ann, 10);
  const OfferId offer = list(10, 3);
  const EntryId placed = order(ann, offer).value().order;
  const CommandId id = next_id();
  const EntryId ended = refund(office(), placed, GivenUpBy::person, id).value();
  EXPECT_EQ(ended, refund(office(), placed, GivenUpBy::person, id).value());
  EXPECT_EQ(3, stock_of(offer));
}

TEST_F(Orders, refunded_are_not_refunded_or_completed_once_more) {
  grant(ann, 10);
  const OrderReceipt receipt = order(ann, list(10, 3)).value();
  refund(office(), receipt.order, GivenUpBy::person, next_id()).value();
  today_ = receipt.completes_on;
  EXPECT_EQ("MAL-03", code_of(refund(office(), receipt.order, GivenUpBy::person, next_id())));
  EXPECT_EQ("MAL-03", code_of(complete(receipt.order)));
}

TEST_F(Orders, completed_are_not_refunded) {
  grant(ann, 10);
  const OrderReceipt receipt = order(ann, list(10, 3)).value();
  today_ = receipt.completes_on;
  complete(receipt.order).value();
  EXPECT_EQ("MAL-03", code_of(refund(office(), receipt.order, GivenUpBy::operator_, next_id())));
}

TEST_F(Orders, that_nobody_placed_are_not_refunded) {
  EXPECT_EQ("MAL-03", code_of(refund(office(), EntryId{999}, GivenUpBy::operator_, next_id())));
}

TEST_F(Orders, refunded_by_the_operator_after_the_term_get_the_books_grace) {
  grant(ann, 10);
  today_ = add_years(opening_day, 2);
  const EntryId placed = order(ann, list(10, 3)).value().order;
  today_ = today_ + 5;
  refund(office(), placed, GivenUpBy::operator_, next_id()).value();
  EXPECT_EQ(today_ + book_.expiry.on(today_).value().grace_days_after_order, account(ann).next_expiry);
}

TEST_F(Orders, refunded_through_the_provider_after_the_term_get_the_longer_grace) {
  grant(ann, 10);
  today_ = add_years(opening_day, 2);
  const EntryId placed = order(ann, list(10, 3)).value().order;
  today_ = today_ + 5;
  refund(office(), placed, GivenUpBy::provider, next_id()).value();
  const ExpiryRule expiry = book_.expiry.on(today_).value();
  EXPECT_LT(expiry.grace_days_after_order, expiry.provider_refund_grace_days);
  EXPECT_EQ(today_ + expiry.provider_refund_grace_days, account(ann).next_expiry);
}

}  // namespace
}  // namespace tanpuhui
