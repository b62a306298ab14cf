#include "calendar/calendar.h"

#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

namespace tanpuhui {
namespace {

SourceFile working_days_file(int year) {
  const std::string name = "rulebooks/common/working_days/" + std::to_string(year) + ".toml";
  std::ifstream in(std::string(TANPUHUI_ROOT) + "/" + name);
  std::ostringstream text;
  text << in.rdbuf();
  return {name, text.str()};
}

Calendar calendar_of(const std::vector<int>& years) {
  std::vector<SourceFile> files;
  for (int year : years) files.push_back(working_days_file(year));
  auto calendar = load_calendar(files);
  EXPECT_TRUE(calendar) << (calendar ? "" : describe(calendar.error()));
  return calendar ? *calendar : Calendar();
}

const Calendar& published() {
  static const Calendar calendar = calendar_of({2024, 2025, 2026});
  return calendar;
}

Day day(std::string_view text) { return *parse_day(text); }

struct Term {
  const char* start;
  int n;
  const char* last_day;
};
class working_days : public testing::TestWithParam<Term> {};

TEST_P(working_days, end_on_the_published_day) {
  const Deadline due = published().working_days_after(day(GetParam().start), GetParam().n);
  EXPECT_EQ(format_day(due.last_day), GetParam().last_day);
  EXPECT_FALSE(due.provisional);
}

INSTANTIATE_TEST_SUITE_P(vectors, working_days,
                         testing::Values(Term{"2024-04-03", 5, "2024-04-11"},   // make-up Sunday 04-07 counts
                                         Term{"2024-04-26", 5, "2024-05-07"},   // make-up Sunday 04-28 counts
                                         Term{"2024-09-30", 20, "2024-11-01"},  // National Day, make-up 10-12
                                         Term{"2024-12-31", 5, "2025-01-08"},   // across the year
                                         Term{"2025-01-20", 10, "2025-02-08"},  // ends on a make-up Saturday
                                         Term{"2025-04-25", 5, "2025-05-06"},   //
                                         Term{"2025-09-25", 5, "2025-10-09"},   // 09-28 counts, 8 days off
                                         Term{"2025-09-26", 20, "2025-10-30"},  //
                                         Term{"2025-12-30", 5, "2026-01-07"},   // 01-04, a Sunday, counts
                                         Term{"2026-02-10", 10, "2026-03-02"},  // 02-14 and 02-28 count, 9 days off
                                         Term{"2026-02-13", 5, "2026-02-27"},   //
                                         Term{"2026-09-10", 20, "2026-10-14"},  //
                                         Term{"2026-09-19", 10, "2026-10-09"},  // received on a day of rest
                                         Term{"2026-09-30", 5, "2026-10-13"},   //
                                         Term{"2026-11-20", 20, "2026-12-18"}));

TEST(calendar, counts_the_working_days_of_each_published_year) {
  EXPECT_EQ(published().working_days_in(2024), 251);
  EXPECT_EQ(published().working_days_in(2025), 248);
  EXPECT_EQ(published().working_days_in(2026), 248);
}

TEST(calendar, keeps_new_years_eve_of_2024_a_working_day) {
  EXPECT_TRUE(published().is_working_day(day("2024-02-09")));
  EXPECT_FALSE(published().is_working_day(day("2024-02-10")));
}

TEST(calendar, works_on_make_up_weekend_days) {
  EXPECT_TRUE(published().is_working_day(day("2026-02-28")));
  EXPECT_FALSE(published().is_working_day(day("2026-03-01")));
}

TEST(calendar, knows_the_notice_behind_a_year) {
  EXPECT_EQ(published().notice_of(2025)->notice, "国办发明电〔2024〕12号");
  EXPECT_EQ(format_day(published().notice_of(2025)->issued_on), "2024-11-12");
  EXPECT_EQ(published().notice_of(2027), nullptr);
}

TEST(calendar, reckons_provisionally_in_a_year_without_a_notice) {
  const Deadline due = published().working_days_after(day("2026-12-28"), 5);
  EXPECT_TRUE(due.provisional);
  EXPECT_EQ(due.missing_year, 2027);
  EXPECT_EQ(format_day(due.last_day), "2027-01-04");
}

TEST(calendar, is_certain_up_to_the_last_day_of_the_last_notice) {
  const Deadline due = published().working_days_after(day("2026-12-28"), 3);
  EXPECT_EQ(due, (Deadline{day("2026-12-31"), false, 0}));
}

TEST(calendar, refuses_to_finalise_a_provisional_deadline) {
  const auto refused = published().finalise_working_days_after(day("2026-12-28"), 5);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, "CAL-01");
  EXPECT_EQ(refused.error().facts.at(0), (std::pair<std::string, std::string>("missing_year", "2027")));
  EXPECT_NE(refused.error().message_zh.find("2027"), std::string::npos);
  EXPECT_NE(refused.error().message_en.find("2027-01-04"), std::string::npos);
  EXPECT_FALSE(refused.error().remedy_zh.empty());
  EXPECT_FALSE(refused.error().remedy_en.empty());
}

TEST(calendar, finalises_once_the_notice_is_loaded) {
  const Day start = day("2025-12-30");
  EXPECT_FALSE(calendar_of({2024, 2025}).finalise_working_days_after(start, 5));
  EXPECT_EQ(*calendar_of({2024, 2025, 2026}).finalise_working_days_after(start, 5), day("2026-01-07"));
}

TEST(calendar, is_provisional_throughout_without_any_year) {
  EXPECT_TRUE(Calendar().working_days_after(day("2025-03-03"), 1).provisional);
}

TEST(notice, may_be_closed_from_midnight_after_its_last_working_day) {
  const auto close = published().earliest_close(day("2026-02-13"), 5, Zone{480});
  EXPECT_EQ(format_instant(*close, Zone{480}), "2026-02-28T00:00:00+08:00");
  EXPECT_EQ(published().working_days_after(day("2026-02-13"), 5).day_after(), day("2026-02-28"));
}

TEST(notice, cannot_be_closed_on_a_provisional_day) {
  EXPECT_EQ(published().earliest_close(day("2026-12-28"), 5, Zone{480}).error().code, "CAL-01");
}

TEST(two_year_term, ends_on_the_same_date_two_years_later) {
  EXPECT_EQ(add_years(day("2024-09-30"), 2), day("2026-09-30"));
  EXPECT_EQ(add_years(day("2024-02-29"), 2), day("2026-02-28"));
  EXPECT_EQ(add_years(day("2024-10-03"), 2), day("2026-10-03"));
  EXPECT_EQ(add_years(day("2024-02-17"), 2), day("2026-02-17"));
}

TEST(two_year_term, is_cleared_from_the_next_midnight_of_the_zone) {
  const Day last_valid_day = add_years(day("2024-09-30"), 2);
  EXPECT_EQ(format_instant(start_of(last_valid_day + 1, Zone{480}), Zone{480}), "2026-10-01T00:00:00+08:00");
}

TEST(roll_forward, moves_the_end_to_the_day_after_the_holiday) {
  EXPECT_EQ(published().roll_forward(day("2026-10-03")), (Deadline{day("2026-10-08"), false, 0}));
  EXPECT_EQ(published().roll_forward(day("2026-02-17")), (Deadline{day("2026-02-24"), false, 0}));
}

TEST(roll_forward, leaves_working_days_alone) {
  EXPECT_EQ(published().roll_forward(day("2026-09-30")).last_day, day("2026-09-30"));
  EXPECT_EQ(published().roll_forward(day("2026-02-28")).last_day, day("2026-02-28"));
}

TEST(roll_forward, is_provisional_in_a_year_without_a_notice) {
  EXPECT_TRUE(published().roll_forward(day("2027-01-01")).provisional);
}

TEST(working_days_file, is_refused_when_a_year_comes_twice) {
  const auto refused = load_calendar({working_days_file(2025), working_days_file(2025)});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().at(0).message, "the year 2025 is loaded twice");
}

constexpr std::string_view sound_year =
    "year = 2027\nnotice = \"n\"\nissued_on = 2026-11-01\nsource = \"s\"\nmake_up_working_days = [2027-01-09]\n"
    "[[days_off]]\nholiday = \"h\"\nfirst = 2027-01-01\nlast = 2027-01-03\n";

std::string mistake_of(std::string_view from, std::string_view to) {
  std::string text(sound_year);
  text.replace(text.find(from), from.size(), to);
  const auto year = parse_working_days_year({"2027.toml", text});
  return year ? "none" : describe(year.error().at(0));
}

TEST(working_days_file, is_read_when_it_is_sound) { EXPECT_EQ(mistake_of("\"n\"", "\"m\""), "none"); }

TEST(working_days_file, is_refused_with_the_place_of_its_mistake) {
  EXPECT_EQ(mistake_of("last = 2027-01-03", "last = 2026-12-31"),
            "2027.toml:8:9: this holiday is not in the year of the file; put each day into the file of its own year");
  EXPECT_EQ(mistake_of("first = 2027-01-01", "first = 2027-01-04"),
            "2027.toml:9:8: the last day is before the first; exchange them");
  EXPECT_EQ(mistake_of("[2027-01-09]", "[2027-01-11]").substr(0, 15), "2027.toml:5:24:");
  EXPECT_EQ(mistake_of("[2027-01-09]", "[2027-01-02]").substr(0, 15), "2027.toml:5:24:");
  EXPECT_EQ(mistake_of("notice", "notise").substr(0, 34), "2027.toml:1:1: notice is missing; ");
}

TEST(working_days_file, names_no_day_twice) {
  EXPECT_EQ(mistake_of("[2027-01-09]", "[2027-01-09, 2027-01-09]").substr(0, 15), "2027.toml:5:24:");
  std::string text(sound_year);
  text += "[[days_off]]\nholiday = \"i\"\nfirst = 2027-01-03\nlast = 2027-01-04\n";
  EXPECT_EQ(parse_working_days_year({"2027.toml", text}).error().at(0).message, "this holiday overlaps another one");
}

}  // namespace
}  // namespace tanpuhui
