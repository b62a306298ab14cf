#include "audit/orders.h"

#include <algorithm>

#include <fmt/format.h>

#include "ledger/acts.h"

namespace tanpuhui {
namespace {

const std::string escrow_invariant = "L3 escrow holds the open orders";
const std::string stock_invariant = "L14 nothing is negative";

enum Column { order_id, part, account_id, offer_id, state, settled_by, pieces };
constexpr std::int64_t note_offer = 1, note_pieces = 2;
constexpr AccountId nobody{};

bool says(const Entry& entry, std::int64_t key, std::int64_t value) {
  return std::ranges::any_of(entry.notes,
                             [&](const Note& note) { return note.key == key && note.text == std::to_string(value); });
}

}  // namespace

OrdersAgree::OrdersAgree(Database& database, Findings& findings)
    : EntryCheck("L13 orders agree with their entries", findings),
      database_(database),
      rows_(database.scan("SELECT order_id, part, account_id, offer_id, state, settled_by, pieces FROM orders "
                          "ORDER BY order_id")),
      end_of_(database.statement("SELECT ended_by, state FROM orders WHERE order_id = ?")) {
  load_providers();
  advance();
}

void OrdersAgree::load_providers() {
  auto escrows = database_.statement("SELECT escrow_id FROM providers");
  while (escrows.step()) escrows_.insert(AccountId{escrows.integer(0)});
  auto offers = database_.statement(
      "SELECT o.offer_id, p.account_id, p.escrow_id FROM offers o JOIN providers p ON p.account_id = o.provider_id");
  while (offers.step()) providers_[offers.integer(0)] = {AccountId{offers.integer(1)}, AccountId{offers.integer(2)}};
}

void OrdersAgree::see(const Entry& entry) {
  for (const Leg& leg : entry.posting.legs)
    if (is_escrow(leg.account)) escrow_[{leg.account, leg.batch}].first += leg.d_backing_mg + leg.d_free_mg;
  for (; more_ && rows_.integer(order_id) < entry.entry_id.value; advance())
    report(fmt::format("order {}: there is no such entry", rows_.integer(order_id)));
  const bool has_row = more_ && rows_.integer(order_id) == entry.entry_id.value;
  if (entry.kind == EntryKind::order && has_row) see_order(entry);
  if ((entry.kind == EntryKind::order) != has_row)
    report(fmt::format("order {}: {}", entry.entry_id.value, has_row ? "its entry is no order" : "has no row"));
  if (has_row) advance();
  if (entry.completes) see_end(entry, *entry.completes, "completed");
  if (entry.reverses) see_end(entry, *entry.reverses, "refunded");
  // Orders of plain points release nothing: the programme itself keeps the entry of their settlement.
  const AccountId keeper = entry.posting.account;
  if (entry.kind == EntryKind::settle) settle_entries_.emplace(entry.entry_id, is_system(keeper) ? nobody : keeper);
}

void OrdersAgree::see_order(const Entry& order) {
  const AccountId account{rows_.integer(account_id)};
  if (account != order.posting.account || rows_.integer(part) != order.part.value)
    report(fmt::format("order {}: its row names account {}, its entry account {}", order.entry_id.value, account.value,
                       order.posting.account.value));
  if (!says(order, note_offer, rows_.integer(offer_id)) || !says(order, note_pieces, rows_.integer(pieces)))
    report(fmt::format("order {}: its row names other pieces of another offer than its entry", order.entry_id.value));
  for (const DrawnLot& drawn : order.posting.drawn)
    if (drawn.expires_on < order.occurred_on)
      report(fmt::format("order {}: took points that were past their term", order.entry_id.value));
  const auto provider = providers_.find(rows_.integer(offer_id));
  if (provider == providers_.end())
    return report(fmt::format("order {}: there is no offer {}", order.entry_id.value, rows_.integer(offer_id)));
  const bool settled = !rows_.is_null(settled_by);
  if (settled) settled_rows_.emplace(EntryId{rows_.integer(settled_by)}, provider->second.account);
  if (settled && rows_.text(state) != "completed")
    report(fmt::format("order {}: is settled and not completed", order.entry_id.value));
  if (settled || rows_.text(state) == "refunded") return;
  for (const BatchAmount& amount : escrowed_by(order))
    escrow_[{provider->second.escrow, amount.batch}].second += amount.mg;
}

void OrdersAgree::see_end(const Entry& entry, EntryId order, std::string_view ended) {
  end_of_.bind(order.value);
  if (!end_of_.step())
    report(fmt::format("entry {}: ends order {}, which has no row", entry.entry_id.value, order.value));
  else if (end_of_.is_null(0) || end_of_.integer(0) != entry.entry_id.value || end_of_.text(1) != ended)
    report(fmt::format("order {}: its row is {} by entry {}, and entry {} says {}", order.value, end_of_.text(1),
                       end_of_.is_null(0) ? 0 : end_of_.integer(0), entry.entry_id.value, ended));
  else
    ++ended_;
  end_of_.reset();
}

void OrdersAgree::finish() {
  for (; more_; advance()) report(fmt::format("order {}: there is no such entry", rows_.integer(order_id)));
  check_ends();
  check_settlements();
  check_escrow();
  check_stock();
}

// Every entry that ends an order found its row; so a row names a wrong entry only when there are more such rows.
void OrdersAgree::check_ends() {
  const std::int64_t rows =
      database_.statement("SELECT count(*) FROM orders WHERE state <> 'confirmed' OR ended_by IS NOT NULL")
          .run_integer();
  if (rows != ended_) report(fmt::format("{} orders have ended by their rows, {} by their entries", rows, ended_));
}

void OrdersAgree::check_settlements() {
  for (const auto& [entry, provider] : settled_rows_)
    if (!settle_entries_.contains({entry, provider}) && !settle_entries_.contains({entry, nobody}))
      report(fmt::format("orders of provider {} are settled by entry {}, which does not settle them", provider.value,
                         entry.value));
}

void OrdersAgree::check_escrow() {
  for (const auto& [key, sums] : escrow_)
    if (sums.first != sums.second)
      report(escrow_invariant, fmt::format("escrow {}, batch {}: holds {} mg, its open orders {} mg", key.first.value,
                                           key.second.value, sums.first.count(), sums.second.count()));
}

void OrdersAgree::check_stock() {
  auto rows = database_.statement("SELECT offer_id, stock FROM offers WHERE stock < 0");
  while (rows.step())
    report(stock_invariant, fmt::format("offer {}: {} pieces in stock", rows.integer(0), rows.integer(1)));
}

}  // namespace tanpuhui
