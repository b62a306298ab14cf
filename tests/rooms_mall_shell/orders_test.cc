#include "rooms/mall/shell/orders.h"

#include <algorithm>

#include "mall_desk.h"

namespace tanpuhui {
namespace {

class Orders : public MallDesk {
 protected:
  Orders() : cafe_(register_cafe()) {}
  ~Orders() override { EXPECT_EQ("", audited()); }

  std::string state_of(EntryId order) {
    auto row = database_->statement("SELECT state FROM orders WHERE order_id = ?");
    row.bind(order.value);
    return row.step() ? std::string(row.text(0)) : "none";
  }
  EntryId settled_order(EntryId order) {
    return EntryId{database_->statement("SELECT coalesce(settled_by, 0) FROM orders WHERE order_id = ?")
                       .bind(order.value)
                       .run_integer()};
  }

  Provider cafe_;
};

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
  database_->execute(
      "CREATE TEMP TRIGGER thief AFTER INSERT ON orders BEGIN UPDATE offers SET stock = 0 WHERE offer_id = " +
      std::to_string(offer.value) + "; END");
  EXPECT_THROW(static_cast<void>(order(ann, offer)), Defect);
  database_->execute("DROP TRIGGER thief");
  EXPECT_EQ(0, count("orders"));
  EXPECT_EQ(1, stock_of(offer));
  EXPECT_EQ(Points(10), account(ann).points_available);
}

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

TEST_F(Orders, refunded_give_points_grams_and_pieces_back) {
  grant(ann, 15);
  grant(ann, 10, false);
  const OfferId offer = list(10, 3);
  const EntryId placed = order(ann, offer, 2).value().order;
  const EntryId ended = refund(office(), placed, true, next_id()).value();
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
  const EntryId ended = refund(office(), placed, true, id).value();
  EXPECT_EQ(ended, refund(office(), placed, true, id).value());
  EXPECT_EQ(3, stock_of(offer));
}

TEST_F(Orders, refunded_are_not_refunded_or_completed_once_more) {
  grant(ann, 10);
  const OrderReceipt receipt = order(ann, list(10, 3)).value();
  refund(office(), receipt.order, true, next_id()).value();
  today_ = receipt.completes_on;
  EXPECT_EQ("MAL-03", code_of(refund(office(), receipt.order, true, next_id())));
  EXPECT_EQ("MAL-03", code_of(complete(receipt.order)));
}

TEST_F(Orders, completed_are_not_refunded) {
  grant(ann, 10);
  const OrderReceipt receipt = order(ann, list(10, 3)).value();
  today_ = receipt.completes_on;
  complete(receipt.order).value();
  EXPECT_EQ("MAL-03", code_of(refund(office(), receipt.order, false, next_id())));
}

TEST_F(Orders, that_nobody_placed_are_not_refunded) {
  EXPECT_EQ("MAL-03", code_of(refund(office(), EntryId{999}, false, next_id())));
}

TEST_F(Orders, refunded_by_the_operator_after_the_term_get_the_books_grace) {
  grant(ann, 10);
  today_ = add_years(opening_day, 2);
  const EntryId placed = order(ann, list(10, 3)).value().order;
  today_ = today_ + 5;
  refund(office(), placed, false, next_id()).value();
  EXPECT_EQ(today_ + book_.expiry.on(today_).value().grace_days_after_order, account(ann).next_expiry);
}

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
