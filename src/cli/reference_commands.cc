/// Frozen figures that formulas compare with: means of peers, drafted from what stands sealed, recorded for a period to
/// come.
#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/compute.h"
#include "cli/desk.h"
#include "cli/print.h"
#include "rooms/activity/shell/frozen_tables.h"

namespace tanpuhui {

namespace {

struct FreezeCommand {
  std::string scenario;
  std::vector<std::string> files;
};

int run_freeze(const SharedOptions& shared, const FreezeCommand& command) {
  Desk desk(shared);
  const Scenario scenario = desk.scenario(command.scenario);
  for (const FrozenTable& table : read_frozen_files(command.files, desk.methodology_of(scenario))) {
    const auto digest = freeze_table(desk.office(), scenario.id, scenario.name, table);
    if (!digest) return print_refusal(digest.error());
    fmt::print("{} is frozen for {} to {}\n  SHA-256 {}\n", table.reference, format_day(table.from),
               format_day(table.until), to_hex(*digest));
  }
  desk.seal_log();
  return exit_done;
}

struct MeanCommand {
  std::string scenario, reference, from, until, for_from, for_until;
};

void declare_mean(CLI::App& command, MeanCommand& options) {
  command.add_option("--scenario", options.scenario)->required();
  command.add_option("--reference", options.reference, "a reference of kind frozen that has `of`")->required();
  command.add_option("--from", options.from, "first day of the acts to take the mean of")->required();
  command.add_option("--until", options.until, "the last one, included")->required();
  command.add_option("--for-from", options.for_from, "first day of the period that the figures are for")->required();
  command.add_option("--for-until", options.for_until, "its last day, included")->required();
}

int run_mean(const SharedOptions& shared, const MeanCommand& command) {
  Desk desk(shared);
  const Scenario scenario = desk.scenario(command.scenario);
  auto table = mean_of_peers(desk.database(), scenario.id, desk.methodology_of(scenario), command.reference,
                             day_option("--from", command.from), day_option("--until", command.until));
  if (!table) return print_refusal(table.error());
  table->from = day_option("--for-from", command.for_from);
  table->until = day_option("--for-until", command.for_until);
  if (table->rows.empty())
    throw UsageError(
        fmt::format("--from, --until: fewer than {} persons have acts that stand sealed on these days", peers_min));
  fmt::print("# Words of fewer than {} persons are left out; a table needs them all.\n{}", peers_min,
             write_frozen_table(*table));
  return exit_done;
}

int run_list(const SharedOptions& shared, const std::string& name) {
  Desk desk(shared);
  std::vector<std::vector<std::string>> rows{{"reference", "from", "until", "word", "value", "source"}};
  for (const FrozenTable& frozen : list_frozen_tables(desk.database(), desk.scenario(name).id))
    for (const FrozenTable::Row& row : frozen.rows)
      rows.push_back({frozen.reference, format_day(frozen.from), format_day(frozen.until), row.word, figure_text(row),
                      frozen.source});
  fmt::print("{}", table(rows));
  return exit_done;
}

}  // namespace

void add_reference_commands(CLI::App& app, SharedOptions& shared, Chosen& chosen) {
  CLI::App& reference = add_group(app, "reference", "figures that formulas compare with, frozen for a period");
  add_command<FreezeCommand>(
      reference, "freeze", "record a table for a period that has not begun", chosen,
      [](CLI::App& command, FreezeCommand& options) {
        command.add_option("--scenario", options.scenario)->required();
        command.add_option("FILE", options.files)->required();
      },
      [&shared](const FreezeCommand& options) { return run_freeze(shared, options); });
  add_command<MeanCommand>(reference, "mean", "draft a table: the mean of peers over what stands sealed", chosen,
                           declare_mean, [&shared](const MeanCommand& options) { return run_mean(shared, options); });
  add_command<std::string>(
      reference, "list", "the tables there are", chosen,
      [](CLI::App& command, std::string& scenario) { command.add_option("--scenario", scenario)->required(); },
      [&shared](const std::string& scenario) { return run_list(shared, scenario); });
}

}  // namespace tanpuhui
