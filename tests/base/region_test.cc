#include "base/region.h"

#include <gtest/gtest.h>

namespace tanpuhui {
namespace {

TEST(Region, a_county_lies_in_its_city_and_its_province) {
  EXPECT_TRUE(lies_in("320571", "320500"));
  EXPECT_TRUE(lies_in("320571", "320000"));
  EXPECT_TRUE(lies_in("320571", "320571"));
}

TEST(Region, nothing_lies_in_its_neighbour_or_in_what_is_smaller) {
  EXPECT_FALSE(lies_in("320600", "320500"));
  EXPECT_FALSE(lies_in("320500", "320571"));
  EXPECT_FALSE(lies_in("310000", "320000"));
}

TEST(Region, what_has_no_code_lies_nowhere) {
  EXPECT_FALSE(lies_in("", "320000"));
  EXPECT_FALSE(lies_in("320500", ""));
}

}  // namespace
}  // namespace tanpuhui
