#include "cases/standings.h"

#include <gtest/gtest.h>

#include "store/migrations.h"
#include "support/law.h"
#include "support/store.h"

namespace tanpuhui {
namespace {

Day day(int month, int of_month) { return day_of({2025, month, of_month}); }

Standing stood(const std::string& word, Day from, std::optional<Day> until = {}) {
  return {"scenario", "7", word, from, until};
}

using Days = std::vector<DaySpan>;

TEST(standings, begin_on_their_day_and_end_after_the_day_of_what_ends_them) {
  EXPECT_EQ(Days{}, days_as({}, "live"));
  EXPECT_EQ(Days{}, days_as({stood("filed", day(2, 1))}, "live"));
  EXPECT_EQ((Days{{day(3, 1), {}}}), days_as({stood("filed", day(2, 1)), stood("live", day(3, 1))}, "live"));
  EXPECT_EQ((Days{{day(3, 1), day(5, 9)}, {day(6, 1), {}}}),
            days_as({stood("live", day(3, 1)), stood("suspended", day(5, 9)), stood("live", day(6, 1))}, "live"));
}

TEST(standings, end_on_the_day_that_was_named_unless_something_ends_them_earlier) {
  EXPECT_EQ((Days{{day(3, 1), day(8, 31)}}), days_as({stood("live", day(3, 1), day(8, 31))}, "live"));
  EXPECT_EQ((Days{{day(3, 1), day(8, 31)}}),
            days_as({stood("live", day(3, 1), day(8, 31)), stood("closed", day(9, 5))}, "live"));
  EXPECT_EQ((Days{{day(3, 1), day(4, 4)}}),
            days_as({stood("live", day(3, 1), day(8, 31)), stood("closed", day(4, 4))}, "live"));
}

TEST(standings, of_one_thing_are_read_in_the_order_in_which_they_were_given) {
  const TemporaryFolder folder;
  Database database = Database::open_writer(test_location(folder / "p.db"));
  migrate(database);
  EXPECT_FALSE(standing_now(database, "scenario", "7", day(6, 1)));
  add_standing(database, EntryId{12}, stood("suspended", day(5, 1)));
  add_standing(database, EntryId{9}, stood("live", day(3, 1)));
  add_standing(database, EntryId{30}, {"scenario", "8", "live", day(3, 1), day(4, 1), 30, "detail"});
  EXPECT_EQ("suspended", standing_now(database, "scenario", "7", day(6, 1))->word);
  EXPECT_EQ("live", standing_now(database, "scenario", "7", day(4, 30))->word);  // the last word does not hold yet
  EXPECT_FALSE(standing_now(database, "scenario", "8", day(4, 2)));
  const Standing other = *standing_now(database, "scenario", "8", day(4, 1));
  EXPECT_EQ("detail", other.detail);
  EXPECT_EQ(30, other.case_number);
  EXPECT_EQ(EntryId{30}, other.entry);
  EXPECT_EQ(3U, standings_of(database, "scenario").size());
}

}  // namespace
}  // namespace tanpuhui
