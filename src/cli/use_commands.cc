/// Reductions leave circulation: donate, retire, cancel.
#include <fmt/format.h>

#include "cli/certificates.h"
#include "cli/commands.h"
#include "cli/desk.h"
#include "cli/print.h"
#include "rooms/reduction/shell/uses.h"

namespace tanpuhui {
namespace {

struct UseOptions {
  std::string account, purpose, beneficiary, amount_kg, id, certificate;
};

int run_use(const SharedOptions& shared, const UseOptions& options) {
  Desk desk(shared);
  const UseAct act{id_option(options.id, desk.now()), account_option(desk.database(), options.account), options.purpose,
                   options.beneficiary, kilograms_option("--amount-kg", options.amount_kg)};
  const auto receipt = use_reductions(desk.office(), act);
  if (!receipt) return print_refusal(receipt.error());
  desk.seal_log();
  fmt::print("statement {}: {} left circulation for good, with {} points\n", receipt->number, kilograms(receipt->used),
             with_thousands(receipt->points.count()));
  if (options.certificate.empty()) return exit_done;
  write_file(options.certificate, make_certificate(desk, shared, receipt->number));
  fmt::print("certificate in {}; anyone can check it: tanpuhui verify {} --key {}\n", options.certificate,
             options.certificate, public_key_path(shared));
  return exit_done;
}

void declare_use(CLI::App& command, UseOptions& options) {
  command.add_option("--account", options.account, "number, or the programme's name for the holder")->required();
  command.add_option("--amount-kg", options.amount_kg, "kg CO2e; a little more is used where a whole point carries it")
      ->required();
  command.add_option("--id", options.id, "command id, so that a repeat is known");
  command.add_option("--certificate", options.certificate, "write the certificate to this file");
}

}  // namespace

void add_use_commands(CLI::App& app, SharedOptions& shared, Chosen& chosen) {
  add_command<UseOptions>(
      app, "donate", "give reductions to an event", chosen,
      [](CLI::App& command, UseOptions& options) {
        declare_use(command, options);
        command.add_option("--event", options.beneficiary, "see `event record`")->required();
        options.purpose = "event_neutrality";
      },
      [&shared](const UseOptions& options) { return run_use(shared, options); });
  add_command<UseOptions>(
      app, "retire", "use reductions for a claim, e.g. to offset emissions", chosen,
      [](CLI::App& command, UseOptions& options) {
        declare_use(command, options);
        command.add_option("--purpose", options.purpose, "a use that the rulebook permits")->default_val("offset");
        command.add_option("--beneficiary", options.beneficiary, "whose emissions");
      },
      [&shared](const UseOptions& options) { return run_use(shared, options); });
  add_command<UseOptions>(
      app, "cancel", "take reductions out of circulation without a claim", chosen,
      [](CLI::App& command, UseOptions& options) {
        declare_use(command, options);
        options.purpose = "cancel";
      },
      [&shared](const UseOptions& options) { return run_use(shared, options); });
}

}  // namespace tanpuhui
