/// `methodology dry-run`: a draft over acts of a programme that are sealed already. Reads only, also while another
/// process holds the programme.
#include <boost/json.hpp>
#include <fmt/format.h>

#include "base/decimal.h"
#include "cli/commands.h"
#include "cli/desk.h"
#include "cli/print.h"
#include "rooms/activity/shell/dry_run.h"
#include "store/programme.h"

namespace tanpuhui {
namespace {

namespace json = boost::json;

struct DryRunCommand {
  std::string folder, from, until;
  bool json = false;
};

struct TriedScenario {
  Scenario scenario;
  Day from, until;
  DryRunReport report;
};

std::string signed_number(std::int64_t number) { return (number > 0 ? "+" : "") + with_thousands(number); }
std::string signed_kilograms(Milligrams amount) { return (amount.count() > 0 ? "+" : "") + kilograms(amount); }
std::string text_of(Milligrams amount) { return format_fixed(amount.count(), 6); }

void print_tried(const TriedScenario& tried) {
  const DryRunReport& report = tried.report;
  fmt::print("{} ({}), {} to {}: {} acts of {} days\n", tried.scenario.name, tried.scenario.methodology,
             format_day(tried.from), format_day(tried.until), with_thousands(report.acts), with_thousands(report.days));
  fmt::print("  accepted: {} -> {}, {}\n", with_thousands(report.accepted_before),
             with_thousands(report.accepted_after), signed_number(report.accepted_after - report.accepted_before));
  fmt::print("  reduction: {} -> {}, {}\n", kilograms(report.reduction_before), kilograms(report.reduction_after),
             signed_kilograms(report.reduction_after - report.reduction_before));
  fmt::print("  persons affected: {}\n", with_thousands(report.persons));
  if (report.not_derivable > 0)
    fmt::print("  {} acts do not come out as stored under {} either: what they hung on came at another time\n",
               with_thousands(report.not_derivable), tried.scenario.methodology);
  if (report.changes.empty()) return;
  std::vector<std::vector<std::string>> rows{{"before", "after", "acts", "reduction"}};
  for (const auto& [outcomes, change] : report.changes)
    rows.push_back({outcomes.first, outcomes.second, with_thousands(change.acts), signed_kilograms(change.reduction)});
  fmt::print("{}", table(rows));
}

json::object json_of(const TriedScenario& tried) {
  const DryRunReport& report = tried.report;
  json::array changes;
  for (const auto& [outcomes, change] : report.changes)
    changes.push_back({{"before", outcomes.first},
                       {"after", outcomes.second},
                       {"acts", change.acts},
                       {"reduction_difference_kg", text_of(change.reduction)}});
  return {{"scenario", tried.scenario.name},
          {"methodology", tried.scenario.methodology},
          {"from", format_day(tried.from)},
          {"until", format_day(tried.until)},
          {"days", report.days},
          {"acts", report.acts},
          {"accepted_before", report.accepted_before},
          {"accepted_after", report.accepted_after},
          {"accepted_difference", report.accepted_after - report.accepted_before},
          {"reduction_before_kg", text_of(report.reduction_before)},
          {"reduction_after_kg", text_of(report.reduction_after)},
          {"reduction_difference_kg", text_of(report.reduction_after - report.reduction_before)},
          {"persons_affected", report.persons},
          {"not_derivable", report.not_derivable},
          {"changes", std::move(changes)}};
}

void print_all(const Methodology& draft, const std::vector<TriedScenario>& all, bool as_json) {
  if (!as_json) {
    fmt::print("{}/{} tried on what is sealed; nothing is written\n", draft.id, draft.version);
    for (const TriedScenario& tried : all) print_tried(tried);
    for (const BilingualText& limit : dry_run_limits()) fmt::print("- {}\n  {}\n", limit.zh, limit.en);
    return;
  }
  json::array scenarios, limits;
  for (const TriedScenario& tried : all) scenarios.push_back(json_of(tried));
  for (const BilingualText& limit : dry_run_limits()) limits.push_back({{"zh", limit.zh}, {"en", limit.en}});
  const json::object out{{"command", "methodology dry-run"},
                         {"methodology", draft.id + "/" + draft.version},
                         {"hash", to_hex(draft.hash)},
                         {"scenarios", std::move(scenarios)},
                         {"limits", std::move(limits)}};
  fmt::print("{}\n", json::serialize(out));
}

/// Scenarios under some version of the same methodology.
std::vector<Scenario> find_scenarios_of(Database& reader, const std::string& id) {
  std::vector<Scenario> found;
  std::string names;
  for (Scenario& scenario : list_scenarios(reader)) {
    names += fmt::format("{}{} ({})", names.empty() ? "" : ", ", scenario.name, scenario.methodology);
    if (scenario.methodology.substr(0, scenario.methodology.find('/')) == id) found.push_back(std::move(scenario));
  }
  if (found.empty())
    throw UsageError(
        fmt::format("没有场景采用方法学 {0}；已登记：{1}\nno scenario is under the methodology {0}; "
                    "recorded are: {1}",
                    id, names));
  return found;
}

int run_dry_run(const SharedOptions& shared, const DryRunCommand& command) {
  const Methodology draft = open_methodology(shared, command.folder);
  const std::string home = find_home(shared.home);
  const auto methodologies = load_methodologies(home);
  Database reader = open_programme_reader(shared.programme);
  const ReadTransaction one_state(reader);
  DryRunOptions options;
  options.draft = &draft;
  options.zone = load_book(home, load_programme(reader).rulebook).zone;
  ProgressBar bar("dry run");
  options.progress = [&bar](std::int64_t done, std::int64_t rounds) { bar.show(done, rounds); };
  std::vector<TriedScenario> all;
  for (const Scenario& scenario : find_scenarios_of(reader, draft.id)) {
    options.scenario = scenario.id;
    options.in_force = &methodology_of(methodologies, scenario);
    const auto sealed =
        find_sealed_days(reader, scenario.id).value_or(std::pair(scenario.live_from, scenario.live_from));
    options.from = command.from.empty() ? sealed.first : day_option("--from", command.from);
    options.until = command.until.empty() ? sealed.second : day_option("--until", command.until);
    if (options.until < options.from) throw UsageError("--until: lies before --from");
    auto report = dry_run(reader, options);
    bar.clear();
    if (!report) {
      fmt::print(stderr, "{}\n{}\n", report.error().zh, report.error().en);
      return exit_refused;
    }
    all.push_back({scenario, options.from, options.until, std::move(*report)});
  }
  print_all(draft, all, command.json);
  return exit_done;
}

}  // namespace

void add_dry_run_command(CLI::App& group, SharedOptions& shared, Chosen& chosen) {
  add_command<DryRunCommand>(
      group, "dry-run", "what a draft would have made of the acts that a programme has sealed", chosen,
      [](CLI::App& command, DryRunCommand& options) {
        command.add_option("DIR", options.folder)->required();
        command.add_option("--from", options.from, "first day, e.g. 2025-03-01; the first sealed one when not given");
        command.add_option("--until", options.until, "last day; the last sealed one when not given");
        command.add_flag("--json", options.json, "as one JSON object");
      },
      [&shared](const DryRunCommand& options) { return run_dry_run(shared, options); });
}

}  // namespace tanpuhui
