/// What lies on disk once days are closed: packed acts, evidence whose term is over.
#include <fmt/format.h>

#include "base/decimal.h"
#include "cli/commands.h"
#include "cli/desk.h"
#include "cli/print.h"
#include "rooms/activity/shell/delete_evidence.h"
#include "rooms/activity/shell/pack_rounds.h"

namespace tanpuhui {
namespace {

struct PackCommand {
  std::string scenario, until;
};

int run_pack(const SharedOptions& shared, const PackCommand& command) {
  Desk desk(shared);
  ProgressBar bar("pack");
  PackOptions options;
  if (!command.scenario.empty()) options.scenario = desk.scenario(command.scenario).id;
  if (!command.until.empty()) options.until = day_option("--until", command.until);
  options.progress = [&bar](std::int64_t done, std::int64_t rounds) { bar.show(done, rounds); };
  const PackReport report = pack_rounds(desk.database(), options);
  bar.clear();
  fmt::print("packed {} rounds, {} acts, {} bytes", with_thousands(report.rounds), with_thousands(report.acts),
             with_thousands(report.bytes));
  if (report.acts > 0) fmt::print(", {} an act", format_fixed(report.bytes * 10 / report.acts, 1));
  fmt::print("\n");
  for (const std::string& round : report.damaged)
    fmt::print(stderr,
               "{0}：记录与封存摘要不符，未打包；请运行 tanpuhui audit\n"
               "{0}: its acts are not what was sealed, so they stay rows; run `tanpuhui audit`\n",
               round);
  return report.damaged.empty() ? exit_done : exit_refused;
}

struct DeleteCommand {
  std::string scenario, before;
};

int run_delete(const SharedOptions& shared, const DeleteCommand& command) {
  Desk desk(shared);
  const Scenario scenario = desk.scenario(command.scenario);
  const Day before = day_option("--before", command.before);
  if (before > desk.office().today())
    throw UsageError("--before: 晚于今天，尚不能删除\n--before: lies after today; name the first day that is kept");
  const auto report = delete_evidence(desk.office(), {scenario.id, scenario.name, before});
  if (!report) return print_refusal(report.error());
  desk.seal_log();
  fmt::print("evidence of {} days is deleted: {} records, {} bytes; {} days before {} are still needed\n",
             with_thousands(report->days), with_thousands(report->records), with_thousands(report->bytes),
             with_thousands(report->days_kept), command.before);
  return exit_done;
}

}  // namespace

void add_storage_commands(CLI::App& app, SharedOptions& shared, Chosen& chosen) {
  add_command<PackCommand>(
      app, "pack", "acts of days whose batch is posted: from rows into compressed segments", chosen,
      [](CLI::App& command, PackCommand& options) {
        command.add_option("--scenario", options.scenario, "only this one");
        command.add_option("--until", options.until, "the last day, included");
      },
      [&shared](const PackCommand& options) { return run_pack(shared, options); });
  CLI::App& evidence = add_group(app, "evidence", "records as they arrived: delete");
  add_command<DeleteCommand>(
      evidence, "delete", "delete the records of days that are closed and posted, as they arrived", chosen,
      [](CLI::App& command, DeleteCommand& options) {
        command.add_option("--scenario", options.scenario)->required();
        command.add_option("--before", options.before, "the first day that is kept: today less the term")->required();
      },
      [&shared](const DeleteCommand& options) { return run_delete(shared, options); });
}

}  // namespace tanpuhui
