#include "rooms/mall/shell/settle_provider.h"

#include <map>
#include <utility>
#include <vector>

#include "base/cbor.h"
#include "crypto/hash.h"
#include "rooms/mall/shell/stored_orders.h"
#include "store/entry_row.h"

namespace tanpuhui {
namespace {

constexpr std::int64_t orders_per_settlement = 100'000;

struct Unsettled {
  std::vector<std::pair<Part, EntryId>> orders;
  std::map<BatchId, Milligrams> sums;
  Instant last_at;
  Milligrams released;

  // Orders of plain points release nothing.
  bool moves() const { return released > Milligrams(); }
  void add(const Entry& order) {
    orders.emplace_back(order.part, order.entry_id);
    last_at = order.recorded_at;
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
  auto rows = database.scan(
      "SELECT o.order_id, e.body FROM orders o JOIN entries e ON e.part = o.part AND e.entry_id = o.order_id WHERE "
      "o.state = 'completed' AND o.settled_by IS NULL AND o.offer_id IN (SELECT offer_id FROM offers WHERE provider_id "
      "= ?) ORDER BY o.order_id LIMIT ?");
  rows.bind(provider.value).bind(orders_per_settlement);
  while (rows.step()) unsettled.add(read_entry(database, EntryId{rows.integer(0)}, rows.blob(1)));
  return unsettled;
}

// The orders that were summed, and no other that was completed meanwhile.
void mark_settled(Database& database, const Unsettled& unsettled, EntryId settled_by) {
  auto update = database.statement(
      "UPDATE orders SET settled_by = ? WHERE part = ? AND order_id = ? AND state = 'completed' AND settled_by IS "
      "NULL");
  for (const auto& [part, order] : unsettled.orders)
    update.bind(settled_by.value).bind(part.value).bind(order.value).add();
  update.queue(std::ssize(unsettled.orders));
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
  if (unsettled.moves()) posting = settle_escrow(account, provider.escrow, unsettled.amounts(), office.today());
  Decided decided;
  decided.entry = office.entry(EntryKind::settle, "operator", basis, std::move(posting));
  decided.also = [&](Database& database, EntryId id) { mark_settled(database, unsettled, id); };
  return decided;
}

Command settling_command(const Office& office, const Provider& provider, const Unsettled& unsettled,
                         const std::string& basis) {
  const Digest content = settlement_of(provider.account, unsettled.orders.back().second);
  // When nothing moves, no account of the provider changes and the programme itself keeps the entry.
  const AccountId caller = unsettled.moves() ? provider.account : system_account(SystemAccount::issued);
  return office.command(command_id_of(unsettled.last_at, content), caller, content,
                        [&](const AccountState& account) -> Result<Decided> {
                          return settled(office, provider, unsettled, basis, account);
                        });
}

}  // namespace

Result<Settlement> settle_provider(const Office& office, const Provider& provider) {
  const Unsettled unsettled = load_unsettled(office.database, provider.account);
  if (unsettled.orders.empty()) return Settlement{};
  TANPUHUI_TRY(const OrderRule rule, office.book.orders.on(office.today()));
  TANPUHUI_TRY(const EntryId entry, office.carry_out(settling_command(office, provider, unsettled, rule.basis)));
  return Settlement{entry, std::ssize(unsettled.orders), unsettled.released};
}

Result<Settlement> settle_fully(const Office& office, const Provider& provider) {
  Settlement all;
  for (;;) {
    TANPUHUI_TRY(const Settlement settled, settle_provider(office, provider));
    if (settled.entry == EntryId{}) return all;
    all = {settled.entry, all.orders + settled.orders, all.released + settled.released};
  }
}

}  // namespace tanpuhui
