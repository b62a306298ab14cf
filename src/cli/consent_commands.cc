/// Consents of persons: load a partner's file, withdraw one.
#include <algorithm>

#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/desk.h"
#include "cli/print.h"
#include "cli/reports.h"
#include "rooms/participants/shell/consents.h"

namespace tanpuhui {
namespace {

struct ConsentOptions {
  std::string file, report;
};

int load_consent_file(const SharedOptions& shared, const ConsentOptions& options) {
  Desk desk(shared);
  const auto report = load_consents(desk.office(), desk.settings().account_salt, options.file);
  if (!report) return print_refusal(report.error());
  desk.seal_log();
  print_consents(*report, desk.book());
  if (!options.report.empty()) write_file(options.report, consents_json(*report, desk.book()));
  return std::ranges::all_of(
             report->counts,
             [](const auto& count) { return count.first == "recorded" || count.first == "known_already"; })
             ? exit_done
             : exit_some_refused;
}

struct WithdrawOptions {
  std::string scenario, subject, at, id;
  bool settle = false;
};

int withdraw(const SharedOptions& shared, const WithdrawOptions& options) {
  Desk desk(shared);
  const Withdrawal withdrawal{options.scenario, options.subject,
                              options.at.empty() ? desk.now() : instant_option("--at", options.at), options.settle};
  const auto entry = withdraw_consent(desk.office(), withdrawal, id_option(options.id, desk.now()));
  if (!entry) return print_refusal(entry.error());
  desk.seal_log();
  fmt::print("withdrawn: entry {}\n", entry->value);
  return exit_done;
}

}  // namespace

void add_consent_commands(CLI::App& app, SharedOptions& shared, Chosen& chosen) {
  CLI::App& consent = add_group(app, "consent", "consents of persons to a scenario");
  add_command<ConsentOptions>(
      consent, "load", "take in a partner's consent file (CSV); opens the accounts", chosen,
      [](CLI::App& command, ConsentOptions& options) {
        command.add_option("FILE", options.file)->required();
        command.add_option("--report", options.report, "write counts and refused lines as JSON");
      },
      [&shared](const ConsentOptions& options) { return load_consent_file(shared, options); });
  add_command<WithdrawOptions>(
      consent, "withdraw", "a person takes the consent back", chosen,
      [](CLI::App& command, WithdrawOptions& options) {
        command.add_option("--scenario", options.scenario)->required();
        command.add_option("--subject", options.subject, "the partner's id of the person")->required();
        command.add_option("--at", options.at, "from when on; now when not given");
        command.add_flag("--settle", options.settle, "settle what was done before, instead of dropping it");
        command.add_option("--id", options.id, "command id, so that a repeat is known");
      },
      [&shared](const WithdrawOptions& options) { return withdraw(shared, options); });
}

}  // namespace tanpuhui
