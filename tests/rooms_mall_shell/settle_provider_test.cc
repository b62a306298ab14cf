#include "rooms/mall/shell/settle_provider.h"

#include "mall_with_orders.h"

namespace tanpuhui {
namespace {

TEST_F(Orders, settle_into_the_providers_row_once) {
  grant(ann, 15);
  grant(bob, 30);
  const OfferId offer = list(10, 9);
  const std::vector<EntryId> placed{order(ann, offer).value().order, order(bob, offer, 2).value().order};
  const EntryId open = order(bob, offer).value().order;
  today_ = today_ + 15;
  complete_orders(office(), placed);
  const Settlement settlement = settle_provider(office(), cafe_).value();
  EXPECT_EQ(2, settlement.orders);
  EXPECT_EQ(Milligrams(3'000'000), settlement.released);
  EXPECT_EQ(Milligrams(3'000'000), account(cafe).free_mg);
  EXPECT_EQ(settlement.entry, settled_order(placed[0]));
  EXPECT_EQ(EntryId{}, settled_order(open));
  EXPECT_EQ(EntryId{}, settle_provider(office(), cafe_).value().entry);
}

TEST_F(Orders, settle_later_when_an_older_one_completes_after_a_newer) {
  grant(ann, 20);
  const OfferId offer = list(10, 9);
  const EntryId older = order(ann, offer).value().order, newer = order(ann, offer).value().order;
  today_ = today_ + 15;
  complete(newer).value();
  settle_provider(office(), cafe_).value();
  complete(older).value();
  EXPECT_EQ(1, settle_provider(office(), cafe_).value().orders);
  EXPECT_EQ(Milligrams(2'000'000), account(cafe).free_mg);
}

TEST_F(Orders, of_plain_points_settle_without_moving_anything) {
  grant(ann, 10, false);
  const OrderReceipt receipt = order(ann, list(10, 9)).value();
  EXPECT_EQ(Milligrams(), receipt.backing);
  today_ = receipt.completes_on;
  complete(receipt.order).value();
  const Settlement settlement = settle_provider(office(), cafe_).value();
  EXPECT_EQ(1, settlement.orders);
  EXPECT_EQ(settlement.entry, settled_order(receipt.order));
}

TEST_F(Orders, of_other_providers_stay_in_their_escrow) {
  open_account(AccountId{5003}, AccountKind::organisation);
  const NewProvider bus{"bus", AccountId{5003}, AccountId{5004}, opening_day, opening_day + 100};
  const Provider other = register_provider(office(), bus, next_id()).value();
  grant(ann, 10);
  const OrderReceipt receipt = order(ann, list(10, 9, "bus")).value();
  today_ = receipt.completes_on;
  complete(receipt.order).value();
  EXPECT_EQ(0, settle_provider(office(), cafe_).value().orders);
  EXPECT_EQ(Milligrams(1'000'000), settle_provider(office(), other).value().released);
}

}  // namespace
}  // namespace tanpuhui
