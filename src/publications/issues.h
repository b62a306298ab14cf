#pragma once
/// Issues of publications: each is a case of the procedure `publication_issue` whose first act brought the data set in
/// both forms. The case is the archive: it is checked, published and replaced by the steps of the book, by different
/// persons, and what was once brought never changes.
///
///   TANPUHUI_TRY(const std::int64_t number, draft_issue(office, calendar, {"monthly_figures", "2026-10", "li"}, id));
///   take_step(...  "check" ...  "publish" ...);          // as in every case
///   TANPUHUI_TRY(const IssueCheck check, verify_issue(sources, *find_issue(database, number)));
///
/// Basis: js24.a43p1, sip25.a25
#include <optional>
#include <string>
#include <vector>

#include "cases/first_act.h"
#include "publications/compiler.h"

namespace tanpuhui {

/// What the law files call it, and the documents it carries.
inline constexpr const char* issue_procedure = "publication_issue";
inline constexpr const char* figures_agree_fact = "figures_agree";
inline constexpr const char* dataset_json = "dataset_json";
inline constexpr const char* dataset_csv = "dataset_csv";

struct Issue {
  std::int64_t number = 0;  ///< of its case
  std::string publication, period;
  EntryId as_of;
  std::string state;
  std::string rulebook_hash;  ///< under which it was compiled
  Digest json{}, csv{};
  Instant compiled_at;
  std::optional<Instant> published_at;
  std::optional<std::int64_t> corrects;  ///< an earlier issue of the same period

  /// It was published once; it may have been replaced since.
  bool is_public() const { return published_at.has_value(); }
};

/// None: the case is no issue, or its first act never came.
std::optional<Issue> issue_of(const StoredCase& stored);
std::optional<Issue> find_issue(Database& database, std::int64_t number);
std::vector<Issue> list_issues(Database& database);  ///< the newest first

struct IssueRequest {
  std::string publication, period;
  std::string person;            ///< who compiles it
  std::optional<EntryId> as_of;  ///< none: all that the ledger has
};
/// The number of the case. Refused: what compile_publication refuses; a period that is not over, or of which entries
/// come after `as_of` (HLD-01); a person who does not act for the scheme (PRO-02).
Result<std::int64_t> draft_issue(const Office& office, const Calendar& calendar, const IssueRequest& request,
                                 CommandId id);

struct IssueCheck {
  bool agrees = false;
  bool same_book = false;  ///< compiled under the book as it is now
  Digest json{}, csv{};    ///< of what is compiled now
};
/// Compiles it again as of its entry and compares the bytes; only the book's hash is taken from the issue.
Result<IssueCheck> verify_issue(const PublicationSources& sources, const Issue& issue);

/// Whether the fact `figures_agree` holds of a case: it is an issue, its documents are still those that its first act
/// brought, and they are what the ledger says.
bool figures_agree(const PublicationSources& sources, const StoredCase& stored);

struct DueIssue {
  std::string publication, period, every;
  std::string why;
};
/// Periods over before `today` without a published issue; of what is published at once, those whose rows are others
/// than in the last published issue, or that never had one.
std::vector<DueIssue> due_issues(const PublicationSources& sources, EntryId as_of, Day today);

}  // namespace tanpuhui
