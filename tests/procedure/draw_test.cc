#include "procedure/draw.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "crypto/hash.h"

namespace tanpuhui {
namespace {

Draw drawn_from(std::vector<std::string> pool, std::size_t count) {
  Draw draw{1204, 17, Digest{1, 2, 3}, std::move(pool), count};
  rank(draw, sha256);
  return draw;
}

DrawRule five_per_cent() {
  DrawRule rule;
  rule.share_percent = 5;
  rule.least = 1;
  return rule;
}

TEST(draw, takes_a_share_rounded_up_and_never_fewer_than_the_least) {
  EXPECT_EQ(1, least_of(five_per_cent(), 0));
  EXPECT_EQ(1, least_of(five_per_cent(), 20));
  EXPECT_EQ(2, least_of(five_per_cent(), 21));
  DrawRule three;
  three.least = 3;
  EXPECT_EQ(3, least_of(three, 100));
}

TEST(draw, does_not_depend_on_the_order_of_the_pool) {
  const Draw one = drawn_from({"e1", "e2", "e3", "e4"}, 2), other = drawn_from({"e4", "e2", "e1", "e3"}, 2);
  EXPECT_EQ(one.ranked, other.ranked);
  EXPECT_EQ(2, one.drawn().size());
}

TEST(draw, is_another_for_another_block_or_case) {
  std::vector<std::string> pool;
  for (int i = 0; i < 20; ++i) pool.push_back("e" + std::to_string(i));
  const Draw one = drawn_from(pool, 3);
  Draw of_another_case = one, of_another_block = one;
  of_another_case.case_number = 1205;
  of_another_block.block_hash = Digest{9};
  rank(of_another_case, sha256);
  rank(of_another_block, sha256);
  EXPECT_NE(one.ranked, of_another_case.ranked);
  EXPECT_NE(one.ranked, of_another_block.ranked);
}

TEST(draw, is_read_as_it_was_written) {
  const Draw draw = drawn_from({"赵 一", "e2", "e3"}, 2);
  const auto read = read_draw_text(format_draw(draw, sha256), sha256);
  ASSERT_TRUE(read);
  EXPECT_EQ(draw.ranked, read->ranked);
  EXPECT_EQ(draw.drawn(), read->drawn());
  EXPECT_EQ(17, read->block);
}

TEST(draw, whose_text_was_changed_in_any_place_is_none) {
  const std::string text = format_draw(drawn_from({"e1", "e2", "e3"}, 2), sha256);
  for (std::size_t at = 0; at < text.size(); ++at) {
    std::string changed = text;
    changed[at] = static_cast<char>(changed[at] == '7' ? '8' : '7');
    const auto read = read_draw_text(changed, sha256);
    const bool of_another = read && (read->case_number != 1204 || read->block != 17);  // which the audit finds
    EXPECT_TRUE(!read || of_another) << "at " << at << ": " << changed;
  }
}

}  // namespace
}  // namespace tanpuhui
