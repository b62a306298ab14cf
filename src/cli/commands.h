#pragma once
/// How commands are declared. Only files of commands include this: the parser's header is heavy.
#include <functional>
#include <memory>
#include <string>

#include <CLI/CLI.hpp>

#include "cli/values.h"

namespace tanpuhui {

/// The command that was chosen; set while the line is parsed, run after.
using Chosen = std::function<int()>;

/// A command with options of its own: `declare` names them, `run` carries it out.
template <class Options, class Declare, class Run>
void add_command(CLI::App& parent, const std::string& name, const std::string& help, Chosen& chosen, Declare declare,
                 Run run) {
  auto options = std::make_shared<Options>();
  CLI::App* command = parent.add_subcommand(name, help);
  declare(*command, *options);
  command->callback([&chosen, options, run] { chosen = [options, run] { return run(*options); }; });
}
/// A word that only groups commands: `batch sign`.
CLI::App& add_group(CLI::App& parent, const std::string& name, const std::string& help);

// One function a group of commands, in the file of its name.
void add_programme_commands(CLI::App& app, SharedOptions& shared, Chosen& chosen);   // init, key
void add_scenario_commands(CLI::App& app, SharedOptions& shared, Chosen& chosen);    // scenario record, list
void add_consent_commands(CLI::App& app, SharedOptions& shared, Chosen& chosen);     // consent load, withdraw
void add_authority_commands(CLI::App& app, SharedOptions& shared, Chosen& chosen);   // signer, delegation, event
void add_offer_commands(CLI::App& app, SharedOptions& shared, Chosen& chosen);       // provider, offer
void add_record_commands(CLI::App& app, SharedOptions& shared, Chosen& chosen);      // ingest, seal, acts
void add_storage_commands(CLI::App& app, SharedOptions& shared, Chosen& chosen);     // pack, evidence delete
void add_exchange_commands(CLI::App& app, SharedOptions& shared, Chosen& chosen);    // exchange join, tell, hear
void add_reference_commands(CLI::App& app, SharedOptions& shared, Chosen& chosen);   // reference freeze, mean, list
void add_batch_commands(CLI::App& app, SharedOptions& shared, Chosen& chosen);       // batch compute, sign, post, list
void add_correction_commands(CLI::App& app, SharedOptions& shared, Chosen& chosen);  // correction, reserve
void add_mall_commands(CLI::App& app, SharedOptions& shared, Chosen& chosen);        // order, complete, refund, settle
void add_use_commands(CLI::App& app, SharedOptions& shared, Chosen& chosen);         // donate, retire, cancel
void add_job_commands(CLI::App& app, SharedOptions& shared, Chosen& chosen);         // jobs run, list; expire, balances
void add_proof_commands(CLI::App& app, SharedOptions& shared, Chosen& chosen);  // audit, explain, certificate, verify
void add_methodology_commands(CLI::App& app, SharedOptions& shared, Chosen& chosen);  // methodology check, ...
void add_dry_run_command(CLI::App& group, SharedOptions& shared, Chosen& chosen);     // methodology dry-run
void add_case_commands(CLI::App& app, SharedOptions& shared, Chosen& chosen);         // case, officer, listing
void add_person_key_commands(CLI::App& app, SharedOptions& shared, Chosen& chosen);   // person-key record, revoke, list
void add_publication_commands(CLI::App& app, SharedOptions& shared, Chosen& chosen);  // publication compile, ...
void add_rulebook_commands(CLI::App& app, SharedOptions& shared, Chosen& chosen);     // rulebook check, where, diff
void add_where_command(CLI::App& group, SharedOptions& shared, Chosen& chosen);       // rulebook where
void add_bench_command(CLI::App& app, SharedOptions& shared, Chosen& chosen);         // bench
void add_demo_commands(CLI::App& app, SharedOptions& shared, Chosen& chosen);         // demo, serve

}  // namespace tanpuhui
