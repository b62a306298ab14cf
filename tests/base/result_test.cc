#include "base/result.h"

#include <memory>
#include <string>

#include <gtest/gtest.h>

namespace tanpuhui {
namespace {

enum class Reason { too_small, too_large };

Result<int, Reason> checked(int value) {
  if (value < 0) return Reason::too_small;
  if (value > 100) return Reason::too_large;
  return value;
}

Result<std::string, Reason> sum_as_text(int a, int b) {
  TANPUHUI_TRY(const int first, checked(a));
  TANPUHUI_TRY(const int second, checked(b));
  return std::to_string(first + second);
}

TEST(result, holds_a_value) {
  const auto result = checked(7);
  ASSERT_TRUE(result);
  EXPECT_TRUE(result.has_value());
  EXPECT_EQ(*result, 7);
  EXPECT_EQ(result.value(), 7);
}

TEST(result, holds_the_reason_why_there_is_none) {
  const auto result = checked(-1);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error(), Reason::too_small);
}

TEST(result, is_a_defect_when_the_wrong_side_is_asked_for) {
  EXPECT_THROW(checked(-1).value(), Defect);
  EXPECT_THROW(*checked(-1), Defect);
  EXPECT_THROW(checked(7).error(), Defect);
}

TEST(result, moves_out_what_cannot_be_copied) {
  Result<std::unique_ptr<int>, Reason> result = std::make_unique<int>(7);
  const std::unique_ptr<int> owner = *std::move(result);
  EXPECT_EQ(*owner, 7);
}

TEST(result, can_be_changed_in_place) {
  Result<std::string, Reason> result = std::string("a");
  result->push_back('b');
  *result += 'c';
  EXPECT_EQ(*result, "abc");
}

TEST(tanpuhui_try, passes_values_on) { EXPECT_EQ(*sum_as_text(3, 4), "7"); }

TEST(tanpuhui_try, returns_the_first_error) {
  EXPECT_EQ(sum_as_text(-1, 101).error(), Reason::too_small);
  EXPECT_EQ(sum_as_text(1, 101).error(), Reason::too_large);
}

TEST(refusal, carries_code_basis_facts_message_and_remedy) {
  const Refusal refusal = refuse("X-01", "book.a1")
                              .because("points_needed", "150")
                              .because("points_available", "120")
                              .says("碳积分不足", "not enough points")
                              .mend("换一件权益", "choose another benefit");
  EXPECT_EQ(refusal.code, "X-01");
  EXPECT_EQ(refusal.facts.size(), 2U);
  EXPECT_EQ(describe(refusal),
            "X-01: 碳积分不足\n  not enough points\n  basis: book.a1\n  points_needed: 150\n  points_available: 120\n"
            "  换一件权益\n  choose another benefit\n");
}

TEST(refusal, leaves_out_the_lines_it_has_nothing_for) {
  EXPECT_EQ(describe(refuse("X-02", "").says("不", "no")), "X-02: 不\n  no\n");
}

TEST(check, fails_one_request_with_a_defect_that_names_the_place) {
  try {
    TANPUHUI_REQUIRE(1 == 2, "one is two");
    FAIL() << "it went on";
  } catch (const Defect& defect) {
    EXPECT_NE(std::string(defect.what()).find("one is two"), std::string::npos);
    EXPECT_NE(std::string(defect.what()).find("result_test.cc:"), std::string::npos);
  }
}

TEST(check_death_test, stops_the_process_when_the_ledger_is_broken) {
  EXPECT_DEATH(TANPUHUI_HALT_UNLESS(false, "legs sum to zero"), "tanpuhui stops: legs sum to zero");
}

}  // namespace
}  // namespace tanpuhui
