#include "rooms/mall/shell/place_orders.h"

#include <algorithm>

#include "mall_with_orders.h"

namespace tanpuhui {
namespace {

TEST_F(Orders, take_points_and_stock_and_tell_the_split) {
  grant(ann, 15);
  grant(ann, 10, false);
  const OfferId offer = list(10, 3);
  const OrderReceipt receipt = order(ann, offer, 2).value();
  EXPECT_EQ(Points(15), receipt.bearing_points);
  EXPECT_EQ(Points(5), receipt.plain_points);
  EXPECT_EQ(Milligrams(1'500'000), receipt.backing);
  EXPECT_EQ(opening_day + 15, receipt.completes_on);
  EXPECT_EQ(Points(5), account(ann).points_available);
  EXPECT_EQ(1, stock_of(offer));
  EXPECT_EQ("confirmed", state_of(receipt.order));
}

TEST_F(Orders, are_entries_of_the_person_on_the_spending_rule) {
  grant(ann, 20);
  const OfferId offer = list(10, 3);
  const Entry entry = find_entry(*database_, order(ann, offer, 2).value().order).value();
  EXPECT_EQ(EntryKind::order, entry.kind);
  EXPECT_EQ("person", entry.actor);
  EXPECT_EQ(book_.spending.on(today_).value().basis, entry.basis);
  EXPECT_EQ((Note{1, std::to_string(offer.value)}), entry.notes.at(0));
  EXPECT_EQ((Note{2, "2"}), entry.notes.at(1));
}

TEST_F(Orders, sent_again_give_the_first_receipt_and_take_nothing) {
  grant(ann, 15);
  grant(ann, 25, false);
  const OfferId offer = list(10, 3);
  const OrderAct act{next_id(), ann, {offer, 2}};
  const OrderReceipt first = order(act).value();
  today_ = today_ + 3;
  const OrderReceipt again = order(act).value();
  EXPECT_EQ(first.order, again.order);
  EXPECT_EQ(first.bearing_points, again.bearing_points);
  EXPECT_EQ(first.plain_points, again.plain_points);
  EXPECT_EQ(first.backing, again.backing);
  EXPECT_EQ(first.completes_on, again.completes_on);
  EXPECT_EQ(1, stock_of(offer));
  EXPECT_EQ(Points(20), account(ann).points_available);
}

TEST_F(Orders, twice_in_one_commit_under_one_id_are_one_order) {
  grant(ann, 20);
  const OfferId offer = list(10, 3);
  const OrderAct act{next_id(), ann, {offer, 1}};
  const auto results = place_orders(office(), std::vector{act, act});
  EXPECT_EQ(results[0].value().order, results[1].value().order);
  EXPECT_EQ(2, stock_of(offer));
}

TEST_F(Orders, under_a_used_id_with_other_content_are_refused) {
  grant(ann, 20);
  const OfferId offer = list(10, 3);
  OrderAct act{next_id(), ann, {offer, 1}};
  order(act).value();
  act.request.pieces = 2;
  EXPECT_EQ("IDM-01", code_of(order(act)));
}

TEST_F(Orders, of_an_unknown_offer_are_refused) {
  grant(ann, 20);
  EXPECT_EQ("MAL-01", code_of(order(ann, OfferId{77})));
}

TEST_F(Orders, of_an_account_that_nobody_opened_are_refused) {
  EXPECT_EQ("ACC-01", code_of(order(AccountId{4711}, list(10, 3))));
}

TEST_F(Orders, refused_name_their_provision_and_stay_refused) {
  const OrderAct act{next_id(), ann, {list(10, 3), 1}};
  const auto refused = order(act);
  ASSERT_EQ("MAL-02", code_of(refused));
  EXPECT_EQ(book_.basis_of("MAL-02"), refused.error().basis);
  grant(ann, 20);
  EXPECT_EQ("MAL-02", code_of(order(act)));
}

TEST_F(Orders, of_the_last_piece_in_one_commit_are_won_by_the_first) {
  grant(ann, 10);
  grant(bob, 10);
  const OfferId offer = list(10, 1);
  const auto results =
      place_orders(office(), std::vector<OrderAct>{{next_id(), bob, {offer, 1}}, {next_id(), ann, {offer, 1}}});
  EXPECT_EQ("granted", code_of(results[0]));
  EXPECT_EQ("MAL-02", code_of(results[1]));
  EXPECT_EQ(0, stock_of(offer));
  EXPECT_EQ(Points(10), account(ann).points_available);
}

TEST_F(Orders, of_the_last_piece_in_two_commits_are_won_by_the_first) {
  grant(ann, 10);
  grant(bob, 10);
  const OfferId offer = list(10, 1);
  EXPECT_EQ("granted", code_of(order(bob, offer)));
  EXPECT_EQ("MAL-02", code_of(order(ann, offer)));
  EXPECT_EQ(0, stock_of(offer));
}

TEST_F(Orders, of_the_last_points_in_one_commit_are_won_by_the_first) {
  grant(ann, 10);
  const OfferId offer = list(10, 5);
  const auto results =
      place_orders(office(), std::vector<OrderAct>{{next_id(), ann, {offer, 1}}, {next_id(), ann, {offer, 1}}});
  EXPECT_EQ("granted", code_of(results[0]));
  EXPECT_EQ("MAL-02", code_of(results[1]));
  EXPECT_EQ(4, stock_of(offer));
}

TEST_F(Orders, of_the_last_points_in_two_commits_are_won_by_the_first) {
  grant(ann, 10);
  const OfferId offer = list(10, 5);
  EXPECT_EQ("granted", code_of(order(ann, offer)));
  EXPECT_EQ("MAL-02", code_of(order(ann, offer)));
  EXPECT_EQ(4, stock_of(offer));
}

TEST_F(Orders, a_refused_one_leaves_its_pieces_to_the_next_of_the_commit) {
  grant(ann, 10);
  const OfferId offer = list(10, 1);
  const auto results =
      place_orders(office(), std::vector<OrderAct>{{next_id(), bob, {offer, 1}}, {next_id(), ann, {offer, 1}}});
  EXPECT_EQ("MAL-02", code_of(results[0]));
  EXPECT_EQ("granted", code_of(results[1]));
}

TEST_F(Orders, of_more_than_one_commit_never_oversell) {
  constexpr std::size_t asked = Writer::commands_per_commit + 20, pieces = Writer::commands_per_commit + 10;
  grant(ann, asked);
  const OfferId offer = list(1, pieces);
  std::vector<OrderAct> acts;
  for (std::size_t i = 0; i < asked; ++i) acts.push_back({next_id(), ann, {offer, 1}});
  const auto results = place_orders(office(), acts);
  EXPECT_EQ(static_cast<std::ptrdiff_t>(pieces),
            std::ranges::count_if(results, [](const auto& result) { return result.has_value(); }));
  EXPECT_EQ(0, stock_of(offer));
}

TEST_F(Orders, decided_on_stock_that_is_gone_leave_nothing_behind) {
  grant(ann, 10);
  const OfferId offer = list(10, 1);
  // Another hand empties the shelf between the decision and the update of the same transaction.
  const std::string theft = "BEGIN UPDATE offers SET stock = 0 WHERE offer_id = " + std::to_string(offer.value) + "; ";
  if (on_server())
    database_->execute("CREATE FUNCTION steal() RETURNS trigger LANGUAGE plpgsql AS $$ " + theft +
                       "RETURN NULL; END $$; CREATE TRIGGER thief AFTER INSERT ON orders EXECUTE FUNCTION steal()");
  else
    database_->execute("CREATE TEMP TRIGGER thief AFTER INSERT ON orders " + theft + "END");
  EXPECT_THROW(static_cast<void>(order(ann, offer)), Raced);
  database_->execute(on_server() ? "DROP TRIGGER thief ON orders" : "DROP TRIGGER thief");
  EXPECT_EQ(0, count("orders"));
  EXPECT_EQ(1, stock_of(offer));
  EXPECT_EQ(Points(10), account(ann).points_available);
}

}  // namespace
}  // namespace tanpuhui
