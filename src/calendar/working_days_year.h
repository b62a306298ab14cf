#pragma once
/// The notified days off and make-up working days of one year: a file of `rulebooks/common/working_days`.
///
///   year = 2026
///   notice = "..."                                  # number of the notice
///   issued_on = 2025-11-04
///   source = "https://..."
///   make_up_working_days = [2026-01-04, ...]        # Saturdays and Sundays that are worked
///   [[days_off]]
///   holiday = "..."
///   first = 2026-01-01                              # both days included
///   last = 2026-01-03
///
/// A day stands in the file of its own year, also where a notice names days of two years.
#include <string>
#include <vector>

#include "base/time.h"
#include "toml/toml.h"

namespace tanpuhui {

struct DaysOff {
  std::string holiday;
  Day first;
  Day last;
};

struct WorkingDaysYear {
  std::string file;  ///< under which errors speak of it
  int year = 0;
  std::string notice;
  Day issued_on;
  std::string source;
  std::vector<DaysOff> days_off;
  std::vector<Day> make_up_days;
};

/// Refuses days of another year, ranges that run backwards or overlap, and make-up days that are no weekend days or lie
/// in a holiday.
Result<WorkingDaysYear, TextErrors> parse_working_days_year(const SourceFile& file);

}  // namespace tanpuhui
