#include <map>
#include <random>

#include "mall_desk.h"
#include "rooms/mall/shell/refund_order.h"
#include "rooms/mall/shell/settle_provider.h"

namespace tanpuhui {
namespace {

/// What the mall should be, kept in plain integers beside it.
struct Model {
  struct Order {
    EntryId id;
    AccountId account;
    OfferId offer;
    std::int64_t pieces = 0, points = 0, mg = 0;
    Day completes_on;
    std::string state = "confirmed";
    bool settled = false;
  };
  std::map<AccountId, std::int64_t> points, honours;
  std::map<OfferId, std::int64_t> stock, price;
  std::map<OfferId, std::size_t> provider;
  std::map<std::size_t, std::int64_t> provider_mg;
  std::vector<Order> orders;
};

class RandomMall : public MallDesk {
 protected:
  static constexpr std::int64_t persons = 20;

  RandomMall() {
    for (std::int64_t i = 0; i < persons; ++i) open_person(AccountId{2001 + i});
    for (const std::int64_t number : {6001, 6011}) {
      open_account(AccountId{number}, AccountKind::organisation);
      const NewProvider provider{std::to_string(number), AccountId{number}, AccountId{number + 1}, opening_day,
                                 opening_day + 2000};
      providers_.push_back(register_provider(office(), provider, next_id()).value());
    }
    for (std::size_t i = 0; i < 5; ++i) open_offer(i);
  }

  std::int64_t draw(std::int64_t from, std::int64_t to) {
    return std::uniform_int_distribution<std::int64_t>(from, to)(random_);
  }
  void open_person(AccountId id) {
    open_account(id, AccountKind::person);
    model_.points[id] = 0;
    earn(id);
  }
  void earn(AccountId id) {
    const std::int64_t points = draw(1, 60);
    grant(id, points, draw(0, 2) > 0);
    model_.points[id] += points;
  }
  void open_offer(std::size_t i) {
    const std::int64_t price = draw(1, 12), stock = draw(5, 60);
    const OfferId offer = list(price, stock, providers_[i % 2].name);
    model_.stock[offer] = stock;
    model_.price[offer] = price;
    model_.provider[offer] = i % 2;
  }

  bool affordable(const OrderAct& act) {
    const OrderRequest& asked = act.request;
    return model_.stock[asked.offer] >= asked.pieces &&
           model_.points[act.account] >= asked.pieces * model_.price[asked.offer];
  }
  void expect_order(const OrderAct& act, const Result<OrderReceipt>& result) {
    ASSERT_EQ(affordable(act) ? "granted" : "MAL-02", code_of(result));
    if (!result) return;
    const std::int64_t points = act.request.pieces * model_.price[act.request.offer];
    EXPECT_EQ(points, (result->bearing_points + result->plain_points).count());
    EXPECT_EQ(result->bearing_points.count() * 100'000, result->backing.count());
    model_.stock[act.request.offer] -= act.request.pieces;
    model_.points[act.account] -= points;
    model_.orders.push_back({result->order, act.account, act.request.offer, act.request.pieces, points,
                             result->backing.count(), result->completes_on});
    placed_.push_back(act);
  }
  void place() {
    std::vector<OrderAct> acts;
    for (std::int64_t left = draw(1, 6); left > 0; --left)
      acts.push_back({next_id(), AccountId{2000 + draw(1, persons)}, {OfferId{draw(1, 5)}, draw(1, 4)}});
    const auto results = place_orders(office(), acts);
    for (std::size_t i = 0; i < acts.size(); ++i) expect_order(acts[i], results[i]);
  }
  void place_again() {
    if (placed_.empty()) return;
    const auto i = static_cast<std::size_t>(draw(0, std::ssize(placed_) - 1));
    EXPECT_EQ(model_.orders[i].id, order(placed_[i]).value().order);
  }
  Model::Order* any_order() {
    if (model_.orders.empty()) return nullptr;
    return &model_.orders[static_cast<std::size_t>(draw(0, std::ssize(model_.orders) - 1))];
  }
  void end_by_completion() {
    Model::Order* order = any_order();
    if (order == nullptr) return;
    const bool due = order->state == "confirmed" && today_ >= order->completes_on;
    ASSERT_EQ(due || order->state == "completed" ? "granted" : "MAL-03", code_of(complete(order->id)));
    if (!due) return;
    order->state = "completed";
    model_.honours[order->account] += order->points;
  }
  void end_by_refund() {
    Model::Order* order = any_order();
    if (order == nullptr) return;
    const bool open = order->state == "confirmed";
    ASSERT_EQ(open ? "granted" : "MAL-03",
              code_of(refund(office(), order->id, static_cast<GivenUpBy>(draw(0, 2)), next_id())));
    if (!open) return;
    order->state = "refunded";
    model_.points[order->account] += order->points;
    model_.stock[order->offer] += order->pieces;
  }
  void settle() {
    const auto provider = static_cast<std::size_t>(draw(0, 1));
    std::int64_t orders = 0, mg = 0;
    for (Model::Order& order : model_.orders) {
      if (order.state != "completed" || order.settled || model_.provider[order.offer] != provider) continue;
      order.settled = true;
      orders += 1;
      mg += order.mg;
    }
    const Settlement settlement = settle_provider(office(), providers_[provider]).value();
    EXPECT_EQ(orders, settlement.orders);
    EXPECT_EQ(mg, settlement.released.count());
    model_.provider_mg[provider] += mg;
  }
  void act() {
    const std::int64_t kind = draw(0, 99);
    if (kind < 30) return place();
    if (kind < 35) return place_again();
    if (kind < 70) return end_by_completion();
    if (kind < 80) return end_by_refund();
    if (kind < 88) return settle();
    if (kind < 94) return earn(AccountId{2000 + draw(1, persons)});
    today_ = today_ + static_cast<std::int32_t>(draw(1, 4));
  }
  void compare() {
    for (const auto& [id, points] : model_.points) {
      EXPECT_EQ(points, account(id).points_available.count()) << id.value;
      EXPECT_EQ(model_.honours[id], account(id).honour_points.count()) << id.value;
    }
    for (const auto& [offer, stock] : model_.stock) EXPECT_EQ(stock, stock_of(offer)) << offer.value;
    for (std::size_t i = 0; i < providers_.size(); ++i)
      EXPECT_EQ(model_.provider_mg[i], account(providers_[i].account).free_mg.count());
  }

  std::mt19937_64 random_{20250601};
  std::vector<Provider> providers_;
  std::vector<OrderAct> placed_;
  Model model_;
};

TEST_F(RandomMall, agrees_with_plain_sums_after_a_thousand_acts) {
  for (int i = 0; i < 1000 && !HasFatalFailure(); ++i) act();
  compare();
  EXPECT_EQ("", audited());
  for (const char* state : {"confirmed", "completed", "refunded"})
    EXPECT_LT(10, count("orders WHERE state = '" + std::string(state) + "'")) << state;
}

}  // namespace
}  // namespace tanpuhui
