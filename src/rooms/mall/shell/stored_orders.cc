#include "rooms/mall/shell/stored_orders.h"

namespace tanpuhui {
namespace {

OrderState read_state(std::string_view text) {
  if (text == "completed") return OrderState::completed;
  return text == "refunded" ? OrderState::refunded : OrderState::confirmed;
}

}  // namespace

std::optional<StoredOrder> load_order(Database& database, EntryId id) {
  auto row = database.statement(
      "SELECT state, completes_on, offer_id, pieces, coalesce(ended_by, 0) FROM orders WHERE order_id = ?");
  row.bind(id.value);
  if (!row.step()) return std::nullopt;
  StoredOrder order;
  order.entry = load_order_entry(database, id);
  order.state = read_state(row.text(0));
  order.completes_on = Day{static_cast<std::int32_t>(row.integer(1))};
  order.offer = OfferId{row.integer(2)};
  order.pieces = row.integer(3);
  order.ended_by = EntryId{row.integer(4)};
  return order;
}

Entry load_order_entry(Database& database, EntryId id) {
  std::optional<Entry> entry = find_entry(database, id);
  TANPUHUI_REQUIRE(entry, "an order is named by its entry");
  return std::move(*entry);
}

void end_order(Database& database, const StoredOrder& order, EntryId ended_by, std::string_view state) {
  auto update = database.statement(
      "UPDATE orders SET state = ?, ended_by = ? WHERE part = ? AND order_id = ? AND state = 'confirmed'");
  update.bind(state).bind(ended_by.value).bind(order.entry.part.value).bind(order.entry.entry_id.value);
  update.queue(1);  // an order ends once
}

Refusal no_such_order(EntryId order) {
  return refuse("MAL-03")
      .because("order", std::to_string(order.value))
      .says("没有这笔订单", "there is no such order")
      .mend("核对订单编号", "check the order's number");
}

}  // namespace tanpuhui
