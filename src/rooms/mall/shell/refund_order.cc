#include "rooms/mall/shell/refund_order.h"

#include "base/cbor.h"
#include "crypto/hash.h"
#include "rooms/mall/shell/stored_orders.h"

namespace tanpuhui {
namespace {

Digest refund_of(EntryId order, GivenUpBy who) {
  CborWriter out;
  out.array(3).text("tph/refund1").integer(order.value).integer(static_cast<std::int64_t>(who));
  return sha256(out.result());
}

const char* actor_of(GivenUpBy who) {
  if (who == GivenUpBy::person) return "person";
  return who == GivenUpBy::provider ? "provider" : "operator";
}

void put_back(Database& database, const StoredOrder& order) {
  auto update = database.statement("UPDATE offers SET stock = stock + ? WHERE offer_id = ?");
  update.bind(order.pieces).bind(order.offer.value).queue(1);
}

Result<Decided> refunded(const Office& office, const StoredOrder& order, GivenUpBy who, const AccountState& account) {
  TANPUHUI_TRY(const OrderRule rule, office.book.orders.on(office.today()));
  TANPUHUI_TRY(const ExpiryRule expiry, office.book.expiry.on(office.today()));
  RefundRequest request;
  request.by_person = who == GivenUpBy::person;
  request.grace_days = who == GivenUpBy::provider ? expiry.provider_refund_grace_days : expiry.grace_days_after_order;
  TANPUHUI_TRY(Posting posting, decide_refund(request, order.facts(), account, office.today()));
  Decided decided;
  decided.entry = office.entry(EntryKind::refund, actor_of(who), rule.basis, std::move(posting));
  decided.entry.reverses = order.entry.entry_id;
  decided.also = [&order](Database& database, EntryId ended_by) {
    end_order(database, order, ended_by, "refunded");
    put_back(database, order);
  };
  return decided;
}

}  // namespace

Result<EntryId> refund(const Office& office, EntryId order, GivenUpBy who, CommandId id) {
  const std::optional<StoredOrder> stored = load_order(office.database, order);
  if (!stored) return office.on_its_basis(no_such_order(order));
  return office.carry_out(
      office.command(id, stored->account(), refund_of(order, who),
                     [&](const AccountState& account) { return refunded(office, *stored, who, account); }));
}

}  // namespace tanpuhui
