#include "calendar/working_days_year.h"

#include <algorithm>

namespace tanpuhui {
namespace {

bool is_weekend(Day day) { return weekday(day) >= 6; }

bool covers(const DaysOff& range, Day day) { return range.first <= day && day <= range.last; }

bool overlaps_another(const WorkingDaysYear& year, const DaysOff& range) {
  return std::any_of(year.days_off.begin(), year.days_off.end(),
                     [&](const DaysOff& other) { return range.first <= other.last && other.first <= range.last; });
}

void check_range(TomlReader& block, const WorkingDaysYear& year, const DaysOff& range) {
  if (civil_of(range.first).year != year.year || civil_of(range.last).year != year.year)
    block.fail("first", "this holiday is not in the year of the file", "put each day into the file of its own year");
  else if (range.last < range.first)
    block.fail("last", "the last day is before the first", "exchange them");
  else if (overlaps_another(year, range))
    block.fail("first", "this holiday overlaps another one", "name each day once");
}

void read_days_off(TomlReader& root, WorkingDaysYear& year) {
  for (TomlReader& block : root.tables("days_off")) {
    const DaysOff range{block.text("holiday"), block.day("first"), block.day("last")};
    block.finish();
    check_range(block, year, range);
    year.days_off.push_back(range);
  }
}

void check_make_up_day(TomlReader& root, const WorkingDaysYear& year, Day day) {
  const bool in_holiday = std::any_of(year.days_off.begin(), year.days_off.end(),
                                      [day](const DaysOff& range) { return covers(range, day); });
  const auto times = std::count(year.make_up_days.begin(), year.make_up_days.end(), day);
  if (civil_of(day).year != year.year || !is_weekend(day) || in_holiday || times > 1)
    root.fail("make_up_working_days", format_day(day) + " cannot be a make-up working day of this year",
              "name each Saturday or Sunday of the year that is worked once, and none inside a holiday");
}

}  // namespace

Result<WorkingDaysYear, TextErrors> parse_working_days_year(const SourceFile& file) {
  TANPUHUI_TRY(const TomlValue root, parse_toml(file.text, file.name));
  TextErrors errors;
  TomlReader reader(root, file.name, errors);
  WorkingDaysYear year;
  year.file = file.name;
  year.year = static_cast<int>(reader.integer("year", 1991, 9999));
  year.notice = reader.text("notice");
  year.issued_on = reader.day("issued_on");
  year.source = reader.text("source");
  read_days_off(reader, year);
  year.make_up_days = reader.days("make_up_working_days");
  for (Day day : year.make_up_days) check_make_up_day(reader, year, day);
  if (year.days_off.empty()) reader.fail("days_off", "the year has no days off", "add [[days_off]] blocks");
  reader.finish();
  if (!errors.empty()) return errors;
  return year;
}

}  // namespace tanpuhui
