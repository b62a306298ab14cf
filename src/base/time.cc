#include "base/time.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace tanpuhui {
namespace {

constexpr std::int64_t ms_per_day = 86'400'000;

std::int64_t floor_divide(std::int64_t a, std::int64_t b) { return a / b - (a % b < 0 ? 1 : 0); }

bool is_leap(std::int32_t year) { return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0; }

int days_in_month(std::int32_t year, std::int32_t month) {
  constexpr std::array<int, 12> days = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return month == 2 && is_leap(year) ? 29 : days[static_cast<std::size_t>(month - 1)];
}

/// `count` digits at `at`, or -1.
int digits(std::string_view text, std::size_t at, std::size_t count) {
  if (at + count > text.size()) return -1;
  int value = 0;
  for (std::size_t i = at; i < at + count; ++i) {
    if (text[i] < '0' || text[i] > '9') return -1;
    value = value * 10 + (text[i] - '0');
  }
  return value;
}

bool is_date(int year, int month, int day) {
  return year >= 1 && month >= 1 && month <= 12 && day >= 1 && day <= days_in_month(year, month);
}

std::string clock_text(std::int64_t ms_of_day) {
  const std::int64_t seconds = ms_of_day / 1000;
  std::string text = fmt::format("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
  if (ms_of_day % 1000 != 0) text += fmt::format(".{:03}", ms_of_day % 1000);
  return text;
}

}  // namespace

// Days from a civil date in the proleptic Gregorian calendar: years are counted from March, so that the leap day is
// the last of its year.
Day day_of(Civil civil) {
  const std::int32_t year = civil.month <= 2 ? civil.year - 1 : civil.year;
  const auto era = static_cast<std::int32_t>(floor_divide(year, 400));
  const std::int32_t year_of_era = year - era * 400;
  const std::int32_t month_from_march = (civil.month + 9) % 12;
  const std::int32_t day_of_year = (153 * month_from_march + 2) / 5 + civil.day - 1;
  const std::int32_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return Day{era * 146'097 + day_of_era - 719'468};
}

Civil civil_of(Day day) {
  const std::int32_t shifted = day.number + 719'468;
  const auto era = static_cast<std::int32_t>(floor_divide(shifted, 146'097));
  const std::int32_t day_of_era = shifted - era * 146'097;
  const std::int32_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
  const std::int32_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::int32_t month_from_march = (5 * day_of_year + 2) / 153;
  const std::int32_t month = month_from_march < 10 ? month_from_march + 3 : month_from_march - 9;
  return Civil{era * 400 + year_of_era + (month <= 2 ? 1 : 0), month,
               day_of_year - (153 * month_from_march + 2) / 5 + 1};
}

int weekday(Day day) { return static_cast<int>((((day.number + 3) % 7) + 7) % 7) + 1; }

Day day_at(Instant instant, Zone zone) {
  return Day{
      static_cast<std::int32_t>(floor_divide(instant.ms + std::int64_t{zone.offset_minutes} * 60'000, ms_per_day))};
}

Instant start_of(Day day, Zone zone) {
  return Instant{day.number * ms_per_day - std::int64_t{zone.offset_minutes} * 60'000};
}

Day add_years(Day day, int years) {
  Civil civil = civil_of(day);
  civil.year += years;
  civil.day = std::min(civil.day, days_in_month(civil.year, civil.month));
  return day_of(civil);
}

Result<Instant, TimeError> parse_instant(std::string_view text) {
  const int year = digits(text, 0, 4), month = digits(text, 5, 2), day = digits(text, 8, 2);
  const int hour = digits(text, 11, 2), minute = digits(text, 14, 2), second = digits(text, 17, 2);
  const bool shaped = text.size() >= 19 && text[4] == '-' && text[7] == '-' && text[10] == 'T' && text[13] == ':' &&
                      text[16] == ':' && is_date(year, month, day) && hour >= 0 && hour <= 23 && minute >= 0 &&
                      minute <= 59 && second >= 0 && second <= 59;
  if (!shaped) return TimeError::not_a_time;
  std::string_view rest = text.substr(19);
  int ms = 0;
  if (rest.starts_with('.')) {
    std::size_t count = 1;
    while (count < rest.size() && rest[count] >= '0' && rest[count] <= '9') ++count;
    if (count == 1 || count > 4) return TimeError::not_a_time;
    ms = digits(rest, 1, count - 1);
    for (std::size_t i = count; i < 4; ++i) ms *= 10;
    rest.remove_prefix(count);
  }
  if (rest.empty()) return TimeError::without_zone;
  int offset_minutes = 0;
  if (rest != "Z") {
    const int zone_hour = digits(rest, 1, 2), zone_minute = digits(rest, 4, 2);
    if (rest.size() != 6 || (rest[0] != '+' && rest[0] != '-') || rest[3] != ':' || zone_hour < 0 || zone_hour > 14 ||
        zone_minute < 0 || zone_minute > 59)
      return TimeError::not_a_time;
    offset_minutes = (zone_hour * 60 + zone_minute) * (rest[0] == '-' ? -1 : 1);
  }
  const std::int64_t days = day_of(Civil{year, month, day}).number;
  return Instant{days * ms_per_day + ((std::int64_t{hour} * 60 + minute - offset_minutes) * 60 + second) * 1000 + ms};
}

Result<Day, TimeError> parse_day(std::string_view text) {
  const int year = digits(text, 0, 4), month = digits(text, 5, 2), day = digits(text, 8, 2);
  if (text.size() != 10 || text[4] != '-' || text[7] != '-' || !is_date(year, month, day)) return TimeError::not_a_time;
  return day_of(Civil{year, month, day});
}

Result<Day, TimeError> parse_compact_day(std::string_view text) {
  const int year = digits(text, 0, 4), month = digits(text, 4, 2), day = digits(text, 6, 2);
  if (text.size() != 8 || !is_date(year, month, day)) return TimeError::not_a_time;
  return day_of(Civil{year, month, day});
}

std::string format_day(Day day) {
  const Civil civil = civil_of(day);
  return fmt::format("{:04}-{:02}-{:02}", civil.year, civil.month, civil.day);
}

std::string format_compact_day(Day day) {
  const Civil civil = civil_of(day);
  return fmt::format("{:04}{:02}{:02}", civil.year, civil.month, civil.day);
}

std::string format_instant(Instant instant, Zone zone) {
  const Day day = day_at(instant, zone);
  const int offset = zone.offset_minutes < 0 ? -zone.offset_minutes : zone.offset_minutes;
  return fmt::format("{}T{}{}{:02}:{:02}", format_day(day), clock_text(instant.ms - start_of(day, zone).ms),
                     zone.offset_minutes < 0 ? '-' : '+', offset / 60, offset % 60);
}

std::string format_utc(Instant instant) {
  const Zone utc{0};
  const Day day = day_at(instant, utc);
  return fmt::format("{}T{}Z", format_day(day), clock_text(instant.ms - start_of(day, utc).ms));
}

}  // namespace tanpuhui
