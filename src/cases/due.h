#pragma once
/// What is due: the running deadlines that a role owns, and those that went over and up to it. The clerk with fifty
/// applications of the week reads one list.
///
///   for (const DueCase& due : find_due(database, book, calendar, {.roles = {"operator_clerk"}, .within_days = 7},
///   now))
///     print(due.stored.number, due.deadline.due.last_day);
///
/// Only cases in states in which such a deadline can run are read, so that what was finished long ago costs nothing.
/// Basis: js24.a14p1, js24.a19, js24.a20, sip25.a13, sip25.a16
#include <set>

#include "cases/stored_case.h"
#include "procedure/terms.h"

namespace tanpuhui {

struct DueFilter {
  std::set<std::string> roles = {};
  std::optional<int> within_days = {};      ///< empty: whenever it ends; what is overdue is always in
  std::optional<Applicant> applicant = {};  ///< as in CaseFilter
  std::string region = {};                  ///< likewise
};

struct DueCase {
  StoredCase stored;
  RunningDeadline deadline;
};

/// The most urgent first.
std::vector<DueCase> find_due(Database& database, const Rulebook& book, const Calendar& calendar,
                              const DueFilter& filter, Instant now);

/// The deadline that ends first of those that run; none: no deadline runs.
std::optional<RunningDeadline> next_due(const Rulebook& book, const Calendar& calendar, const Case& matter,
                                        Instant now);

}  // namespace tanpuhui
