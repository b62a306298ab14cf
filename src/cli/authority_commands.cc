/// What the authority lays down for signing and giving: signers, delegations, events. Recording the same again changes
/// nothing.
#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/desk.h"
#include "cli/print.h"
#include "rooms/reduction/shell/signers.h"
#include "rooms/reduction/shell/uses.h"

namespace tanpuhui {
namespace {

struct SignerOptions {
  std::string holder, key;
};

int record_signer(const SharedOptions& shared, const SignerOptions& options) {
  Desk desk(shared);
  const auto entry =
      record_key(desk.office(), options.holder, read_public_key(options.key), new_command_id(desk.now()));
  if (!entry) return print_refusal(entry.error());
  desk.seal_log();
  fmt::print("the key of {} is recorded: entry {}\n", options.holder, entry->value);
  return exit_done;
}

struct DelegationOptions {
  std::string document, scope, from, until, limit_kg;
};

void declare_delegation(CLI::App& command, DelegationOptions& options) {
  command.add_option("--document", options.document, "number of the delegation document")->required();
  command.add_option("--scope", options.scope, "a scenario, or * for all")->required();
  command.add_option("--from", options.from, "first day")->required();
  command.add_option("--until", options.until, "last day")->required();
  command.add_option("--limit-kg", options.limit_kg, "largest batch, kg CO2e")->required();
}

int record_delegation_of(const SharedOptions& shared, const DelegationOptions& options) {
  Desk desk(shared);
  const Delegation delegation{options.document, options.scope, day_option("--from", options.from),
                              day_option("--until", options.until), kilograms_option("--limit-kg", options.limit_kg)};
  const auto entry = record_delegation(desk.office(), delegation, new_command_id(desk.now()));
  if (!entry) return print_refusal(entry.error());
  desk.seal_log();
  fmt::print("delegation {} is recorded: entry {}\n", options.document, entry->value);
  return exit_done;
}

struct EventOptions {
  NewEvent event;
  std::string held_on;
  bool elsewhere = false;
};

void declare_event(CLI::App& command, EventOptions& options) {
  command.add_option("--event", options.event.id, "short name: a-z, 0-9, -")->required();
  command.add_option("--title-zh", options.event.title_zh)->required();
  command.add_option("--title-en", options.event.title_en)->required();
  command.add_option("--organiser", options.event.organiser)->required();
  command.add_option("--held-on", options.held_on, "day")->required();
  command.add_flag("--elsewhere", options.elsewhere, "held outside the region of the rulebook");
}

int record_event_of(const SharedOptions& shared, const EventOptions& options) {
  Desk desk(shared);
  NewEvent event = options.event;
  event.held_on = day_option("--held-on", options.held_on);
  event.in_region = !options.elsewhere;
  const auto entry = record_event(desk.office(), event, new_command_id(desk.now()));
  if (!entry) return print_refusal(entry.error());
  desk.seal_log();
  fmt::print("event {} is recorded: entry {}\n", event.id, entry->value);
  return exit_done;
}

}  // namespace

void add_authority_commands(CLI::App& app, SharedOptions& shared, Chosen& chosen) {
  CLI::App& signer = add_group(app, "signer", "who signs batches, by public key");
  add_command<SignerOptions>(
      signer, "record", "record the public key of the authority or the operator", chosen,
      [](CLI::App& command, SignerOptions& options) {
        command.add_option("HOLDER", options.holder, "authority or operator")
            ->required()
            ->check(CLI::IsMember({"authority", "operator"}));
        command.add_option("--key", options.key, "file with the public key")->required();
      },
      [&shared](const SignerOptions& options) { return record_signer(shared, options); });
  CLI::App& delegation = add_group(app, "delegation", "under which document the operator signs");
  add_command<DelegationOptions>(
      delegation, "record", "record a delegation of the authority", chosen, declare_delegation,
      [&shared](const DelegationOptions& options) { return record_delegation_of(shared, options); });
  CLI::App& event = add_group(app, "event", "events that reductions may be given to");
  add_command<EventOptions>(event, "record", "record an event", chosen, declare_event,
                            [&shared](const EventOptions& options) { return record_event_of(shared, options); });
}

}  // namespace tanpuhui
