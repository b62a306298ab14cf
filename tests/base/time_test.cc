#include "base/time.h"

#include <string>

#include <gtest/gtest.h>

namespace tanpuhui {
namespace {

constexpr Zone utc{0};
constexpr Zone china{480};
constexpr Zone new_york{-300};

Instant instant(std::string_view text) {
  const auto parsed = parse_instant(text);
  EXPECT_TRUE(parsed.has_value()) << text;
  return parsed ? *parsed : Instant{};
}

Day day(std::string_view text) {
  const auto parsed = parse_day(text);
  EXPECT_TRUE(parsed.has_value()) << text;
  return parsed ? *parsed : Day{};
}

bool leap(int year) { return year % 400 == 0 || (year % 4 == 0 && year % 100 != 0); }

Civil next(Civil date) {
  constexpr int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const int length = date.month == 2 && leap(date.year) ? 29 : lengths[date.month - 1];
  if (date.day < length) return {date.year, date.month, date.day + 1};
  if (date.month < 12) return {date.year, date.month + 1, 1};
  return {date.year + 1, 1, 1};
}

TEST(civil, counts_days_from_1970) {
  EXPECT_EQ(day_of({1970, 1, 1}).number, 0);
  EXPECT_EQ(day_of({1969, 12, 31}).number, -1);
  EXPECT_EQ(day_of({2000, 3, 1}).number, 11017);
  EXPECT_EQ(day_of({2025, 1, 1}).number, 20089);
}

TEST(civil, goes_round_through_every_day_of_four_hundred_years) {
  Civil date{1800, 1, 1};
  const Day first = day_of(date);
  for (int i = 0; i < 146'097; ++i, date = next(date)) {
    ASSERT_EQ(day_of(date), first + i) << date.year << '-' << date.month << '-' << date.day;
    ASSERT_EQ(civil_of(first + i), date) << i;
  }
  EXPECT_EQ(date, (Civil{2200, 1, 1}));
}

TEST(civil, goes_round_at_the_ends_of_four_digit_years) {
  EXPECT_EQ(civil_of(day_of({1, 1, 1})), (Civil{1, 1, 1}));
  EXPECT_EQ(civil_of(day_of({9999, 12, 31})), (Civil{9999, 12, 31}));
}

TEST(weekday, runs_from_monday_one_to_sunday_seven) {
  EXPECT_EQ(weekday(day("1970-01-01")), 4);
  EXPECT_EQ(weekday(day("2026-11-16")), 1);
  EXPECT_EQ(weekday(day("2026-11-22")), 7);
  EXPECT_EQ(weekday(day("2000-02-29")), 2);
}

TEST(weekday, runs_on_before_1970) {
  EXPECT_EQ(weekday(Day{-1}), 3);
  EXPECT_EQ(weekday(Day{-4}), 7);
  for (int number = -800; number < 800; ++number)
    ASSERT_EQ(weekday(Day{number + 1}), weekday(Day{number}) % 7 + 1) << number;
}

TEST(parse_instant, reads_utc_and_offsets) {
  EXPECT_EQ(instant("1970-01-01T00:00:00Z").ms, 0);
  EXPECT_EQ(instant("2025-01-01T08:03:06+08:00").ms, 1'735'689'786'000);
  EXPECT_EQ(instant("2025-01-01T00:03:06Z"), instant("2025-01-01T08:03:06+08:00"));
  EXPECT_EQ(instant("2024-12-31T19:03:06-05:00"), instant("2025-01-01T08:03:06+08:00"));
  EXPECT_EQ(instant("2025-01-01T05:48:06+05:45"), instant("2025-01-01T00:03:06Z"));
}

TEST(parse_instant, reads_up_to_three_decimals_of_a_second) {
  EXPECT_EQ(instant("1970-01-01T00:00:00.5Z").ms, 500);
  EXPECT_EQ(instant("1970-01-01T00:00:00.05Z").ms, 50);
  EXPECT_EQ(instant("1970-01-01T00:00:00.005Z").ms, 5);
  EXPECT_EQ(instant("1970-01-01T00:00:00.999+00:00").ms, 999);
}

TEST(parse_instant, reads_times_before_1970) {
  EXPECT_EQ(instant("1969-12-31T23:59:59.999Z").ms, -1);
  EXPECT_EQ(instant("1970-01-01T00:00:00+08:00").ms, -8 * 3'600'000);
}

TEST(parse_instant, says_when_only_the_zone_is_missing) {
  EXPECT_EQ(parse_instant("2025-01-01T08:03:06").error(), TimeError::without_zone);
  EXPECT_EQ(parse_instant("2025-01-01T08:03:06.123").error(), TimeError::without_zone);
}

TEST(parse_instant, refuses_malformed_text) {
  for (const char* text : {"",
                           "2025",
                           "2025-01-01",
                           "2025-01-01T08:03Z",
                           "2025-01-01T08:03:0",
                           "2025-01-01 08:03:06Z",
                           "2025-01-01t08:03:06Z",
                           "2025-01-01T08:03:06z",
                           "2025/01/01T08:03:06Z",
                           "2025-01-01T08-03-06Z",
                           "2025-1-01T08:03:06Z",
                           "25-01-01T08:03:06Z",
                           " 2025-01-01T08:03:06Z",
                           "2025-01-01T08:03:06Z ",
                           "2025-01-01T08:03:06ZZ",
                           "2025-01-01T08:03:06.Z",
                           "2025-01-01T08:03:06.1234Z",
                           "2025-01-01T08:03:06,1Z",
                           "2025-01-01T08:03:06+8:00",
                           "2025-01-01T08:03:06+0800",
                           "2025-01-01T08:03:06+08",
                           "2025-01-01T08:03:06+08:0",
                           "2025-01-01T08:03:06+08:000",
                           "2025-01-01T08:03:06 08:00",
                           "2025-01-01T08:03:06+08-00",
                           "2025-01-01T08:03:06+-8:00",
                           "+025-01-01T08:03:06Z",
                           "2025-01-01T-8:03:06Z"}) {
    const auto parsed = parse_instant(text);
    ASSERT_FALSE(parsed.has_value()) << text;
    EXPECT_EQ(parsed.error(), TimeError::not_a_time) << text;
  }
}

TEST(parse_instant, refuses_dates_and_clock_times_that_do_not_exist) {
  for (const char* text :
       {"2025-00-01T00:00:00Z", "2025-13-01T00:00:00Z", "2025-01-00T00:00:00Z", "2025-01-32T00:00:00Z",
        "2025-04-31T00:00:00Z", "2025-02-29T00:00:00Z", "1900-02-29T00:00:00Z", "0000-01-01T00:00:00Z",
        "2025-01-01T24:00:00Z", "2025-01-01T00:60:00Z", "2025-01-01T00:00:60Z", "2025-01-01T00:00:00+15:00",
        "2025-01-01T00:00:00+08:60"})
    EXPECT_FALSE(parse_instant(text).has_value()) << text;
}

TEST(parse_instant, is_not_misled_by_a_broken_leap_day) {
  EXPECT_TRUE(parse_instant("2024-02-29T00:00:00Z").has_value());
  EXPECT_TRUE(parse_instant("2000-02-29T00:00:00Z").has_value());
}

TEST(parse_instant, reads_no_prefix_of_a_time_as_a_time) {
  const std::string whole = "2025-01-01T08:03:06.123+08:00";
  for (std::size_t size = 0; size < whole.size(); ++size)
    EXPECT_FALSE(parse_instant(whole.substr(0, size)).has_value()) << whole.substr(0, size);
}

TEST(parse_day, reads_exactly_year_month_day) {
  EXPECT_EQ(day("2025-01-31"), day_of({2025, 1, 31}));
  EXPECT_EQ(day("2024-02-29"), day_of({2024, 2, 29}));
  for (const char* text : {"", "2025-1-31", "2025-01-31 ", "2025-01-32", "2025-02-29", "20250131",
                           "2025-01-31T00:00:00Z", "2025.01.31", "0000-01-01", "-025-01-01"})
    EXPECT_FALSE(parse_day(text).has_value()) << text;
}

TEST(parse_compact_day, reads_the_day_as_record_ids_begin) {
  EXPECT_EQ(*parse_compact_day("20250131"), day_of({2025, 1, 31}));
  for (const char* text : {"", "2025013", "202501311", "2025-1-3", "20250132", "20250229", "00000101", "2025013a"})
    EXPECT_FALSE(parse_compact_day(text).has_value()) << text;
}

TEST(format_day, is_read_back_as_the_same_day) {
  for (int number = -20'000; number < 40'000; number += 37) {
    EXPECT_EQ(*parse_day(format_day(Day{number})), Day{number});
    EXPECT_EQ(*parse_compact_day(format_compact_day(Day{number})), Day{number});
  }
  EXPECT_EQ(format_day(day("2025-01-31")), "2025-01-31");
  EXPECT_EQ(format_compact_day(day("2025-01-31")), "20250131");
}

TEST(format_instant, writes_the_zone_and_milliseconds_only_where_there_are_any) {
  const Instant moment = instant("2025-01-31T00:03:06Z");
  EXPECT_EQ(format_instant(moment, china), "2025-01-31T08:03:06+08:00");
  EXPECT_EQ(format_instant(moment, new_york), "2025-01-30T19:03:06-05:00");
  EXPECT_EQ(format_instant(moment, Zone{345}), "2025-01-31T05:48:06+05:45");
  EXPECT_EQ(format_instant(moment, Zone{-30}), "2025-01-30T23:33:06-00:30");
  EXPECT_EQ(format_utc(moment), "2025-01-31T00:03:06Z");
  EXPECT_EQ(format_utc(Instant{moment.ms + 7}), "2025-01-31T00:03:06.007Z");
}

TEST(format_instant, is_read_back_as_the_same_instant) {
  for (std::int64_t ms : {std::int64_t{-1}, std::int64_t{0}, std::int64_t{1}, std::int64_t{-86'400'001},
                          std::int64_t{1'735'689'786'123}, std::int64_t{4'102'444'800'000}}) {
    EXPECT_EQ(instant(format_utc(Instant{ms})).ms, ms);
    for (Zone zone : {utc, china, new_york, Zone{345}, Zone{840}, Zone{-720}})
      EXPECT_EQ(instant(format_instant(Instant{ms}, zone)).ms, ms) << zone.offset_minutes;
  }
}

TEST(day_at, changes_at_midnight_of_the_zone) {
  EXPECT_EQ(day_at(instant("2024-12-31T15:59:59.999Z"), china), day("2024-12-31"));
  EXPECT_EQ(day_at(instant("2024-12-31T16:00:00Z"), china), day("2025-01-01"));
  EXPECT_EQ(day_at(instant("2024-12-31T16:00:00Z"), utc), day("2024-12-31"));
  EXPECT_EQ(day_at(instant("2025-01-01T04:59:59Z"), new_york), day("2024-12-31"));
}

TEST(day_at, rounds_down_before_1970) {
  EXPECT_EQ(day_at(Instant{-1}, utc), Day{-1});
  EXPECT_EQ(day_at(Instant{-86'400'000}, utc), Day{-1});
  EXPECT_EQ(day_at(Instant{-86'400'001}, utc), Day{-2});
}

TEST(start_of, is_the_first_instant_of_its_day) {
  EXPECT_EQ(start_of(day("2025-01-01"), china), instant("2025-01-01T00:00:00+08:00"));
  for (int number : {-800, -1, 0, 1, 20089, 60000})
    for (Zone zone : {utc, china, new_york}) {
      const Instant start = start_of(Day{number}, zone);
      EXPECT_EQ(day_at(start, zone), Day{number});
      EXPECT_EQ(day_at(Instant{start.ms - 1}, zone), Day{number - 1});
    }
}

TEST(add_years, keeps_the_date) {
  EXPECT_EQ(add_years(day("2025-01-31"), 2), day("2027-01-31"));
  EXPECT_EQ(add_years(day("2024-03-01"), 1), day("2025-03-01"));
  EXPECT_EQ(add_years(day("2025-02-28"), 3), day("2028-02-28"));
}

TEST(add_years, turns_the_leap_day_into_the_28th_where_there_is_none) {
  EXPECT_EQ(add_years(day("2024-02-29"), 2), day("2026-02-28"));
  EXPECT_EQ(add_years(day("2024-02-29"), 4), day("2028-02-29"));
  EXPECT_EQ(add_years(day("2096-02-29"), 4), day("2100-02-28"));
}

TEST(add_years, goes_backwards_and_nowhere) {
  EXPECT_EQ(add_years(day("2024-02-29"), -1), day("2023-02-28"));
  EXPECT_EQ(add_years(day("2024-02-29"), 0), day("2024-02-29"));
}

}  // namespace
}  // namespace tanpuhui
