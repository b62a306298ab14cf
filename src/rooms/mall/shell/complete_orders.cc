#include "rooms/mall/shell/complete_orders.h"

#include "base/cbor.h"
#include "crypto/hash.h"
#include "rooms/mall/shell/stored_orders.h"

namespace tanpuhui {
namespace {

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
  decided.also = [&order](Database& database, EntryId ended_by) { end_order(database, order, ended_by, "completed"); };
  return decided;
}

Command completing_command(const Office& office, const StoredOrder& order, const std::string& basis) {
  const Digest content = completion_of(order.entry.entry_id);
  const CommandId id = command_id_of(start_of(order.completes_on, office.book.zone), content);
  return office.command(id, order.account(), content,
                        [&](const AccountState&) { return completed(office, order, basis); });
}

// The id of a completion is the order's, and refusals are remembered: so only what is due becomes a command.
std::optional<Result<EntryId>> answer_now(const Office& office, const std::optional<StoredOrder>& order, EntryId id) {
  if (!order) return office.on_its_basis(no_such_order(id));
  if (order->state == OrderState::completed) return order->ended_by;
  const auto due = decide_complete(order->facts(), office.today());
  if (!due) return office.on_its_basis(due.error());
  return std::nullopt;
}

Result<EntryId> result_of(const Answer& answer) {
  if (answer.refusal) return *answer.refusal;
  return answer.entry;
}

void complete_group(const Office& office, std::span<const EntryId> ids, const std::string& basis,
                    std::vector<Result<EntryId>>& results) {
  std::vector<std::optional<StoredOrder>> orders;
  for (const EntryId id : ids) orders.push_back(load_order(office.database, id));
  std::vector<Command> commands;
  std::vector<std::size_t> places;  // where the answers of the commands stand among the results
  for (std::size_t i = 0; i < ids.size(); ++i) {
    const auto answer = answer_now(office, orders[i], ids[i]);
    results.push_back(answer.value_or(EntryId{}));
    if (answer) continue;
    places.push_back(results.size() - 1);
    commands.push_back(completing_command(office, *orders[i], basis));
  }
  const std::vector<Answer> answers = office.writer.execute(commands, office.now);
  for (std::size_t i = 0; i < answers.size(); ++i) results[places[i]] = result_of(answers[i]);
}

}  // namespace

std::vector<Result<EntryId>> complete_orders(const Office& office, std::span<const EntryId> orders) {
  std::vector<Result<EntryId>> results;
  results.reserve(orders.size());
  const Result<OrderRule> rule = office.book.orders.on(office.today());
  if (!rule) return {orders.size(), Result<EntryId>(office.on_its_basis(rule.error()))};
  for (std::size_t at = 0; at < orders.size(); at += Writer::commands_per_commit)
    complete_group(office, group_at(orders, at), rule->basis, results);
  return results;
}

}  // namespace tanpuhui
