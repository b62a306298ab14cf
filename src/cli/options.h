#pragma once
/// What every command shares: the options before and after its name, how values are written, and exit codes.
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

#include <CLI/CLI.hpp>

#include "base/ids.h"
#include "base/quantity.h"
#include "base/time.h"

namespace tanpuhui {

enum ExitCode : int {
  exit_done = 0,
  exit_refused = 1,       ///< refused, or an audit or a verification found something
  exit_usage = 2,         ///< the command line itself is wrong
  exit_fault = 3,         ///< the world failed: nothing was half written, run it again
  exit_some_refused = 4,  ///< done, but some lines of a file were refused: see the report
};

struct SharedOptions {
  std::string programme = "tanpuhui.db";
  std::string home;   ///< folder with rulebooks/ and methodologies/; empty: found
  std::string as_of;  ///< rehearsals only
};

/// The command that was chosen; set while the line is parsed, run after.
using Chosen = std::function<int()>;

/// A value on the command line that is not what it should be: exit_usage.
struct UsageError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

Day day_option(const std::string& name, const std::string& text);
Instant instant_option(const std::string& name, const std::string& text);
/// `1.25` kg.
Milligrams kilograms_option(const std::string& name, const std::string& text);
/// An id given with --id, or a new one.
CommandId id_option(const std::string& text, Instant now);

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
void add_programme_commands(CLI::App& app, SharedOptions& shared, Chosen& chosen);  // init, key
void add_scenario_commands(CLI::App& app, SharedOptions& shared, Chosen& chosen);   // scenario record, list
void add_consent_commands(CLI::App& app, SharedOptions& shared, Chosen& chosen);    // consent load, withdraw
void add_authority_commands(CLI::App& app, SharedOptions& shared, Chosen& chosen);  // signer, delegation, event
void add_offer_commands(CLI::App& app, SharedOptions& shared, Chosen& chosen);      // provider, offer
void add_record_commands(CLI::App& app, SharedOptions& shared, Chosen& chosen);     // ingest, seal, acts
void add_batch_commands(CLI::App& app, SharedOptions& shared, Chosen& chosen);      // batch compute, sign, post, list
void add_mall_commands(CLI::App& app, SharedOptions& shared, Chosen& chosen);       // order, complete, refund, settle
void add_use_commands(CLI::App& app, SharedOptions& shared, Chosen& chosen);        // donate, retire, cancel, expire
void add_proof_commands(CLI::App& app, SharedOptions& shared, Chosen& chosen);  // audit, explain, certificate, verify
void add_demo_commands(CLI::App& app, SharedOptions& shared, Chosen& chosen);   // demo, serve

}  // namespace tanpuhui
