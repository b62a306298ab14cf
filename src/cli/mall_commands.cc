/// The points mall: order, complete, refund, settle.
#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/desk.h"
#include "cli/print.h"
#include "rooms/mall/shell/complete_orders.h"
#include "rooms/mall/shell/place_orders.h"
#include "rooms/mall/shell/refund_order.h"
#include "rooms/mall/shell/settle_provider.h"

namespace tanpuhui {
namespace {

struct OrderOptions {
  std::string account, id;
  std::int64_t offer = 0, pieces = 1;
};

int run_order(const SharedOptions& shared, const OrderOptions& options) {
  Desk desk(shared);
  const OrderAct act{id_option(options.id, desk.now()),
                     account_option(desk.database(), options.account),
                     {OfferId{options.offer}, options.pieces}};
  const auto receipt = place_orders(desk.office(), {&act, 1}).front();
  if (!receipt) return print_refusal(receipt.error());
  desk.seal_log();
  fmt::print(
      "order {}: {} points ({} with reductions behind them, {} without), {} to escrow; may be completed from {}\n",
      receipt->order.value, with_thousands((receipt->bearing_points + receipt->plain_points).count()),
      with_thousands(receipt->bearing_points.count()), with_thousands(receipt->plain_points.count()),
      kilograms(receipt->backing), format_day(receipt->completes_on));
  return exit_done;
}

struct CompleteOptions {
  std::vector<std::int64_t> orders;
  bool due = false;
};

std::vector<EntryId> due_orders(Desk& desk) {
  std::vector<EntryId> orders;
  auto rows = desk.database().statement(
      "SELECT order_id FROM orders WHERE state = 'confirmed' AND completes_on <= ? ORDER BY order_id");
  rows.bind(desk.office().today().number);
  while (rows.step()) orders.push_back(EntryId{rows.integer(0)});
  return orders;
}

int run_complete(const SharedOptions& shared, const CompleteOptions& options) {
  if (options.due == !options.orders.empty())
    throw UsageError("name the orders to complete, or give --due for all that are");
  Desk desk(shared);
  std::vector<EntryId> orders = options.due ? due_orders(desk) : std::vector<EntryId>{};
  for (const std::int64_t order : options.orders) orders.push_back(EntryId{order});
  int code = exit_done;
  std::int64_t completed = 0;
  for (const auto& entry : complete_orders(desk.office(), orders)) {
    if (entry)
      completed += 1;
    else
      code = print_refusal(entry.error());
  }
  desk.seal_log();
  fmt::print("{} orders are completed\n", with_thousands(completed));
  return code;
}

struct RefundOptions {
  std::int64_t order = 0;
  bool by_person = false, by_provider = false;
  std::string id;
};

int run_refund(const SharedOptions& shared, const RefundOptions& options) {
  Desk desk(shared);
  const GivenUpBy who = options.by_person     ? GivenUpBy::person
                        : options.by_provider ? GivenUpBy::provider
                                              : GivenUpBy::operator_;
  const auto entry = refund(desk.office(), EntryId{options.order}, who, id_option(options.id, desk.now()));
  if (!entry) return print_refusal(entry.error());
  desk.seal_log();
  fmt::print("order {} is refunded: entry {}\n", options.order, entry->value);
  return exit_done;
}

int run_settle(const SharedOptions& shared, const std::string& name) {
  Desk desk(shared);
  const auto provider = find_provider(desk.database(), name);
  if (!provider) throw UsageError("--provider: there is no provider `" + name + "`");
  const auto settled = settle_fully(desk.office(), *provider);
  if (!settled) return print_refusal(settled.error());
  desk.seal_log();
  fmt::print("{}: {} orders settled, {} released\n", name, with_thousands(settled->orders),
             kilograms(settled->released));
  return exit_done;
}

}  // namespace

void add_mall_commands(CLI::App& app, SharedOptions& shared, Chosen& chosen) {
  add_command<OrderOptions>(
      app, "order", "a person orders a benefit with points", chosen,
      [](CLI::App& command, OrderOptions& options) {
        command.add_option("--account", options.account, "number, or the programme's name for the holder")->required();
        command.add_option("--offer", options.offer, "see `offer list`")->required();
        command.add_option("--pieces", options.pieces)->capture_default_str();
        command.add_option("--id", options.id, "command id, so that a repeat is known");
      },
      [&shared](const OrderOptions& options) { return run_order(shared, options); });
  add_command<CompleteOptions>(
      app, "complete", "end orders whose after-sales window is over", chosen,
      [](CLI::App& command, CompleteOptions& options) {
        command.add_option("ORDER", options.orders);
        command.add_flag("--due", options.due, "all that may be completed today");
      },
      [&shared](const CompleteOptions& options) { return run_complete(shared, options); });
  add_command<RefundOptions>(
      app, "refund", "give an order's points and reductions back", chosen,
      [](CLI::App& command, RefundOptions& options) {
        command.add_option("ORDER", options.order)->required();
        CLI::Option* person =
            command.add_flag("--by-person", options.by_person, "the person gave it up: no grace for expired points");
        command.add_flag("--by-provider", options.by_provider, "the provider did not deliver: the longer grace")
            ->excludes(person);
        command.add_option("--id", options.id, "command id, so that a repeat is known");
      },
      [&shared](const RefundOptions& options) { return run_refund(shared, options); });
  add_command<std::string>(
      app, "settle", "release the reductions of completed orders to their provider", chosen,
      [](CLI::App& command, std::string& name) { command.add_option("--provider", name)->required(); },
      [&shared](const std::string& name) { return run_settle(shared, name); });
}

}  // namespace tanpuhui
