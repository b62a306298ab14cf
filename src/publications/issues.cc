#include "publications/issues.h"

#include <algorithm>
#include <limits>

#include "cases/officers.h"
#include "crypto/hash.h"
#include "store/entry_row.h"
#include "store/lanes.h"

namespace tanpuhui {
namespace {

constexpr const char* compile_action = "compile";

std::string text_of(const CaseAct& act, const std::string& field) {
  const auto found = act.fields.find(field);
  return found == act.fields.end() ? "" : found->second;
}

std::int64_t number_of(const std::string& text) { return text.empty() ? 0 : std::stoll(text); }

Refusal not_over(const PublicationRule& rule, const Period& period) {
  return refuse("HLD-01", rule.basis)
      .because("period", period.text)
      .because("last_day", format_day(period.last))
      .says("“" + rule.zh + "”" + period.text + " 尚未结束", period.text + " is not over yet")
      .mend(format_day(period.last + 1) + " 起编制", "compile it from " + format_day(period.last + 1) + " on");
}

Refusal later_entries(const PublicationRule& rule, EntryId entry) {
  return refuse("HLD-01", rule.basis)
      .because("entry", std::to_string(entry.value))
      .says("截止记录之后还有本期的记录：" + std::to_string(entry.value),
            "entry " + std::to_string(entry.value) + " of the period comes after the one named")
      .mend("以更晚的记录为截止", "name a later entry, or none");
}

/// The first entry after `as_of` that still belongs to the period; none when all of it is inside.
std::optional<EntryId> find_left_out(const Office& office, EntryId as_of, const Period& period) {
  auto rows = office.database.scan("SELECT entry_id, body FROM entries WHERE entry_id > ? ORDER BY entry_id");
  rows.bind(as_of.value);
  while (rows.step()) {
    const EntryId id{rows.integer(0)};
    if (day_at(read_entry(office.database, id, rows.blob(1)).recorded_at, office.book.zone) <= period.last) return id;
  }
  return std::nullopt;
}

Result<Done> check_period(const Office& office, const IssueRequest& request, EntryId as_of) {
  TANPUHUI_TRY(const PublicationRule rule, find_publication(office.book, request.publication, office.today()));
  TANPUHUI_TRY(const std::optional<Period> period, find_period(rule, request.period));
  if (!period) return Done{};
  if (office.today() <= period->last) return not_over(rule, *period);
  if (const auto entry = find_left_out(office, as_of, *period)) return later_entries(rule, *entry);
  return Done{};
}

std::optional<Issue> last_public(const std::vector<Issue>& issues, const std::string& publication,
                                 const std::string& period) {
  const auto found = std::ranges::find_if(issues, [&](const Issue& issue) {
    return issue.publication == publication && issue.period == period && issue.is_public();
  });
  return found == issues.end() ? std::nullopt : std::optional(*found);
}

Bytes bytes_of(const std::string& text) { return {text.begin(), text.end()}; }

// The rows are the last key.
std::string rows_of(std::string_view json) {
  const auto at = json.rfind(",\"rows\":[");
  return std::string(at == std::string_view::npos ? json : json.substr(at));
}

std::map<std::string, std::string> fields_of(const DataSet& set, const std::vector<Issue>& issues) {
  std::map<std::string, std::string> fields{{"publication", set.publication},
                                            {"as_of_entry", std::to_string(set.as_of.value)},
                                            {"rulebook_hash", to_hex(set.rulebook_hash)}};
  if (set.period.empty()) return fields;
  fields["period"] = set.period;
  if (const auto earlier = last_public(issues, set.publication, set.period); earlier && earlier->state == "published")
    fields["corrects"] = std::to_string(earlier->number);
  return fields;
}

/// What a publication that is published at once has to tell that its last issue did not; empty: nothing.
std::string news_of(const PublicationSources& sources, const PublicationRule& rule, const std::vector<Issue>& issues,
                    EntryId as_of) {
  const auto set = compile_publication(sources, {rule.id, "", as_of});
  if (!set) return set.error().message_en;
  const auto last = last_public(issues, rule.id, "");
  if (!last) return set->rows.empty() ? "" : "never published";
  const auto bytes = find_document(sources.database, last->json);
  const bool same = bytes && rows_of(std::string(bytes->begin(), bytes->end())) == rows_of(format_json(*set));
  return same ? "" : "changed since issue " + std::to_string(last->number);
}

}  // namespace

std::optional<Issue> issue_of(const StoredCase& stored) {
  const Case& matter = stored.matter;
  if (matter.procedure != issue_procedure || matter.history.empty()) return std::nullopt;
  const CaseAct& compiled = matter.history.front();
  const auto json = compiled.documents.find(dataset_json), csv = compiled.documents.find(dataset_csv);
  if (compiled.action != compile_action || json == compiled.documents.end() || csv == compiled.documents.end())
    return std::nullopt;
  Issue issue;
  issue.number = stored.number;
  issue.publication = text_of(compiled, "publication");
  issue.period = text_of(compiled, "period");
  issue.as_of = EntryId{number_of(text_of(compiled, "as_of_entry"))};
  issue.state = matter.state;
  issue.rulebook_hash = text_of(compiled, "rulebook_hash");
  issue.json = json->second.digest;
  issue.csv = csv->second.digest;
  issue.compiled_at = compiled.at;
  for (const CaseAct& act : matter.history)
    if (act.complete && act.to == "published" && act.from != act.to) issue.published_at = act.at;
  if (const std::string corrects = text_of(compiled, "corrects"); !corrects.empty())
    issue.corrects = number_of(corrects);
  return issue;
}

std::optional<Issue> find_issue(Database& database, std::int64_t number) {
  const auto stored = find_case(database, number);
  return stored ? issue_of(*stored) : std::nullopt;
}

std::vector<Issue> list_issues(Database& database) {
  std::vector<Issue> issues;
  for (const StoredCase& stored :
       list_cases_as_of(database, issue_procedure, EntryId{std::numeric_limits<std::int64_t>::max()}))
    if (auto issue = issue_of(stored)) issues.push_back(std::move(*issue));
  std::ranges::reverse(issues);
  return issues;
}

Result<std::int64_t> draft_issue(const Office& office, const Calendar& calendar, const IssueRequest& request,
                                 CommandId id) {
  const EntryId as_of = request.as_of ? *request.as_of : complete_entries(office.database);
  TANPUHUI_TRY([[maybe_unused]] const Done over, check_period(office, request, as_of));
  auto set =
      compile_publication({office.database, office.book, calendar}, {request.publication, request.period, as_of});
  if (!set) return office.on_its_basis(set.error());
  const FirstAct first{find_actor(office.database, office.book, request.person, "", office.today()), compile_action,
                       fields_of(*set, list_issues(office.database))};
  // Of the person alone: a colleague of the same unit may check it, who compiled it may not.
  const CaseOpening opening{issue_procedure, {request.person, "", "person"}, {}};
  return open_filled_case(office, opening, first,
                          {{dataset_json, bytes_of(format_json(*set))}, {dataset_csv, bytes_of(format_csv(*set))}}, id);
}

Result<IssueCheck> verify_issue(const PublicationSources& sources, const Issue& issue) {
  TANPUHUI_TRY(DataSet set, compile_publication(sources, {issue.publication, issue.period, issue.as_of}));
  IssueCheck check;
  check.same_book = to_hex(set.rulebook_hash) == issue.rulebook_hash;
  if (const auto hash = digest_from_hex(issue.rulebook_hash)) set.rulebook_hash = *hash;
  check.json = sha256(as_bytes(format_json(set)));
  check.csv = sha256(as_bytes(format_csv(set)));
  check.agrees = check.json == issue.json && check.csv == issue.csv;
  return check;
}

bool figures_agree(const PublicationSources& sources, const StoredCase& stored) {
  const auto issue = issue_of(stored);
  if (!issue) return false;
  const auto stands = [&](const char* kind, const Digest& digest) {
    return stored.matter.documents.at(kind).digest == digest;
  };
  if (!stands(dataset_json, issue->json) || !stands(dataset_csv, issue->csv)) return false;
  const auto check = verify_issue(sources, *issue);
  return check && check->agrees;
}

std::vector<DueIssue> due_issues(const PublicationSources& sources, EntryId as_of, Day today) {
  std::vector<DueIssue> due;
  const std::vector<Issue> issues = list_issues(sources.database);
  const PublicationCheck check = check_publications(sources.book);
  auto first = sources.database.statement("SELECT coalesce(min(entry_id), 0) FROM entries");
  const auto began = find_recording(sources.database, EntryId{first.run_integer()});
  if (!began) return due;
  for (const PublicationRule& rule : sources.book.publications) {
    if (!sources.book.applies_on(rule, today) || check.uncompiled.contains(rule.id)) continue;
    auto period = period_of(rule.every, day_at(*began, sources.book.zone));
    if (!period)
      if (std::string news = news_of(sources, rule, issues, as_of); !news.empty())
        due.push_back({rule.id, "", rule.every, std::move(news)});
    for (; period && period->last < today; period = period_of(rule.every, period->last + 1))
      if (!last_public(issues, rule.id, period->text))
        due.push_back({rule.id, period->text, rule.every, "over since " + format_day(period->last)});
  }
  return due;
}

}  // namespace tanpuhui
