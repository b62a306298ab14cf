#pragma once
/// Deadlines and notices of a case, derived from its history and the calendar each time they are asked for: loading the
/// notice of a year computes them again by itself.
///
///   for (const RunningDeadline& deadline : deadlines_of(book, calendar, matter, now))
///     if (deadline.overdue) tell(deadline.rule->owner, deadline.rule->escalates_to);
///
/// The rules pointed to are the book's and live as long as it does.
/// Basis: requirements section 6
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "calendar/calendar.h"
#include "procedure/case.h"
#include "rulebook/rulebook.h"

namespace tanpuhui {

/// One run of a deadline: the last that began in the case. Days of a pause - that of its beginning and that of the
/// resumption included - are not counted.
struct RunningDeadline {
  const DeadlineRule* rule = nullptr;
  Day started_on;
  int days = 0;                         ///< as the rule or the case says
  Deadline due;                         ///< while it is paused: as if it were resumed today
  std::optional<Day> ended_on;          ///< none: it runs
  std::vector<DayRange> pauses;         ///< one that goes on ends today
  bool paused = false;                  ///< now
  bool overdue = false;                 ///< it runs and its last day is over
  bool late = false;                    ///< it ended, but after its last day
  int counted = 0;                      ///< days counted so far
  std::vector<std::int64_t> reminders;  ///< those of `remind_after` that are due
};
std::vector<RunningDeadline> deadlines_of(const Rulebook& book, const Calendar& calendar, const Case& matter,
                                          Instant now);

/// The states in which a case may stand while the deadline runs: what an action that starts it leads to, and from there
/// on whatever is reached without one that ends it. So that who looks for what is due need not read every case.
std::set<std::string> states_while_running(const Rulebook& book, const DeadlineRule& rule);

/// The last opening of a notice in the case.
struct RunningNotice {
  const NoticeRule* rule = nullptr;
  Day opened_on;
  Deadline least;  ///< its least duration; it may be closed from the day after
  std::optional<Day> closed_on;
  bool documents_changed = false;  ///< one that was there at the opening has been replaced since
};
std::vector<RunningNotice> notices_of(const Rulebook& book, const Calendar& calendar, const Case& matter);

/// The last opening under this rule; none when there was none.
std::optional<RunningNotice> notice_of(const Rulebook& book, const Calendar& calendar, const Case& matter,
                                       const NoticeRule& rule);

/// Why the notice cannot be closed now: not opened, not over, its end not known yet (CAL-01), documents replaced. None
/// when it can.
std::optional<Refusal> refuse_closing(const Rulebook& book, const Calendar& calendar, const Case& matter,
                                      const NoticeRule& rule, Instant now);

/// `filing` cannot be reached with other documents than those that were on notice.
std::optional<Refusal> refuse_changed_documents(const RunningNotice& notice);

}  // namespace tanpuhui
