#include "rooms/mall/shell/place_orders.h"

#include <map>
#include <unordered_map>

#include "base/cbor.h"
#include "crypto/hash.h"
#include "rooms/mall/shell/find_offers.h"
#include "rooms/mall/shell/stored_orders.h"
#include "rooms/reduction/shell/find_issuance.h"

namespace tanpuhui {
namespace {

// Notes of an order.
constexpr std::int64_t note_offer = 1, note_pieces = 2, note_bearing_points = 3;

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

struct Placed {
  EntryId id;
  const OrderAct* act;
};

/// What the commands of one commit see of the mall, counted down by each order that is granted, and what they do to it.
struct Shelf {
  struct Stand {
    Offer offer;
    std::int64_t taken = 0;
  };
  std::unordered_map<OfferId, Stand> stands;
  std::vector<Placed> placed;
  std::vector<BatchId> held;  ///< on notice: their points are not spent
};

Shelf load_shelf(Database& database, std::span<const OrderAct> acts) {
  Shelf shelf;
  shelf.held = find_held_batches(database);
  for (const OrderAct& act : acts) {
    if (shelf.stands.contains(act.request.offer)) continue;
    if (auto offer = find_offer(database, act.request.offer)) shelf.stands.emplace(offer->id, Shelf::Stand{*offer});
  }
  return shelf;
}

Refusal no_such_offer(OfferId offer) {
  return refuse("MAL-01")
      .because("offer", std::to_string(offer.value))
      .says("没有这项权益", "there is no such benefit")
      .mend("从上架的权益中选择", "choose one that is listed");
}

void save_orders(Database& database, const Shelf& shelf, Day completes_on) {
  auto insert = database.statement(
      "INSERT INTO orders(order_id, part, account_id, offer_id, pieces, completes_on, state) VALUES (?, ?, ?, ?, ?, ?, "
      "'confirmed')");
  for (const auto& [id, act] : shelf.placed) {
    insert.bind(id.value).bind(part_of(act->account).value).bind(act->account.value);
    insert.bind(act->request.offer.value).bind(act->request.pieces).bind(completes_on.number).add();
  }
  insert.queue();
}

// One update an offer, on condition that the stock is still there.
void take_stock(Database& database, const Shelf& shelf) {
  const std::map<OfferId, Shelf::Stand> in_order(shelf.stands.begin(), shelf.stands.end());
  auto update = database.statement("UPDATE offers SET stock = stock - ? WHERE offer_id = ? AND stock >= ?");
  std::int64_t offers = 0;
  for (const auto& [id, stand] : in_order) {
    if (stand.taken == 0) continue;
    update.bind(stand.taken).bind(id.value).bind(stand.taken).add();
    ++offers;
  }
  update.queue(offers);
}

Decided placed(const Office& office, const OrderAct& act, const OrderTerms& terms, OrderDecision decision,
               Shelf& shelf) {
  Decided decided;
  decided.entry = office.entry(EntryKind::order, "person", terms.basis, std::move(decision.posting));
  decided.entry.notes = {{note_offer, std::to_string(act.request.offer.value)},
                         {note_pieces, std::to_string(act.request.pieces)},
                         {note_bearing_points, std::to_string(decision.plan.bearing_points.count())}};
  decided.also = [&act, &shelf](Database&, EntryId id) { shelf.placed.push_back({id, &act}); };
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
        const auto found = shelf.stands.find(act.request.offer);
        if (found == shelf.stands.end()) return no_such_offer(act.request.offer);
        auto& [offer, taken] = found->second;
        TANPUHUI_TRY(OrderDecision decision,
                     decide_order(act.request, offer, account, terms->order, terms->today, shelf.held));
        offer.stock -= act.request.pieces;
        taken += act.request.pieces;
        const SpendPlan& plan = decision.plan;
        receipt = {EntryId{}, plan.bearing_points, plan.plain_points, plan.backing_mg, terms->completes_on};
        return placed(office, act, *terms, std::move(decision), shelf);
      });
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

Result<OrderReceipt> result_of(const Office& office, const Answer& answer, OrderReceipt receipt) {
  if (answer.refusal) return office.on_its_basis(*answer.refusal);
  if (answer.repeated) return read_receipt(office.database, answer.entry);
  receipt.order = answer.entry;
  return receipt;
}

void place_group(const Office& office, std::span<const OrderAct> acts, const Result<OrderTerms>& terms,
                 std::vector<Result<OrderReceipt>>& results) {
  Shelf shelf;
  std::vector<OrderReceipt> receipts(acts.size());
  std::vector<Command> commands;
  commands.reserve(acts.size());
  for (std::size_t i = 0; i < acts.size(); ++i)
    commands.push_back(order_command(office, acts[i], terms, shelf, receipts[i]));
  Shared shared;
  shared.load = [&] { shelf = load_shelf(office.database, acts); };
  shared.save = [&](Database& database) {
    if (terms) save_orders(database, shelf, terms->completes_on);
    take_stock(database, shelf);
  };
  const std::vector<Answer> answers = office.writer.execute(commands, office.now, shared);
  for (std::size_t i = 0; i < acts.size(); ++i) results.push_back(result_of(office, answers[i], receipts[i]));
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

}  // namespace tanpuhui
