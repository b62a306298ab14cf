#include "rooms/activity/exchange.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "crypto/hash.h"

namespace tanpuhui {
namespace {

const ExchangeGroup rides{"rides", Bytes(32, 7)};
const Instant eight{1'741'000'020'000};  // 20 seconds into its minute

TEST(exchange, knows_an_act_again_whose_clock_is_a_minute_off_and_no_other) {
  const std::int64_t told = exchange_key(rides, "person-1", minute_of(eight), sha256);
  const auto is_known = [&](const ExchangeGroup& group, const char* person, std::int64_t seconds_later) {
    const auto keys = keys_of(group, person, Instant{eight.ms + seconds_later * 1000}, sha256);
    return std::ranges::find(keys, told) != keys.end();
  };
  EXPECT_TRUE(is_known(rides, "person-1", 0));
  EXPECT_TRUE(is_known(rides, "person-1", 60));
  EXPECT_TRUE(is_known(rides, "person-1", -60));
  EXPECT_FALSE(is_known(rides, "person-1", 120));
  EXPECT_FALSE(is_known(rides, "person-2", 0));
  EXPECT_FALSE(is_known({"walks", rides.secret}, "person-1", 0));
  EXPECT_FALSE(is_known({"rides", Bytes(32, 8)}, "person-1", 0));
}

TEST(exchange, is_written_in_order_each_act_once_and_read_back) {
  const Day day = day_of({2025, 3, 3});
  const std::string text = format_exchange("rides", {{day, 300}, {day, 2}, {day + -1, 9}, {day, 2}});
  EXPECT_EQ(
      "tanpuhui exchange 1 rides\n2025-03-02 0000000000000009\n2025-03-03 0000000000000002\n"
      "2025-03-03 000000000000012c\n",
      text);
  std::int64_t line = 0;
  const auto file = read_exchange(text, line);
  ASSERT_TRUE(file);
  EXPECT_EQ("rides", file->group);
  EXPECT_EQ((std::vector<ToldAct>{{day + -1, 9}, {day, 2}, {day, 300}}), file->acts);
}

TEST(exchange, names_the_line_that_is_of_another_form) {
  std::int64_t line = 0;
  EXPECT_FALSE(read_exchange("", line));
  EXPECT_FALSE(read_exchange("day,key\n", line));
  EXPECT_EQ(1, line);
  EXPECT_FALSE(
      read_exchange("tanpuhui exchange 1 rides\n2025-03-03 0000000000000002\n2025-03-33 0000000000000002\n", line));
  EXPECT_EQ(3, line);
  EXPECT_FALSE(read_exchange("tanpuhui exchange 1 rides\n2025-03-03 2\n", line));
  EXPECT_EQ(2, line);
}

}  // namespace
}  // namespace tanpuhui
