#include "rooms/mall/shell/orders.h"

#include <algorithm>
#include <map>
#include <unordered_map>

#include "base/cbor.h"
#include "crypto/hash.h"

namespace tanpuhui {
namespace {

// Notes of an order.
constexpr std::int64_t note_offer = 1, note_pieces = 2, note_bearing_points = 3;

constexpr std::int64_t orders_per_settlement = 100'000;

template <class Item>
std::span<const Item> group_at(std::span<const Item> items, std::size_t at) {
  return items.subspan(at, std::min(Writer::commands_per_commit, items.size() - at));
}

// ---- The register of orders.

struct StoredOrder {
  Entry entry;
  OrderState state = OrderState::confirmed;
  Day completes_on;
  OfferId offer;
  std::int64_t pieces = 0;
  EntryId ended_by;

  OrderFacts facts() const { return {&entry, state, completes_on}; }
  AccountId account() const { return entry.posting.account; }
};

OrderState read_state(std::string_view text) {
  if (text == "completed") return OrderState::completed;
  return text == "refunded" ? OrderState::refunded : OrderState::confirmed;
}

Entry load_entry(Database& database, EntryId id) {
  std::optional<Entry> entry = find_entry(database, id);
  TANPUHUI_REQUIRE(entry, "an order is named by its entry");
  return std::move(*entry);
}

std::optional<StoredOrder> load_order(Database& database, EntryId id) {
  auto row = database.statement(
      "SELECT state, completes_on, offer_id, pieces, coalesce(ended_by, 0) FROM orders WHERE order_id = ?");
  row.bind(id.value);
  if (!row.step()) return std::nullopt;
  StoredOrder order;
  order.entry = load_entry(database, id);
  order.state = read_state(row.text(0));
  order.completes_on = Day{static_cast<std::int32_t>(row.integer(1))};
  order.offer = OfferId{row.integer(2)};
  order.pieces = row.integer(3);
  order.ended_by = EntryId{row.integer(4)};
  return order;
}

void save_order(Database& database, EntryId id, const OrderAct& act, Day completes_on) {
  database
      .statement(
          "INSERT INTO orders(order_id, part, account_id, offer_id, pieces, completes_on, state) VALUES (?, ?, "
          "?, ?, ?, ?, 'confirmed')")
      .bind(id.value)
      .bind(part_of(act.account).value)
      .bind(act.account.value)
      .bind(act.request.offer.value)
      .bind(act.request.pieces)
      .bind(completes_on.number)
      .run();
}

void take_stock(Database& database, const OrderRequest& request) {
  const std::int64_t taken = database.statement("UPDATE offers SET stock = stock - ? WHERE offer_id = ? AND stock >= ?")
                                 .bind(request.pieces)
                                 .bind(request.offer.value)
                                 .bind(request.pieces)
                                 .run();
  TANPUHUI_REQUIRE(taken == 1, "the stock is as it was when the order was decided");
}

void end_order(Database& database, EntryId order, EntryId ended_by, std::string_view state) {
  const std::int64_t ended =
      database.statement("UPDATE orders SET state = ?, ended_by = ? WHERE order_id = ? AND state = 'confirmed'")
          .bind(state)
          .bind(ended_by.value)
          .bind(order.value)
          .run();
  TANPUHUI_REQUIRE(ended == 1, "an order ends once");
}

void put_back(Database& database, const StoredOrder& order) {
  const std::int64_t put = database.statement("UPDATE offers SET stock = stock + ? WHERE offer_id = ?")
                               .bind(order.pieces)
                               .bind(order.offer.value)
                               .run();
  TANPUHUI_REQUIRE(put == 1, "an order names an offer");
}

Refusal no_such_order(EntryId order) {
  return refuse("MAL-03")
      .because("order", std::to_string(order.value))
      .says("没有这笔订单", "there is no such order")
      .mend("核对订单编号", "check the order's number");
}

// ---- Placing.

struct OrderTerms {
  SpendOrder order = SpendOrder::bearing_first;
  std::string basis;
  Day today, completes_on;
};

Result<OrderTerms> terms_of(const Office& office) {
  const Day today = office.today();
  TANPUHUI_TRY(const SpendRule spending, office.book.spending.on(today));
  TANPUHUI_TRY(const OrderRule rule, office.book.orders.on(today));
  const bool bearing = spending.first == SpendFirst::bearing;
  return OrderTerms{bearing ? SpendOrder::bearing_first : SpendOrder::oldest_first, spending.basis, today,
                    today + rule.after_sales_days};
}

// What the commands of one commit see of the mall: read once, counted down by each order that is granted.
using Shelf = std::unordered_map<OfferId, Offer>;

Shelf load_shelf(Database& database, std::span<const OrderAct> acts) {
  Shelf shelf;
  for (const OrderAct& act : acts) {
    if (shelf.contains(act.request.offer)) continue;
    if (const auto offer = find_offer(database, act.request.offer)) shelf.emplace(offer->id, *offer);
  }
  return shelf;
}

Refusal no_such_offer(OfferId offer) {
  return refuse("MAL-01")
      .because("offer", std::to_string(offer.value))
      .says("没有这项权益", "there is no such benefit")
      .mend("从上架的权益中选择", "choose one that is listed");
}

Milligrams backing_of(const Entry& order) {
  Milligrams sum;
  for (const BatchAmount& amount : escrowed_by(order)) sum += amount.mg;
  return sum;
}

Points points_of(const Entry& order) {
  Points sum;
  for (const Leg& leg : order.posting.legs)
    if (leg.account == system_account(SystemAccount::points_used)) sum += leg.d_points;
  return sum;
}

Points bearing_points_of(const Entry& order) {
  for (const Note& note : order.notes)
    if (note.key == note_bearing_points) return Points(std::stoll(note.text));
  raise_defect("an order notes its bearing points", __FILE__, __LINE__);
}

// The receipt as it was given the first time.
OrderReceipt read_receipt(Database& database, EntryId id) {
  const std::optional<StoredOrder> order = load_order(database, id);
  TANPUHUI_REQUIRE(order, "a granted order stands in the register");
  const Points bearing = bearing_points_of(order->entry);
  return {id, bearing, points_of(order->entry) - bearing, backing_of(order->entry), order->completes_on};
}

Decided placed(const Office& office, const OrderAct& act, const OrderTerms& terms, OrderDecision decision) {
  Decided decided;
  decided.entry = office.entry(EntryKind::order, "person", terms.basis, std::move(decision.posting));
  decided.entry.notes = {{note_offer, std::to_string(act.request.offer.value)},
                         {note_pieces, std::to_string(act.request.pieces)},
                         {note_bearing_points, std::to_string(decision.plan.bearing_points.count())}};
  decided.also = [&act, completes_on = terms.completes_on](Database& database, EntryId id) {
    save_order(database, id, act, completes_on);
    take_stock(database, act.request);
  };
  return decided;
}

Digest digest_of(const OrderRequest& request) {
  CborWriter out;
  out.array(3).text("tph/order1").integer(request.offer.value).integer(request.pieces);
  return sha256(out.result());
}

Command order_command(const Office& office, const OrderAct& act, const Result<OrderTerms>& terms, Shelf& shelf,
                      OrderReceipt& receipt) {
  return office.command(
      act.id, act.account, digest_of(act.request), [&](const AccountState& account) -> Result<Decided> {
        if (!terms) return terms.error();
        const auto offer = shelf.find(act.request.offer);
        if (offer == shelf.end()) return no_such_offer(act.request.offer);
        TANPUHUI_TRY(OrderDecision decision,
                     decide_order(act.request, offer->second, account, terms->order, terms->today));
        offer->second.stock -= act.request.pieces;
        const SpendPlan& plan = decision.plan;
        receipt = {EntryId{}, plan.bearing_points, plan.plain_points, plan.backing_mg, terms->completes_on};
        return placed(office, act, *terms, std::move(decision));
      });
}

void place_group(const Office& office, std::span<const OrderAct> acts, const Result<OrderTerms>& terms,
                 std::vector<Result<OrderReceipt>>& results) {
  Shelf shelf = load_shelf(office.database, acts);
  std::vector<OrderReceipt> receipts(acts.size());
  std::vector<Command> commands;
  commands.reserve(acts.size());
  for (std::size_t i = 0; i < acts.size(); ++i)
    commands.push_back(order_command(office, acts[i], terms, shelf, receipts[i]));
  const std::vector<Answer> answers = office.writer.execute(commands, office.now);
  for (std::size_t i = 0; i < acts.size(); ++i) {
    receipts[i].order = answers[i].entry;
    if (answers[i].refusal)
      results.emplace_back(office.on_its_basis(*answers[i].refusal));
    else
      results.emplace_back(answers[i].repeated ? read_receipt(office.database, answers[i].entry) : receipts[i]);
  }
}

// ---- Completing.

Digest completion_of(EntryId order) {
  CborWriter out;
  out.array(2).text("tph/complete1").integer(order.value);
  return sha256(out.result());
}

Result<Decided> completed(const Office& office, const StoredOrder& order, const std::string& basis) {
  TANPUHUI_TRY([[maybe_unused]] const Done due, decide_complete(order.facts(), office.today()));
  Decided decided;
  decided.entry = office.entry(EntryKind::complete, "operator", basis, complete_order(order.entry));
  decided.entry.completes = order.entry.entry_id;
  decided.also = [id = order.entry.entry_id](Database& database, EntryId ended_by) {
    end_order(database, id, ended_by, "completed");
  };
  return decided;
}

// The id of a completion is the order's, and refusals are remembered: so only what is due becomes a command.
Result<Done> may_complete(const Office& office, const std::optional<StoredOrder>& order, EntryId id) {
  if (!order) return no_such_order(id);
  return decide_complete(order->facts(), office.today());
}

void complete_group(const Office& office, std::span<const EntryId> ids, const std::string& basis,
                    std::vector<Result<EntryId>>& results) {
  std::vector<std::optional<StoredOrder>> orders;
  for (const EntryId id : ids) orders.push_back(load_order(office.database, id));
  std::vector<Command> commands;
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (orders[i] && orders[i]->state == OrderState::completed) {
      results.emplace_back(orders[i]->ended_by);
    } else if (const auto due = may_complete(office, orders[i], ids[i]); !due) {
      results.emplace_back(office.on_its_basis(due.error()));
    } else {
      const StoredOrder& order = *orders[i];
      const Digest content = completion_of(ids[i]);
      commands.push_back(office.command(command_id_of(start_of(order.completes_on, office.book.zone), content),
                                        order.account(), content,
                                        [&](const AccountState&) { return completed(office, order, basis); }));
      places.push_back(results.size());
      results.emplace_back(EntryId{});
    }
  }
  const std::vector<Answer> answers = office.writer.execute(commands, office.now);
  for (std::size_t i = 0; i < answers.size(); ++i) {
    Result<EntryId>& result = results[places[i]];
    result = answers[i].refusal ? Result<EntryId>(*answers[i].refusal) : Result<EntryId>(answers[i].entry);
  }
}

// ---- Refunding.

Digest refund_of(EntryId order, bool by_person) {
  CborWriter out;
  out.array(3).text("tph/refund1").integer(order.value).integer(by_person ? 1 : 0);
  return sha256(out.result());
}

Result<Decided> refunded(const Office& office, const StoredOrder& order, bool by_person, const AccountState& account) {
  TANPUHUI_TRY(const OrderRule rule, office.book.orders.on(office.today()));
  TANPUHUI_TRY(const ExpiryRule expiry, office.book.expiry.on(office.today()));
  RefundRequest request;
  request.by_person = by_person;
  request.grace_days = expiry.grace_days_after_order;
  TANPUHUI_TRY(Posting posting, decide_refund(request, order.facts(), account, office.today()));
  Decided decided;
  decided.entry = office.entry(EntryKind::refund, by_person ? "person" : "operator", rule.basis, std::move(posting));
  decided.entry.reverses = order.entry.entry_id;
  decided.also = [&order](Database& database, EntryId ended_by) {
    end_order(database, order.entry.entry_id, ended_by, "refunded");
    put_back(database, order);
  };
  return decided;
}

// ---- Settling.

struct Unsettled {
  std::map<BatchId, Milligrams> sums;
  std::int64_t orders = 0;
  EntryId last;
  Instant last_at;
  Milligrams released;

  void add(const Entry& order) {
    last = order.entry_id;
    last_at = order.recorded_at;
    orders += 1;
    for (const BatchAmount& amount : escrowed_by(order)) {
      sums[amount.batch] += amount.mg;
      released += amount.mg;
    }
  }
  std::vector<BatchAmount> amounts() const {
    std::vector<BatchAmount> all;
    for (const auto& [batch, mg] : sums) all.push_back({batch, mg});
    return all;
  }
};

Unsettled load_unsettled(Database& database, AccountId provider) {
  Unsettled unsettled;
  auto rows = database.statement(
      "SELECT order_id FROM orders WHERE state = 'completed' AND settled_by IS NULL AND offer_id IN (SELECT offer_id "
      "FROM offers WHERE provider_id = ?) ORDER BY order_id LIMIT ?");
  rows.bind(provider.value).bind(orders_per_settlement);
  while (rows.step()) unsettled.add(load_entry(database, EntryId{rows.integer(0)}));
  return unsettled;
}

void mark_settled(Database& database, AccountId provider, const Unsettled& unsettled, EntryId settled_by) {
  const std::int64_t marked =
      database
          .statement(
              "UPDATE orders SET settled_by = ? WHERE state = 'completed' AND settled_by IS NULL AND order_id "
              "<= ? AND offer_id IN (SELECT offer_id FROM offers WHERE provider_id = ?)")
          .bind(settled_by.value)
          .bind(unsettled.last.value)
          .bind(provider.value)
          .run();
  TANPUHUI_REQUIRE(marked == unsettled.orders, "a settlement marks the orders that it summed");
}

// Each order is settled once, so the last one of a settlement names it.
Digest settlement_of(AccountId provider, EntryId last_order) {
  CborWriter out;
  out.array(3).text("tph/settle1").integer(provider.value).integer(last_order.value);
  return sha256(out.result());
}

Decided settled(const Office& office, const Provider& provider, const Unsettled& unsettled, const std::string& basis,
                const AccountState& account) {
  Posting posting;
  if (unsettled.released > Milligrams())
    posting = settle_escrow(account, provider.escrow, unsettled.amounts(), office.today());
  Decided decided;
  decided.entry = office.entry(EntryKind::settle, "operator", basis, std::move(posting));
  decided.also = [&](Database& database, EntryId id) { mark_settled(database, provider.account, unsettled, id); };
  return decided;
}

}  // namespace

std::vector<Result<OrderReceipt>> place_orders(const Office& office, std::span<const OrderAct> acts) {
  std::vector<Result<OrderReceipt>> results;
  results.reserve(acts.size());
  const Result<OrderTerms> terms = terms_of(office);
  for (std::size_t at = 0; at < acts.size(); at += Writer::commands_per_commit)
    place_group(office, group_at(acts, at), terms, results);
  return results;
}

std::vector<Result<EntryId>> complete_orders(const Office& office, std::span<const EntryId> orders) {
  std::vector<Result<EntryId>> results;
  results.reserve(orders.size());
  const Result<OrderRule> rule = office.book.orders.on(office.today());
  if (!rule) return {orders.size(), Result<EntryId>(office.on_its_basis(rule.error()))};
  for (std::size_t at = 0; at < orders.size(); at += Writer::commands_per_commit)
    complete_group(office, group_at(orders, at), rule->basis, results);
  return results;
}

Result<EntryId> refund(const Office& office, EntryId order, bool by_person, CommandId id) {
  const std::optional<StoredOrder> stored = load_order(office.database, order);
  if (!stored) return office.on_its_basis(no_such_order(order));
  return office.carry_out(
      office.command(id, stored->account(), refund_of(order, by_person),
                     [&](const AccountState& account) { return refunded(office, *stored, by_person, account); }));
}

Result<Settlement> settle_provider(const Office& office, const Provider& provider) {
  const Unsettled unsettled = load_unsettled(office.database, provider.account);
  if (unsettled.orders == 0) return Settlement{};
  TANPUHUI_TRY(const OrderRule rule, office.book.orders.on(office.today()));
  const Digest content = settlement_of(provider.account, unsettled.last);
  // Orders of plain points release nothing: then no account moves and the programme itself keeps the entry.
  const bool moves = unsettled.released > Milligrams();
  const AccountId caller = moves ? provider.account : system_account(SystemAccount::issued);
  TANPUHUI_TRY(const EntryId entry,
               office.carry_out(office.command(command_id_of(unsettled.last_at, content), caller, content,
                                               [&](const AccountState& account) -> Result<Decided> {
                                                 return settled(office, provider, unsettled, rule.basis, account);
                                               })));
  return Settlement{entry, unsettled.orders, unsettled.released};
}

}  // namespace tanpuhui
