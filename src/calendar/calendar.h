#pragma once
/// Working days, and the terms that are counted in them.
///
/// The counting rule: the day of receipt or posting is not counted. A term of at most n working days ends at 24:00 of
/// the n-th working day after it; a notice of at least n working days may be closed from that same moment, 00:00 of the
/// day after. What is received on a day of rest is received that day.
///
///   const Deadline due = calendar.working_days_after(received_on, 20);
///   show(due.last_day, due.provisional);
///   TANPUHUI_TRY(const Day last_day, calendar.finalise_working_days_after(received_on, 20));
///
/// A year without a notice is counted Monday to Friday and whatever touches it is provisional: it may be shown, and is
/// computed again when the notice is loaded, but it must not be acted upon.
/// Basis: requirements section 6 (counting rule), Civil Code 201 to 203
#include <map>
#include <optional>
#include <set>
#include <span>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "calendar/working_days_year.h"

namespace tanpuhui {

struct Deadline {
  Day last_day;              ///< the term ends at 24:00 of this day
  bool provisional = false;  ///< it ran into a year without a notice
  int missing_year = 0;      ///< the first such year when provisional, else 0
  bool operator==(const Deadline&) const = default;

  /// The first day on which a notice may be closed (from 00:00), and on which a term is overdue.
  Day day_after() const { return last_day + 1; }
};

/// Both days included.
struct DayRange {
  Day first;
  Day last;
  bool contains(Day day) const { return first <= day && day <= last; }
  bool operator==(const DayRange&) const = default;
};

class Calendar {
 public:
  /// No year at all: everything is provisional.
  Calendar() = default;
  /// Refuses a year that comes twice.
  static Result<Calendar, TextErrors> build(std::vector<WorkingDaysYear> years);

  /// Monday to Friday that is no notified day off, or a make-up working day. In a year without a notice: Monday to
  /// Friday; ask `knows_year` before relying on it.
  bool is_working_day(Day day) const;
  bool knows_year(int year) const { return years_.contains(year); }
  /// The notice that decided about this year; null when none is loaded.
  const WorkingDaysYear* notice_of(int year) const;
  int working_days_in(int year) const;

  /// The n-th working day after `start`; 1 <= n <= 10,000. Days in `pauses` are not counted.
  Deadline working_days_after(Day start, int n, std::span<const DayRange> pauses = {}) const;
  /// The same for a decision: a provisional day is refused with CAL-01.
  Result<Day> finalise_working_days_after(Day start, int n) const;

  /// The moment from which a notice posted on `posted_on` for at least n working days may be closed.
  /// Refused with CAL-01 while provisional.
  Result<Instant> earliest_close(Day posted_on, int n, Zone zone) const;

  /// For terms in months or years that end on a day of rest: the next working day. Not used where the act is possible
  /// every day, unless the rulebook says so. Basis: Civil Code 203, AMB-04
  Deadline roll_forward(Day last_day) const;

 private:
  std::map<int, WorkingDaysYear> years_;
  std::set<Day> days_off_;
  std::set<Day> make_up_days_;
};

/// Parses and builds; the files of `rulebooks/common/working_days`.
Result<Calendar, TextErrors> load_calendar(const std::vector<SourceFile>& files);

/// CAL-01 for a provisional deadline, its last day for a sound one.
Result<Day> finalise(const Deadline& deadline);

}  // namespace tanpuhui
