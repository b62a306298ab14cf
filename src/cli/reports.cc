#include "cli/reports.h"

#include <algorithm>

#include <boost/json.hpp>
#include <fmt/format.h>

#include "base/decimal.h"
#include "cli/print.h"
#include "rooms/activity/shell/report_json.h"
#include "rooms/participants/consent.h"

namespace tanpuhui {
namespace {

namespace json = boost::json;
using Counts = std::map<std::string, std::int64_t>;

constexpr std::size_t printed_examples = 5;

struct Meaning {
  std::string zh, en;
};

std::string markdown_row(std::string_view id, std::string_view stage, std::string_view code, std::string_view zh,
                         std::string_view en, std::string_view remedy_zh, std::string_view remedy_en) {
  return fmt::format("| `{}` | {} | {} | {}{} | {}{} |\n", id, stage, code.empty() ? "" : fmt::format("`{}`", code), zh,
                     remedy_zh.empty() ? "" : fmt::format("；{}", remedy_zh), en,
                     remedy_en.empty() ? "" : fmt::format("; {}", remedy_en));
}

// `check_failed.distance_too_short` has the row of `check_failed`.
Meaning meaning_of(const std::string& id) {
  const auto outcome = find_outcome(id.substr(0, id.find('.')));
  if (!outcome) return {};
  const OutcomeRow& row = describe_outcome(*outcome);
  return {std::string(row.zh), std::string(row.en)};
}

void print_counts(const Counts& counts) {
  if (counts.empty()) return;
  std::vector<std::vector<std::string>> rows{{"outcome", "lines", "中文", "English"}};
  for (const auto& [id, count] : counts) {
    const Meaning meaning = meaning_of(id);
    rows.push_back({id, with_thousands(count), meaning.zh, meaning.en});
  }
  fmt::print("{}", table(rows));
}

GroundsOf grounds_of_consents(const Rulebook& book) {
  return [&book](std::string_view id) -> Grounds {
    const auto table = consent_outcome_table();
    const auto row = std::ranges::find(table, id, &ConsentOutcomeRow::id);
    if (row == table.end() || row->family.empty()) return {};
    return {std::string(row->family), book.basis_of(std::string(row->family))};
  };
}

std::string text_of(const Grounds& grounds) {
  return grounds.code.empty() ? "" : fmt::format(" ({}, {})", grounds.code, grounds.basis);
}

template <class Example>
void print_examples(const std::string& file, const std::vector<Example>& examples, const GroundsOf& grounds_of) {
  for (std::size_t i = 0; i < std::min(printed_examples, examples.size()); ++i) {
    const Example& example = examples[i];
    fmt::print("  {}:{}: {}{}{}{}\n    {}\n    {} {}\n", file, example.line, example.outcome,
               text_of(grounds_of(example.outcome)), example.field.empty() ? "" : " in " + example.field,
               example.value.empty() ? "" : ": " + example.value,
               example.message_zh + (example.remedy_zh.empty() ? "" : "；" + example.remedy_zh), example.message_en,
               example.remedy_en.empty() ? "" : "- " + example.remedy_en);
  }
  if (examples.size() > printed_examples)
    fmt::print("  ... {} more lines are in the report (--report FILE.json)\n", examples.size() - printed_examples);
}

void print_differences(const std::vector<ManifestDifference>& differences) {
  for (const ManifestDifference& d : differences)
    fmt::print("    {}: 清单/manifest {}, 文件/file {}{}\n", d.figure, d.stated, d.found,
               d.difference.empty() ? "" : fmt::format(", 差/difference {}", d.difference));
}

std::string text_of(const json::object& object) { return json::serialize(object) + "\n"; }

}  // namespace

void print_ingest(const std::vector<IngestReport>& reports, const Rulebook& book) {
  Counts all;
  for (const IngestReport& report : reports) {
    const OutcomeRow& row = describe_outcome(report.file_outcome);
    fmt::print("{}: {} lines{}\n", report.file_name, with_thousands(report.lines),
               report.resumed ? ", gone on from where it stopped" : "");
    if (report.file_outcome != Outcome::received)
      fmt::print("  {}: {}；{}\n  {} - {}\n", row.id, row.zh, row.remedy_zh, row.en, row.remedy_en);
    print_differences(report.differences);
    print_examples(report.file_name, report.examples, grounds_of_records(book));
    for (const auto& [id, count] : report.counts) all[id] += count;
  }
  print_counts(all);
}

std::string ingest_json(const std::string& scenario, const std::vector<IngestReport>& reports, const Rulebook& book) {
  json::array files;
  Counts all;
  for (const IngestReport& report : reports) {
    files.push_back(report_json(report, grounds_of_records(book)));
    for (const auto& [id, count] : report.counts) all[id] += count;
  }
  return text_of({{"command", "ingest"}, {"scenario", scenario}, {"files", files}, {"counts", counts_json(all)}});
}

void print_seal(const SealReport& report, Day until) {
  fmt::print("sealed {} days until {} ({} stood as they were): {} records, {}\n", with_thousands(report.days_sealed),
             format_day(until), with_thousands(report.days_unchanged), with_thousands(report.rows),
             kilograms(report.reduction));
  print_counts(report.counts);
}

std::string seal_json(const std::string& scenario, Day until, const SealReport& report) {
  return text_of({{"command", "seal"},
                  {"scenario", scenario},
                  {"until", format_day(until)},
                  {"days_sealed", report.days_sealed},
                  {"days_unchanged", report.days_unchanged},
                  {"rows", report.rows},
                  {"reduction_kg", format_fixed(report.reduction.count(), 6)},
                  {"counts", counts_json(report.counts)}});
}

void print_consents(const ConsentReport& report, const Rulebook& book) {
  fmt::print("{}: {} consents, {} accounts opened\n", report.file_name, with_thousands(report.lines),
             with_thousands(report.accounts_opened));
  print_examples(report.file_name, report.examples, grounds_of_consents(book));
  std::vector<std::vector<std::string>> rows{{"outcome", "lines"}};
  for (const auto& [id, count] : report.counts) rows.push_back({id, with_thousands(count)});
  fmt::print("{}", table(rows));
}

std::string consents_json(const ConsentReport& report, const Rulebook& book) {
  return text_of({{"command", "consent load"},
                  {"file", report.file_name},
                  {"lines", report.lines},
                  {"accounts_opened", report.accounts_opened},
                  {"counts", counts_json(report.counts)},
                  {"refused_lines", refused_lines_json(report.examples, grounds_of_consents(book))}});
}

std::string outcomes_markdown() {
  constexpr std::string_view head = "| id | stage | code | 中文 | English |\n| --- | --- | --- | --- | --- |\n";
  std::string text =
      "# Outcomes 处理结果\n\n"
      "What can become of a file, a record or a consent: closed tables, written by `tanpuhui outcomes`. Where several "
      "would\n"
      "apply, the first one stands. `check_failed` is reported with the code of the methodology's own check behind a "
      "point.\n\n"
      "## Files and records\n\n";
  text += head;
  for (const OutcomeRow& row : outcome_table())
    text += markdown_row(row.id, stage_name(row.stage), row.family, row.zh, row.en, row.remedy_zh, row.remedy_en);
  text += "\n## Consents\n\n";
  text += head;
  for (const ConsentOutcomeRow& row : consent_outcome_table())
    text += markdown_row(row.id, "consent", row.family, row.zh, row.en, row.remedy_zh, row.remedy_en);
  return text;
}

}  // namespace tanpuhui
