/// Corrections of what was posted, and the reserve that makes good for what they cannot take back.
#include <map>

#include <fmt/format.h>

#include "base/decimal.h"
#include "cli/commands.h"
#include "cli/desk.h"
#include "cli/print.h"
#include "rooms/mall/shell/settle_provider.h"
#include "rooms/reduction/shell/compute_correction.h"
#include "rooms/reduction/shell/post_correction.h"
#include "rooms/reduction/shell/reserve.h"
#include "rooms/reduction/shell/supplement.h"

namespace tanpuhui {
namespace {

struct ComputeCorrectionOptions {
  std::int64_t case_number = 0;
  std::string scenario, responsible, records;
};

void declare_compute(CLI::App& command, ComputeCorrectionOptions& options) {
  command.add_option("--case", options.case_number, "the correction's case")->required();
  command.add_option("--scenario", options.scenario)->required();
  command.add_option("--responsible", options.responsible, "who caused it: `person`, or the name of a unit")
      ->required();
  command
      .add_option("--records", options.records,
                  "list of the records, one a line: 20250303-17, or 20250303-17,replaced where a later version counts")
      ->required();
}

int run_compute(const SharedOptions& shared, const ComputeCorrectionOptions& options) {
  Desk desk(shared);
  const Scenario scenario = desk.scenario(options.scenario);
  ProgressBar bar("seal again");
  const auto correction =
      compute_correction(desk.office(), {options.case_number, scenario.id, &desk.methodology_of(scenario),
                                         options.responsible, read_file(options.records),
                                         [&bar](std::int64_t done, std::int64_t rounds) { bar.show(done, rounds); }});
  bar.clear();
  if (!correction) return print_refusal(correction.error());
  const CorrectionContent& content = correction->content;
  fmt::print("correction of case {}: {} records, {} lines of accounts; {} to be taken back, {} to be issued more\n",
             options.case_number, with_thousands(std::ssize(content.records)),
             with_thousands(std::ssize(content.lines)), kilograms(content.taken_back()), kilograms(content.added()));
  fmt::print(
      "  propose it with: --field scenario={} --field 'responsible_party={}' --field amount_kg={} --document '{}={}'\n",
      content.scenario, content.responsible, format_fixed(content.taken_back().count(), 6), correction_list_document,
      options.records);
  return exit_done;
}

int run_show(const SharedOptions& shared, std::int64_t case_number) {
  Desk desk(shared);
  const auto correction = find_correction(desk.database(), case_number);
  if (!correction) return print_refusal(desk.office().on_its_basis(no_correction(case_number)));
  fmt::print("case {}: {}, caused by {}, {}, sha256 {}\n", case_number, correction->content.scenario,
             correction->content.responsible, correction->state, to_hex(correction->digest));
  std::vector<std::vector<std::string>> rows{
      {"account", "batch", "before kg", "after kg", "entry", "points reversed", "overdrawn", "taken kg", "missing kg"}};
  for (const PostedLine& posted : list_posted_lines(desk.database(), case_number))
    rows.push_back({std::to_string(posted.line.account.value), std::to_string(posted.line.batch.value),
                    format_fixed(posted.line.before.count(), 6), format_fixed(posted.line.after.count(), 6),
                    posted.posted_by == EntryId{} ? "" : std::to_string(posted.posted_by.value),
                    with_thousands(posted.reversed.count()), with_thousands(posted.overdrawn.count()),
                    format_fixed(posted.taken_back.count(), 6), format_fixed(posted.missing.count(), 6)});
  fmt::print("{}", table(rows));
  if (const auto supplement = find_supplement(desk.database(), case_number))
    fmt::print("what others gain is batch {}\n", supplement->value);
  return exit_done;
}

int run_post(const SharedOptions& shared, std::int64_t case_number) {
  Desk desk(shared);
  // What orders released must lie with its provider before it can be looked for there.
  for (const Provider& provider : list_providers(desk.database()))
    if (const auto settled = settle_fully(desk.office(), provider); !settled) return print_refusal(settled.error());
  const auto posted = post_correction(desk.office(), case_number);
  if (!posted) return print_refusal(posted.error());
  desk.seal_log();
  fmt::print(
      "correction of case {}: {} accounts posted; {} points reversed, {} overdrawn; {} taken back from persons, "
      "{} from providers, {} due from the reserve\n",
      case_number, with_thousands(posted->lines), with_thousands(posted->reversed.count()),
      with_thousands(posted->overdrawn.count()), kilograms(posted->taken_back), kilograms(posted->taken_from_providers),
      kilograms(posted->due));
  if (posted->supplement)
    fmt::print("  batch {} issues what others gain: sign and post it like any other\n", posted->supplement->value);
  if (posted->complete()) return exit_done;
  fmt::print("  {} accounts wait for an order that has not ended: run it again then\n",
             with_thousands(posted->waiting));
  return exit_refused;
}

int run_list(const SharedOptions& shared) {
  Desk desk(shared);
  std::vector<std::vector<std::string>> rows{{"case", "scenario", "responsible", "records of", "state"}};
  auto cases = desk.database().statement("SELECT case_number FROM corrections ORDER BY case_number");
  while (cases.step()) {
    const StoredCorrection correction = *find_correction(desk.database(), cases.integer(0));
    rows.push_back({std::to_string(correction.content.case_number), correction.content.scenario,
                    correction.content.responsible,
                    format_day(correction.first_day) + " to " + format_day(correction.last_day), correction.state});
  }
  fmt::print("{}", table(rows));
  return exit_done;
}

struct GiveOptions {
  std::string account, amount_kg, id;
};

int run_give(const SharedOptions& shared, const GiveOptions& options) {
  Desk desk(shared);
  const auto given =
      give_to_reserve(desk.office(), account_option(desk.database(), options.account),
                      kilograms_option("--amount-kg", options.amount_kg), id_option(options.id, desk.now()));
  if (!given) return print_refusal(given.error());
  desk.seal_log();
  fmt::print("entry {}: {} kg to the reserve; it holds {}\n", given->value, options.amount_kg,
             kilograms(reserve_mg(desk.database())));
  return exit_done;
}

int run_cover(const SharedOptions& shared) {
  Desk desk(shared);
  const auto covered = cover_dues(desk.office());
  if (!covered) return print_refusal(covered.error());
  desk.seal_log();
  fmt::print("reserve: {} covered in {} cases, {} still due\n", kilograms(covered->mg), with_thousands(covered->dues),
             kilograms(covered->still_open));
  return exit_done;
}

int show_reserve(const SharedOptions& shared) {
  Desk desk(shared);
  std::vector<std::vector<std::string>> rows{{"case", "owed to", "due kg", "covered kg"}};
  std::map<AccountId, std::string> names{{AccountId{}, "what left circulation"}};
  for (const Provider& provider : list_providers(desk.database())) names[provider.account] = provider.name;
  for (const Due& due : list_dues(desk.database()))
    rows.push_back({std::to_string(due.case_number), names[due.provider], format_fixed(due.due.count(), 6),
                    format_fixed(due.covered.count(), 6)});
  fmt::print("the reserve holds {}; {} accounts owe points\n{}", kilograms(reserve_mg(desk.database())),
             with_thousands(count_debtors(desk.database())), table(rows));
  return exit_done;
}

}  // namespace

void add_correction_commands(CLI::App& app, SharedOptions& shared, Chosen& chosen) {
  CLI::App& correction =
      add_group(app, "correction", "what was posted for records that do not count: compute, show, post, list");
  add_command<ComputeCorrectionOptions>(
      correction, "compute", "seal the months of the records again without them, and compare", chosen, declare_compute,
      [&shared](const ComputeCorrectionOptions& options) { return run_compute(shared, options); });
  const auto declare_case = [](CLI::App& command, std::int64_t& number) {
    command.add_option("CASE", number)->required();
  };
  add_command<std::int64_t>(correction, "show", "its lines, and what their posting came to", chosen, declare_case,
                            [&shared](std::int64_t number) { return run_show(shared, number); });
  add_command<std::int64_t>(correction, "post", "take back what is left, trace the rest, and say what is due", chosen,
                            declare_case, [&shared](std::int64_t number) { return run_post(shared, number); });
  add_command<int>(
      correction, "list", "all corrections", chosen, [](CLI::App&, int&) {},
      [&shared](int) { return run_list(shared); });
  CLI::App& reserve = add_group(app, "reserve", "reductions that make good for what corrections cannot take back");
  add_command<GiveOptions>(
      reserve, "give", "an organisation gives reductions to it", chosen,
      [](CLI::App& command, GiveOptions& options) {
        command.add_option("--account", options.account, "number, or the programme's name for the holder")->required();
        command.add_option("--amount-kg", options.amount_kg, "kg CO2e")->required();
        command.add_option("--id", options.id, "command id, so that a repeat is known");
      },
      [&shared](const GiveOptions& options) { return run_give(shared, options); });
  add_command<int>(
      reserve, "cover", "cover what is due, as far as it reaches", chosen, [](CLI::App&, int&) {},
      [&shared](int) { return run_cover(shared); });
  add_command<int>(
      reserve, "show", "what it holds and what is due from it", chosen, [](CLI::App&, int&) {},
      [&shared](int) { return show_reserve(shared); });
}

}  // namespace tanpuhui
