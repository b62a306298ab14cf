/// Methodologies: check, vectors, compute, explain, diff. None of these needs a programme; a dry run does.
#include <boost/json.hpp>
#include <fmt/format.h>

#include "base/decimal.h"
#include "base/fault.h"
#include "cli/commands.h"
#include "cli/compute.h"
#include "cli/desk.h"
#include "cli/print.h"
#include "methodology/diff.h"
#include "methodology/explain.h"
#include "methodology/gate.h"

namespace tanpuhui {
namespace {

constexpr Zone zone{480};  // in which records' days begin until a programme's rulebook says so

std::string name_of(const Methodology& methodology) { return methodology.id + "/" + methodology.version; }

struct CheckOptions {
  std::vector<std::string> folders;
  bool additionality = false;
};

bool print_check(const Methodology& methodology, const GateRule& rule) {
  bool sound = true;
  for (const GateFinding& finding : check_gate(methodology, rule)) {
    fmt::print("  {} {}: {}\n    {}\n", finding.blocks ? "MISSING" : "remark", finding.where, finding.message.zh,
               finding.message.en + (finding.remedy.empty() ? "" : " - " + finding.remedy));
    sound = sound && !finding.blocks;
  }
  fmt::print("{} {}: {}, {} vectors come out\n  SHA-256 {}\n", sound ? "sound" : "NOT SOUND", name_of(methodology),
             methodology.title.zh, methodology.vectors.size(), to_hex(methodology.hash));
  if (methodology.second_hash) fmt::print("  SM3     {}\n", to_hex(*methodology.second_hash));
  return sound;
}

int run_check(const SharedOptions& shared, const CheckOptions& options) {
  int code = exit_done;
  for (const std::string& folder : options.folders) try {
      if (!print_check(open_methodology(shared, folder), {options.additionality})) code = exit_refused;
    } catch (const Fault& fault) {
      fmt::print("NOT SOUND {}\n{}\n", folder, fault.what());
      code = exit_refused;
    }
  return code;
}

int run_vectors(const SharedOptions& shared, const std::string& folder) {
  const Methodology methodology = open_methodology(shared, folder);
  std::vector<std::vector<std::string>> rows{{"vector", "day", "result"}};
  for (const MethodologyVector& vector : methodology.vectors)
    rows.push_back(
        {vector.name, format_day(vector.day),
         vector.refused.empty() ? with_thousands(vector.reduction_mg) + " mg" : "refused: " + vector.refused});
  fmt::print("{}", table(rows));
  return exit_done;
}

struct ComputeCommand {
  std::string folder, file, report;
  std::vector<std::string> frozen;
};

void declare_frozen(CLI::App& command, std::vector<std::string>& files) {
  command.add_option("--frozen", files, "a table of frozen figures that it compares with")->allow_extra_args(false);
}

std::string compute_json(const Methodology& methodology, const ComputedFile& computed) {
  boost::json::object counts;
  for (const auto& [id, count] : computed.counts) counts[id] = count;
  const boost::json::object out{
      {"command", "methodology compute"}, {"methodology", name_of(methodology)},
      {"hash", to_hex(methodology.hash)}, {"lines", computed.lines},
      {"counts", std::move(counts)},      {"reduction_kg", format_fixed(computed.reduction_mg, 6)}};
  return boost::json::serialize(out) + "\n";
}

int run_compute(const SharedOptions& shared, const ComputeCommand& command) {
  const Methodology methodology = open_methodology(shared, command.folder);
  const ComputedFile computed =
      compute_file(methodology, command.file, zone, read_frozen_files(command.frozen, methodology));
  std::vector<std::vector<std::string>> rows{{"outcome", "records"}};
  for (const auto& [id, count] : computed.counts) rows.push_back({id, with_thousands(count)});
  fmt::print("{} over {}: {} lines\n{}reduction {}\n", name_of(methodology), command.file,
             with_thousands(computed.lines), table(rows), kilograms(Milligrams(computed.reduction_mg)));
  if (!command.report.empty()) write_file(command.report, compute_json(methodology, computed));
  return exit_done;
}

struct ExplainCommand {
  std::string folder, file, language = "en";
  std::vector<std::string> frozen;
  std::int64_t record = 1;
  bool json = false;
};

void declare_explain(CLI::App& command, ExplainCommand& options) {
  command.add_option("DIR", options.folder)->required();
  command.add_option("FILE", options.file)->required();
  declare_frozen(command, options.frozen);
  command.add_option("--record", options.record, "the how-many-th line of the file, from 1")->capture_default_str();
  command.add_option("--language", options.language, "zh or en")
      ->capture_default_str()
      ->check(CLI::IsMember({"zh", "en"}));
  command.add_flag("--json", options.json, "as one JSON object, in both languages");
}

int say_missing(const ComputedRecord& record) {
  const OutcomeRow& row = describe_outcome(record.outcome);
  fmt::print("{}: {}\n  {}\n  {}\n", record.record_id, row.id, row.zh, row.en);
  return exit_done;
}

int run_explain(const SharedOptions& shared, const ExplainCommand& command) {
  const Methodology methodology = open_methodology(shared, command.folder);
  const ComputedFile computed =
      compute_file(methodology, command.file, zone, read_frozen_files(command.frozen, methodology));
  for (const ComputedRecord& record : computed.records) {
    if (record.line != command.record) continue;
    if (record.outcome == Outcome::reference_missing) return say_missing(record);
    if (command.json) {
      fmt::print("{}\n", explain_json(methodology, record.inputs, record.day));
      return exit_done;
    }
    fmt::print("{}: {}\n", record.record_id, describe_outcome(record.outcome).id);
    const Language language = command.language == "zh" ? Language::zh : Language::en;
    for (const std::string& line : explain(methodology, record.inputs, record.day, language))
      fmt::print("  {}\n", line);
    return exit_done;
  }
  throw UsageError(fmt::format("--record {}: this line could not be read as a record; `methodology compute` counts why",
                               command.record));
}

struct DiffCommand {
  std::string before, after, records;
};

void print_totals(const char* name, const ResultTotals& totals) {
  std::string refused;
  for (const auto& [code, count] : totals.refused) refused += fmt::format(", {} {}", with_thousands(count), code);
  fmt::print("  {}: {} accepted, {}{}\n", name, with_thousands(totals.accepted),
             kilograms(Milligrams(static_cast<std::int64_t>(totals.reduction_mg))), refused);
}

// The records as the earlier version reads them, day by day: factors change with the day.
int compare_over(const Methodology& before, const Methodology& after, const std::string& file) {
  const ComputedFile computed = compute_file(before, file, zone);
  std::map<Day, std::vector<const ComputedRecord*>> days;
  for (const ComputedRecord& record : computed.records)
    if (record.outcome != Outcome::reference_missing) days[record.day].push_back(&record);
  ResultTotals first, second;
  std::int64_t changed = 0;
  for (const auto& [day, records] : days) {
    std::vector<std::vector<std::int64_t>> columns(before.column_count());
    for (const ComputedRecord* record : records)
      for (std::size_t i = 0; i < columns.size(); ++i) columns[i].push_back(record->inputs[i]);
    const std::vector<std::span<const std::int64_t>> views(columns.begin(), columns.end());
    const auto compared = compare_results(before, after, views, day);
    if (!compared) throw UsageError(format_day(day) + ": " + compared.error());
    changed += compared->changed;
    for (const auto& [from, to] : {std::pair(&compared->before, &first), std::pair(&compared->after, &second)}) {
      to->accepted += from->accepted;
      to->reduction_mg += from->reduction_mg;
      for (const auto& [code, count] : from->refused) to->refused[code] += count;
    }
  }
  fmt::print("over {} records, each by itself: {} change\n", with_thousands(std::ssize(computed.records)),
             with_thousands(changed));
  print_totals("before", first);
  print_totals("after", second);
  return exit_done;
}

int run_diff(const SharedOptions& shared, const DiffCommand& command) {
  const Methodology before = open_methodology(shared, command.before);
  const Methodology after = open_methodology(shared, command.after);
  for (const Difference& change : diff(before, after))
    fmt::print("{}\n  - {}\n  + {}\n", change.where, change.before, change.after);
  return command.records.empty() ? exit_done : compare_over(before, after, command.records);
}

}  // namespace

void add_methodology_commands(CLI::App& app, SharedOptions& shared, Chosen& chosen) {
  CLI::App& group = add_group(app, "methodology", "check, compute, explain and compare methodologies");
  add_command<CheckOptions>(
      group, "check", "units, ranges, dates, sources, compulsory parts, vectors", chosen,
      [](CLI::App& command, CheckOptions& options) {
        command.add_option("DIR", options.folders, "methodologies/<id>/v<n>")->required();
        command.add_flag("--additionality", options.additionality, "ask for an argument of additionality too");
      },
      [&shared](const CheckOptions& options) { return run_check(shared, options); });
  add_command<std::string>(
      group, "vectors", "the test vectors and their results", chosen,
      [](CLI::App& command, std::string& folder) { command.add_option("DIR", folder)->required(); },
      [&shared](const std::string& folder) { return run_vectors(shared, folder); });
  add_command<ComputeCommand>(
      group, "compute", "what intake and seal would make of a file of records", chosen,
      [](CLI::App& command, ComputeCommand& options) {
        declare_frozen(command, options.frozen);
        command.add_option("DIR", options.folder)->required();
        command.add_option("FILE", options.file)->required();
        command.add_option("--report", options.report, "write counts and total as JSON");
      },
      [&shared](const ComputeCommand& options) { return run_compute(shared, options); });
  add_command<ExplainCommand>(group, "explain", "the worked calculation of one record", chosen, declare_explain,
                              [&shared](const ExplainCommand& options) { return run_explain(shared, options); });
  add_command<DiffCommand>(
      group, "diff", "what a version changes, in its text and over records", chosen,
      [](CLI::App& command, DiffCommand& options) {
        command.add_option("BEFORE", options.before)->required();
        command.add_option("AFTER", options.after)->required();
        command.add_option("--records", options.records, "a file of records to compare results over");
      },
      [&shared](const DiffCommand& options) { return run_diff(shared, options); });
  add_dry_run_command(group, shared, chosen);
}

}  // namespace tanpuhui
