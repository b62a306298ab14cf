#include "publications/period.h"

#include <gtest/gtest.h>

namespace tanpuhui {
namespace {

struct Written {
  const char* every;
  const char* text;
  Civil first, last;
};

TEST(periods, are_written_as_their_publication_asks) {
  for (const Written& written : {Written{"month", "2026-10", {2026, 10, 1}, {2026, 10, 31}},
                                 Written{"month", "2024-02", {2024, 2, 1}, {2024, 2, 29}},
                                 Written{"month", "2026-12", {2026, 12, 1}, {2026, 12, 31}},
                                 Written{"quarter", "2026-Q1", {2026, 1, 1}, {2026, 3, 31}},
                                 Written{"quarter", "2026-Q4", {2026, 10, 1}, {2026, 12, 31}},
                                 Written{"year", "2026", {2026, 1, 1}, {2026, 12, 31}}}) {
    const auto period = parse_period(written.every, written.text);
    ASSERT_TRUE(period) << written.text;
    EXPECT_EQ(period->first, day_of(written.first));
    EXPECT_EQ(period->last, day_of(written.last));
    EXPECT_EQ(period_of(written.every, period->last), period);
  }
}

TEST(periods, are_not_read_when_written_otherwise) {
  for (const char* text : {"", "2026", "2026-13", "2026-00", "2026-1", "2026-10-01", "2026-Q4", "x"})
    EXPECT_FALSE(parse_period("month", text)) << text;
  for (const char* text : {"", "2026-Q0", "2026-Q5", "2026-10", "2026", "2026-q1"})
    EXPECT_FALSE(parse_period("quarter", text)) << text;
  for (const char* text : {"", "26", "2026-10", "+2026"}) EXPECT_FALSE(parse_period("year", text)) << text;
  EXPECT_FALSE(parse_period("at_once", "2026-10"));
}

}  // namespace
}  // namespace tanpuhui
