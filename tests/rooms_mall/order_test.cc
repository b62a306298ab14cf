#include "rooms/mall/order.h"

#include <gtest/gtest.h>

#include "ledger/apply.h"

namespace tanpuhui {
namespace {

const Day today = day_of({2025, 6, 1});

Offer ride_ticket() {
  Offer offer;
  offer.id = OfferId{1};
  offer.provider = AccountId{5001};
  offer.escrow = AccountId{5002};
  offer.price = Points(20);
  offer.stock = 3;
  offer.agreement_from = day_of({2025, 1, 1});
  offer.agreement_until = today;
  return offer;
}

AccountState citizen(std::int64_t points) {
  AccountState state;
  state.account = AccountId{1001};
  Grant grant;
  grant.batch = BatchId{1};
  grant.points = Points(points);
  grant.mg = Milligrams(points * 100'000);
  grant.credited_on = day_of({2025, 2, 1});
  grant.expires_on = day_of({2027, 2, 1});
  apply(state, post_lot(state, grant).value(), EntryId{1});
  return state;
}

Result<OrderDecision> ask(const Offer& offer, std::int64_t pieces, std::int64_t points) {
  return decide_order({offer.id, pieces}, offer, citizen(points), SpendOrder::bearing_first, today);
}

template <class T>
std::string code_of(const Result<T>& result) {
  return result ? "granted" : result.error().code;
}

TEST(order, is_granted_for_the_exact_points_on_the_last_day_of_the_agreement) {
  EXPECT_EQ("granted", code_of(ask(ride_ticket(), 3, 60)));
}

TEST(order, is_refused_for_one_point_too_few) { EXPECT_EQ("MAL-02", code_of(ask(ride_ticket(), 3, 59))); }

TEST(order, is_refused_for_one_piece_too_many) { EXPECT_EQ("MAL-02", code_of(ask(ride_ticket(), 4, 100))); }

TEST(order, is_refused_the_day_after_the_agreement_ends) {
  Offer offer = ride_ticket();
  offer.agreement_until = today - 1;
  EXPECT_EQ("MAL-01", code_of(ask(offer, 1, 100)));
}

TEST(order, names_the_missing_agreement_before_missing_points) {
  Offer offer = ride_ticket();
  offer.listed = false;
  EXPECT_EQ("MAL-01", code_of(ask(offer, 1, 1)));
}

struct Ordered {
  AccountState state;
  Entry entry;
};

Ordered ordered() {
  Ordered made{citizen(60), {}};
  made.entry.entry_id = EntryId{2};
  made.entry.kind = EntryKind::order;
  made.entry.posting =
      decide_order({OfferId{1}, 1}, ride_ticket(), made.state, SpendOrder::bearing_first, today).value().posting;
  apply(made.state, made.entry.posting, made.entry.entry_id);
  return made;
}

TEST(complete, is_refused_the_day_before_the_after_sales_window_ends) {
  const Ordered made = ordered();
  EXPECT_EQ("MAL-03", code_of(decide_complete({&made.entry, OrderState::confirmed, today + 15}, today + 14)));
  EXPECT_EQ("granted", code_of(decide_complete({&made.entry, OrderState::confirmed, today + 15}, today + 15)));
}

TEST(refund, gives_the_points_and_grams_back_to_the_milligram) {
  Ordered made = ordered();
  const AccountState before = citizen(60);
  const Result<Posting> back =
      decide_refund({true, 7}, {&made.entry, OrderState::confirmed, today + 15}, made.state, today);
  ASSERT_TRUE(back.has_value());
  apply(made.state, *back, EntryId{3});
  EXPECT_EQ(before.points_available, made.state.points_available);
  EXPECT_EQ(before.backing_mg, made.state.backing_mg);
}

TEST(refund, is_refused_once_the_order_has_ended) {
  const Ordered made = ordered();
  EXPECT_EQ("MAL-03", code_of(decide_refund({}, {&made.entry, OrderState::completed, today}, made.state, today)));
  EXPECT_EQ("MAL-03", code_of(decide_refund({}, {&made.entry, OrderState::refunded, today}, made.state, today)));
}

}  // namespace
}  // namespace tanpuhui
