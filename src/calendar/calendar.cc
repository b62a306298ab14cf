#include "calendar/calendar.h"

#include <algorithm>
#include <utility>

#include "base/check.h"

namespace tanpuhui {
namespace {

/// Notes the first day that no notice has decided about.
class Watch {
 public:
  explicit Watch(const Calendar& calendar) : calendar_(calendar) {}
  void look_at(Day day) {
    const int year = civil_of(day).year;
    if (missing_year_ == 0 && !calendar_.knows_year(year)) missing_year_ = year;
  }
  Deadline at(Day last_day) const { return {last_day, missing_year_ != 0, missing_year_}; }

 private:
  const Calendar& calendar_;
  int missing_year_ = 0;
};

}  // namespace

Result<Calendar, TextErrors> Calendar::build(std::vector<WorkingDaysYear> years) {
  Calendar calendar;
  TextErrors errors;
  for (WorkingDaysYear& year : years) {
    if (calendar.knows_year(year.year)) {
      errors.push_back({year.file, 1, 1, "the year " + std::to_string(year.year) + " is loaded twice",
                        "keep one file for each year"});
      continue;
    }
    for (const DaysOff& range : year.days_off)
      for (Day day = range.first; day <= range.last; day = day + 1) calendar.days_off_.insert(day);
    calendar.make_up_days_.insert(year.make_up_days.begin(), year.make_up_days.end());
    const int number = year.year;
    calendar.years_.emplace(number, std::move(year));
  }
  if (!errors.empty()) return errors;
  return calendar;
}

bool Calendar::is_working_day(Day day) const {
  if (make_up_days_.contains(day)) return true;
  return weekday(day) <= 5 && !days_off_.contains(day);
}

const WorkingDaysYear* Calendar::notice_of(int year) const {
  const auto found = years_.find(year);
  return found == years_.end() ? nullptr : &found->second;
}

int Calendar::working_days_in(int year) const {
  int count = 0;
  for (Day day = day_of({year, 1, 1}); day < day_of({year + 1, 1, 1}); day = day + 1) count += is_working_day(day);
  return count;
}

Deadline Calendar::working_days_after(Day start, int n, std::span<const DayRange> pauses) const {
  TANPUHUI_REQUIRE(n >= 1 && n <= 10000, "a term has 1 to 10,000 working days");
  Watch watch(*this);
  Day day = start;
  for (int counted = 0; counted < n;) {
    day = day + 1;
    if (std::ranges::any_of(pauses, [day](const DayRange& pause) { return pause.contains(day); })) continue;
    watch.look_at(day);
    counted += is_working_day(day);
  }
  return watch.at(day);
}

Result<Day> Calendar::finalise_working_days_after(Day start, int n) const {
  return finalise(working_days_after(start, n));
}

Result<Instant> Calendar::earliest_close(Day posted_on, int n, Zone zone) const {
  TANPUHUI_TRY(const Day last_day, finalise_working_days_after(posted_on, n));
  return start_of(last_day + 1, zone);
}

Deadline Calendar::roll_forward(Day last_day) const {
  Watch watch(*this);
  watch.look_at(last_day);
  while (!is_working_day(last_day)) {
    last_day = last_day + 1;
    watch.look_at(last_day);
  }
  return watch.at(last_day);
}

Result<Calendar, TextErrors> load_calendar(const std::vector<SourceFile>& files) {
  std::vector<WorkingDaysYear> years;
  TextErrors errors;
  for (const SourceFile& file : files) {
    auto year = parse_working_days_year(file);
    if (year) {
      years.push_back(std::move(*year));
    } else {
      errors.insert(errors.end(), year.error().begin(), year.error().end());
    }
  }
  if (!errors.empty()) return errors;
  return Calendar::build(std::move(years));
}

Result<Day> finalise(const Deadline& deadline) {
  if (!deadline.provisional) return deadline.last_day;
  const std::string year = std::to_string(deadline.missing_year);
  const std::string day = format_day(deadline.last_day);
  return refuse("CAL-01", "calendar")
      .because("missing_year", year)
      .because("provisional_last_day", day)
      .says("期限尚不能确定：缺少 " + year + " 年节假日安排，暂算至 " + day,
            "the deadline is provisional: the holiday notice of " + year + " is not loaded; reckoned so far to " + day)
      .mend("载入 " + year + " 年节假日安排通知后重新计算",
            "load the holiday notice of " + year + "; the deadline is then computed again");
}

}  // namespace tanpuhui
