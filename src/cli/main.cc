/// The `tanpuhui` command. Each group of commands has its own file; this one parses the line and turns what went wrong
/// into one message and an exit code.
#include <cstdio>

#include "base/fault.h"
#include "cli/commands.h"

namespace tanpuhui {
namespace {

int run_chosen(const Chosen& chosen) {
  try {
    return chosen();
  } catch (const UsageError& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return exit_usage;
  } catch (const Fault& fault) {
    std::fprintf(stderr, "%s\n  nothing was half written; mend the cause and run the same command again\n",
                 fault.what());
    return exit_fault;
  }
}

}  // namespace
}  // namespace tanpuhui

int main(int count, char** arguments) {
  using namespace tanpuhui;
  CLI::App app(
      "Tanpuhui 碳普惠: a carbon-inclusion scheme, from the partner's records to a certificate anyone can verify",
      "tanpuhui");
  SharedOptions shared;
  Chosen chosen;
  app.add_option("-p,--programme", shared.programme, "the programme: a database file, or postgresql://host/database")
      ->envname("TANPUHUI_PROGRAMME")
      ->capture_default_str();
  app.add_option("--keys", shared.keys, "folder of the log's keys, when the programme is on a server")
      ->envname("TANPUHUI_KEYS")
      ->capture_default_str();
  app.add_option("--home", shared.home, "folder with rulebooks/ and methodologies/ (found by itself in a checkout)")
      ->envname("TANPUHUI_HOME");
  app.add_option("--as-of", shared.as_of, "rehearsal programmes only: the time to take for now, RFC 3339");
  app.require_subcommand(1);
  app.fallthrough();
  add_programme_commands(app, shared, chosen);
  add_scenario_commands(app, shared, chosen);
  add_consent_commands(app, shared, chosen);
  add_authority_commands(app, shared, chosen);
  add_offer_commands(app, shared, chosen);
  add_record_commands(app, shared, chosen);
  add_storage_commands(app, shared, chosen);
  add_reference_commands(app, shared, chosen);
  add_exchange_commands(app, shared, chosen);
  add_batch_commands(app, shared, chosen);
  add_correction_commands(app, shared, chosen);
  add_mall_commands(app, shared, chosen);
  add_use_commands(app, shared, chosen);
  add_job_commands(app, shared, chosen);
  add_proof_commands(app, shared, chosen);
  add_methodology_commands(app, shared, chosen);
  add_case_commands(app, shared, chosen);
  add_person_key_commands(app, shared, chosen);
  add_publication_commands(app, shared, chosen);
  add_rulebook_commands(app, shared, chosen);
  add_bench_command(app, shared, chosen);
  add_demo_commands(app, shared, chosen);
  try {
    app.parse(count, arguments);
  } catch (const CLI::ParseError& error) {
    const int code = app.exit(error);
    return code == 0 ? exit_done : exit_usage;
  }
  return run_chosen(chosen);
}
