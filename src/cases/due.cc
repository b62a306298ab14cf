#include "cases/due.h"

#include <algorithm>
#include <limits>

namespace tanpuhui {
namespace {

bool concerns(const DueFilter& filter, const DeadlineRule& rule) {
  return filter.roles.contains(rule.owner) || filter.roles.contains(rule.escalates_to);
}

bool is_asked_for(const DueFilter& filter, const RunningDeadline& deadline, Day today) {
  if (deadline.ended_on) return false;
  if (deadline.overdue) return concerns(filter, *deadline.rule);
  const bool is_near = !filter.within_days || deadline.due.last_day <= today + *filter.within_days;
  return is_near && filter.roles.contains(deadline.rule->owner);
}

/// Where a case may stand with a deadline that concerns these roles: procedure and state.
std::set<std::pair<std::string, std::string>> places(const Rulebook& book, const DueFilter& filter) {
  std::set<std::pair<std::string, std::string>> places;
  for (const DeadlineRule& rule : book.deadlines)
    if (concerns(filter, rule))
      for (const std::string& state : states_while_running(book, rule)) places.emplace(rule.procedure, state);
  return places;
}

}  // namespace

std::vector<DueCase> find_due(Database& database, const Rulebook& book, const Calendar& calendar,
                              const DueFilter& filter, Instant now) {
  const Day today = day_at(now, book.zone);
  std::vector<DueCase> due;
  for (const auto& [procedure, state] : places(book, filter)) {
    const CaseFilter here{procedure,     state, filter.applicant,
                          filter.region, {},    std::numeric_limits<std::int64_t>::max()};
    for (const StoredCase& stored : list_cases(database, here))
      for (const RunningDeadline& deadline : deadlines_of(book, calendar, stored.matter, now))
        if (is_asked_for(filter, deadline, today)) due.push_back({stored, deadline});
  }
  std::ranges::stable_sort(due, {}, [](const DueCase& one) { return one.deadline.due.last_day; });
  return due;
}

std::optional<RunningDeadline> next_due(const Rulebook& book, const Calendar& calendar, const Case& matter,
                                        Instant now) {
  std::optional<RunningDeadline> next;
  for (const RunningDeadline& deadline : deadlines_of(book, calendar, matter, now))
    if (!deadline.ended_on && (!next || deadline.due.last_day < next->due.last_day)) next = deadline;
  return next;
}

}  // namespace tanpuhui
