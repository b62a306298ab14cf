#include "rooms/mall/shell/refund_order.h"

#include "base/cbor.h"
#include "crypto/hash.h"
#include "rooms/mall/shell/stored_orders.h"

namespace tanpuhui {
namespace {

Digest refund_of(EntryId order, bool by_person) {
  CborWriter out;
  out.array(3).text("tph/refund1").integer(order.value).integer(by_person ? 1 : 0);
  return sha256(out.result());
}

void put_back(Database& database, const StoredOrder& order) {
  auto update = database.statement("UPDATE offers SET stock = stock + ? WHERE offer_id = ?");
  update.bind(order.pieces).bind(order.offer.value).queue(1);
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
    end_order(database, order, ended_by, "refunded");
    put_back(database, order);
  };
  return decided;
}

}  // namespace

Result<EntryId> refund(const Office& office, EntryId order, bool by_person, CommandId id) {
  const std::optional<StoredOrder> stored = load_order(office.database, order);
  if (!stored) return office.on_its_basis(no_such_order(order));
  return office.carry_out(
      office.command(id, stored->account(), refund_of(order, by_person),
                     [&](const AccountState& account) { return refunded(office, *stored, by_person, account); }));
}

}  // namespace tanpuhui
