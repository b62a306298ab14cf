#include "rooms/mall/order.h"

namespace tanpuhui {
namespace {

Result<Done> check_offer(const OrderRequest& request, const Offer& offer, Day today) {
  if (!offer.listed || today < offer.agreement_from || today > offer.agreement_until)
    return refuse("MAL-01")
        .because("offer", std::to_string(offer.id.value))
        .because("agreement_from", format_day(offer.agreement_from))
        .because("agreement_until", format_day(offer.agreement_until))
        .says("权益未上架或提供方协议不在有效期内",
              "the benefit is not listed or its provider has no agreement in force")
        .mend("选择其他权益", "choose another benefit");
  if (request.pieces < 1 || request.pieces > offer.stock)
    return refuse("MAL-02")
        .because("offer", std::to_string(offer.id.value))
        .because("pieces_asked", std::to_string(request.pieces))
        .because("pieces_left", std::to_string(offer.stock))
        .says("库存不足", "not enough pieces left")
        .mend("减少件数或等待补货", "take fewer or wait for new stock");
  return Done{};
}

std::string_view name_of(OrderState state) {
  if (state == OrderState::completed) return "completed";
  return state == OrderState::refunded ? "refunded" : "confirmed";
}

Refusal order_refusal(const OrderFacts& facts) {
  return refuse("MAL-03")
      .because("order", std::to_string(facts.order->entry_id.value))
      .because("state", std::string(name_of(facts.state)));
}

Result<Done> check_open(const OrderFacts& facts) {
  if (facts.state == OrderState::confirmed) return Done{};
  return order_refusal(facts)
      .says("订单已经结束", "the order has ended already")
      .mend("查看订单的后续记录", "look at the entry that ended it");
}

}  // namespace

Result<OrderDecision> decide_order(const OrderRequest& request, const Offer& offer, const AccountState& account,
                                   SpendOrder order, Day today, std::span<const BatchId> held) {
  TANPUHUI_TRY([[maybe_unused]] const Done offered, check_offer(request, offer, today));
  std::int64_t price = 0;
  if (__builtin_mul_overflow(offer.price.count(), request.pieces, &price))
    return refuse("MAL-02")
        .because("pieces_asked", std::to_string(request.pieces))
        .says("件数过大", "too many pieces")
        .mend("减少件数", "take fewer");
  TANPUHUI_TRY(SpendPlan plan, held.empty() ? plan_spend(account, Points(price), order, today)
                                            : plan_spend(without_held(account, held), Points(price), order, today));
  Posting posting = order_points(account, plan, offer.escrow);
  return OrderDecision{std::move(plan), std::move(posting)};
}

Result<Done> decide_complete(const OrderFacts& facts, Day today) {
  TANPUHUI_TRY([[maybe_unused]] const Done open, check_open(facts));
  if (today < facts.completes_on)
    return order_refusal(facts)
        .because("completes_on", format_day(facts.completes_on))
        .says("售后期尚未结束", "the after-sales window is still open")
        .mend("最早于 " + format_day(facts.completes_on) + " 完成", "complete it on " + format_day(facts.completes_on));
  return Done{};
}

Result<Posting> decide_refund(const RefundRequest& request, const OrderFacts& facts, const AccountState& account,
                              Day today) {
  TANPUHUI_TRY([[maybe_unused]] const Done open, check_open(facts));
  RefundTerms terms;
  terms.today = today;
  terms.grace_days = request.grace_days;
  terms.own_cancellation = request.by_person;
  return refund_order(account, *facts.order, terms);
}

}  // namespace tanpuhui
