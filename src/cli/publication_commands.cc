/// Issues of publications: compiled, looked at, compiled again and compared, and what is due. They are checked,
/// published and replaced by `case step`.
#include <boost/json.hpp>
#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/desk.h"
#include "cli/print.h"
#include "publications/issues.h"
#include "store/lanes.h"

namespace tanpuhui {
namespace {

namespace json = boost::json;

struct PublicationOptions {
  std::string publication, period, person, id;
  std::int64_t number = 0, entry = 0;
  bool csv = false, json = false;
};

PublicationSources sources_of(Desk& desk, const Calendar& calendar) { return {desk.database(), desk.book(), calendar}; }

Issue required_issue(Desk& desk, std::int64_t number) {
  auto issue = find_issue(desk.database(), number);
  if (!issue) throw UsageError(fmt::format("there is no issue {}: see `tanpuhui publication list`", number));
  return *std::move(issue);
}

int compile_issue(const SharedOptions& shared, const PublicationOptions& options) {
  Desk desk(shared);
  IssueRequest request{options.publication, options.period, options.person, {}};
  if (options.entry > 0) request.as_of = EntryId{options.entry};
  const auto number =
      draft_issue(desk.office(), load_working_days(find_home(shared.home)), request, id_option(options.id, desk.now()));
  if (!number) return print_refusal(number.error());
  desk.seal_log();
  const Issue issue = required_issue(desk, *number);
  fmt::print("case {}: {} {} as of entry {}\n  json sha256 {}\n  csv  sha256 {}\n", issue.number, issue.publication,
             issue.period, issue.as_of.value, to_hex(issue.json), to_hex(issue.csv));
  if (issue.corrects)
    fmt::print("  corrects issue {}: once this one is published, take the step `replace` there\n", *issue.corrects);
  return exit_done;
}

std::string day_or_dash(const std::optional<Instant>& instant, Zone zone) {
  return instant ? format_day(day_at(*instant, zone)) : "-";
}

json::object as_json(const Issue& issue, Zone zone) {
  return {{"number", issue.number},
          {"publication", issue.publication},
          {"period", issue.period.empty() ? json::value(nullptr) : json::value(issue.period)},
          {"state", issue.state},
          {"as_of_entry", issue.as_of.value},
          {"compiled_at", format_instant(issue.compiled_at, zone)},
          {"published_at",
           issue.published_at ? json::value(format_instant(*issue.published_at, zone)) : json::value(nullptr)},
          {"corrects", issue.corrects ? json::value(*issue.corrects) : json::value(nullptr)},
          {"json_sha256", to_hex(issue.json)},
          {"csv_sha256", to_hex(issue.csv)}};
}

int list_all_issues(const SharedOptions& shared, const PublicationOptions& options) {
  Desk desk(shared);
  const Zone zone = desk.book().zone;
  std::vector<std::vector<std::string>> rows{
      {"issue", "publication", "period", "state", "as of", "compiled", "published", "json sha256"}};
  json::array all;
  for (const Issue& issue : list_issues(desk.database())) {
    all.push_back(as_json(issue, zone));
    rows.push_back({std::to_string(issue.number), issue.publication, issue.period.empty() ? "-" : issue.period,
                    issue.state, std::to_string(issue.as_of.value), format_day(day_at(issue.compiled_at, zone)),
                    day_or_dash(issue.published_at, zone), to_hex(issue.json).substr(0, 16)});
  }
  if (options.json)
    fmt::print("{}\n", json::serialize(json::object{{"command", "publication list"}, {"issues", all}}));
  else
    fmt::print("{}", table(rows));
  return exit_done;
}

/// The very bytes, so that their digest can be taken.
int show_issue(const SharedOptions& shared, const PublicationOptions& options) {
  Desk desk(shared);
  const Issue issue = required_issue(desk, options.number);
  const auto bytes = find_document(desk.database(), options.csv ? issue.csv : issue.json);
  if (!bytes) throw Fault(desk.database().path() + ": the data set is missing; run `tanpuhui audit`");
  fmt::print("{}", std::string(bytes->begin(), bytes->end()));
  return exit_done;
}

int verify_one(const SharedOptions& shared, const PublicationOptions& options) {
  Desk desk(shared);
  const Calendar calendar = load_working_days(find_home(shared.home));
  const Issue issue = required_issue(desk, options.number);
  const auto check = verify_issue(sources_of(desk, calendar), issue);
  if (!check) return print_refusal(check.error());
  fmt::print("issue {}: {} as of entry {}\n", issue.number,
             check->agrees ? "the same bytes come out again" : "OTHER FIGURES come out now", issue.as_of.value);
  if (!check->agrees)
    fmt::print("  json sha256 {}, now {}\n  csv  sha256 {}, now {}\n", to_hex(issue.json), to_hex(check->json),
               to_hex(issue.csv), to_hex(check->csv));
  if (!check->same_book) fmt::print("  compiled under another text of the rulebook: {}\n", issue.rulebook_hash);
  return check->agrees ? exit_done : exit_refused;
}

int list_due(const SharedOptions& shared) {
  Desk desk(shared);
  const Calendar calendar = load_working_days(find_home(shared.home));
  std::vector<std::vector<std::string>> rows{{"publication", "period", "every", "why"}};
  for (const DueIssue& due :
       due_issues(sources_of(desk, calendar), complete_entries(desk.database()), desk.office().today()))
    rows.push_back({due.publication, due.period.empty() ? "-" : due.period, due.every, due.why});
  fmt::print("{}", table(rows));
  return exit_done;
}

void declare_compile(CLI::App& command, PublicationOptions& options) {
  command.add_option("publication", options.publication, "of the rulebook, e.g. monthly_figures")->required();
  command.add_option("--period", options.period, "2026-10, 2026-Q4 or 2026; none where it is published at once");
  command.add_option("--entry", options.entry, "as of this entry; all that the ledger has when left out");
  command.add_option("--person", options.person, "who compiles it, and then neither checks nor publishes it")
      ->required();
  command.add_option("--id", options.id, "the command's id: the same again changes nothing");
}

}  // namespace

void add_publication_commands(CLI::App& app, SharedOptions& shared, Chosen& chosen) {
  CLI::App& group = add_group(app, "publication", "what the public is shown, issue by issue");
  add_command<PublicationOptions>(
      group, "compile", "a draft issue: a case with the data set as JSON and CSV", chosen, declare_compile,
      [&shared](const PublicationOptions& options) { return compile_issue(shared, options); });
  add_command<PublicationOptions>(
      group, "list", "every issue, the newest first", chosen,
      [](CLI::App& command, PublicationOptions& options) {
        command.add_flag("--json", options.json, "as one JSON object");
      },
      [&shared](const PublicationOptions& options) { return list_all_issues(shared, options); });
  add_command<PublicationOptions>(
      group, "show", "the data set of an issue, byte for byte", chosen,
      [](CLI::App& command, PublicationOptions& options) {
        command.add_option("issue", options.number)->required();
        command.add_flag("--csv", options.csv, "as CSV");
      },
      [&shared](const PublicationOptions& options) { return show_issue(shared, options); });
  add_command<PublicationOptions>(
      group, "verify", "compile an issue again as of its entry and compare the bytes", chosen,
      [](CLI::App& command, PublicationOptions& options) { command.add_option("issue", options.number)->required(); },
      [&shared](const PublicationOptions& options) { return verify_one(shared, options); });
  add_command<int>(
      group, "due", "what should be published and is not", chosen, [](CLI::App&, int&) {},
      [&shared](int) { return list_due(shared); });
}

}  // namespace tanpuhui
