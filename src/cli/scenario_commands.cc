/// Scenarios of the programme. Recording the same again changes nothing.
#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/compute.h"
#include "cli/desk.h"
#include "cli/print.h"
#include "governance/conformance.h"
#include "rooms/activity/shell/record_file.h"
#include "rooms/scenario/shell/record_scenario.h"

namespace tanpuhui {
namespace {

struct ScenarioOptions {
  std::string name, title_zh, title_en, developer, methodology, live_from, live_until, partner_key;
  std::int32_t lateness_days = 30;
  std::int64_t case_number = 0;
};

void declare_scenario(CLI::App& command, ScenarioOptions& options) {
  command.add_option("--name", options.name, "how records name it: a-z, 0-9, -")->required();
  command.add_option("--title-zh", options.title_zh)->required();
  command.add_option("--title-en", options.title_en)->required();
  command.add_option("--developer", options.developer, "the organisation that runs it")->required();
  command.add_option("--methodology", options.methodology, "id and version, e.g. bike-demo/v1")->required();
  command.add_option("--case", options.case_number, "the case under which it was filed or recognised")->required();
  command.add_option("--live-from", options.live_from, "first day of acts, once its case is live")->required();
  command.add_option("--live-until", options.live_until, "last day of acts");
  command.add_option("--lateness-days", options.lateness_days, "how late a record may come")->capture_default_str();
  command.add_option("--partner-key", options.partner_key, "file with the partner's public key")->required();
}

int record_scenario_of(const SharedOptions& shared, const ScenarioOptions& options) {
  Desk desk(shared);
  ScenarioRecord record{options.name,
                        options.title_zh,
                        options.title_en,
                        options.developer,
                        options.methodology,
                        {},
                        day_option("--live-from", options.live_from),
                        {},
                        options.lateness_days,
                        read_public_key(options.partner_key),
                        0};
  record.case_number = options.case_number;
  if (!options.live_until.empty()) record.live_until = day_option("--live-until", options.live_until);
  const auto methodology = desk.methodologies().find(options.methodology);
  if (methodology == desk.methodologies().end())
    throw UsageError("--methodology: there is no methodologies/" + options.methodology);
  record.methodology_hash = methodology->second.hash;
  const auto scenario = record_scenario(desk.office(), record, new_command_id(desk.now()));
  if (!scenario) return print_refusal(scenario.error());
  desk.seal_log();
  fmt::print("scenario {} ({}) takes acts from {} by {}, on the days on which case {} is live\n", options.name,
             scenario->value, options.live_from, options.methodology, options.case_number);
  return exit_done;
}

struct ConformOptions {
  std::int64_t case_number = 0;
  std::string methodology, file;
};

int conform(const SharedOptions& shared, const ConformOptions& options) {
  Desk desk(shared);
  const auto methodology = desk.methodologies().find(options.methodology);
  if (methodology == desk.methodologies().end())
    throw UsageError("--methodology: there is no methodologies/" + options.methodology);
  const ComputedFile computed = compute_file(methodology->second, options.file, desk.book().zone);
  const auto accepted = computed.counts.find("accepted");
  const ConformanceSample sample{options.case_number, computed.lines,
                                 accepted == computed.counts.end() ? 0 : accepted->second,
                                 digest_file(options.file).value()};
  for (const auto& [outcome, count] : computed.counts) fmt::print("{:>8} {}\n", count, outcome);
  const auto entry = record_conformance(desk.office(), sample, new_command_id(desk.now()));
  if (!entry) return print_refusal(entry.error());
  desk.seal_log();
  fmt::print("case {}: {} records conform to {}\n", options.case_number, sample.records, options.methodology);
  return exit_done;
}

int list_all_scenarios(const SharedOptions& shared) {
  Desk desk(shared);
  std::vector<std::vector<std::string>> rows{{"name", "title", "developer", "methodology", "live from", "late days"}};
  for (const Scenario& scenario : list_scenarios(desk.database()))
    rows.push_back({scenario.name, scenario.title_zh, scenario.developer, scenario.methodology,
                    format_day(scenario.live_from), std::to_string(scenario.lateness_days)});
  fmt::print("{}", table(rows));
  return exit_done;
}

}  // namespace

void add_scenario_commands(CLI::App& app, SharedOptions& shared, Chosen& chosen) {
  CLI::App& scenario = add_group(app, "scenario", "scenarios of the programme");
  add_command<ScenarioOptions>(
      scenario, "record", "record name, formula and key of a scenario that was filed or recognised", chosen,
      declare_scenario, [&shared](const ScenarioOptions& options) { return record_scenario_of(shared, options); });
  add_command<ConformOptions>(
      scenario, "conform", "test a sample of records before a scenario goes live", chosen,
      [](CLI::App& command, ConformOptions& options) {
        command.add_option("--case", options.case_number, "the scenario's case")->required();
        command.add_option("--methodology", options.methodology, "id and version, e.g. bike-demo/v1")->required();
        command.add_option("FILE", options.file, "records as they will come")->required();
      },
      [&shared](const ConformOptions& options) { return conform(shared, options); });
  add_command<int>(
      scenario, "list", "the scenarios there are", chosen, [](CLI::App&, int&) {},
      [&shared](int) { return list_all_scenarios(shared); });
}

}  // namespace tanpuhui
