#include "base/quantity.h"

#include <cstdint>
#include <limits>
#include <type_traits>

#include <gtest/gtest.h>

namespace tanpuhui {
namespace {

constexpr std::int64_t least = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();

template <class A, class B>
concept can_add = requires(A a, B b) {
  a + b;
};
template <class A, class B>
concept can_compare = requires(A a, B b) {
  a < b;
};

static_assert(can_add<Points, Points> && can_compare<Points, Points>);
static_assert(!can_add<Points, Milligrams> && !can_compare<Points, Milligrams>, "units do not mix");
static_assert(!can_add<Points, std::int64_t> && !std::is_convertible_v<std::int64_t, Points>, "a number has no unit");

TEST(quantity, begins_at_zero) { EXPECT_EQ(Points().count(), 0); }

TEST(quantity, adds_subtracts_and_negates) {
  Milligrams sum(5);
  sum += Milligrams(7);
  sum -= Milligrams(20);
  EXPECT_EQ(sum, Milligrams(-8));
  EXPECT_EQ(-sum, Milligrams(8));
  EXPECT_LT(sum, Milligrams());
}

TEST(quantity, reaches_both_ends_of_64_bits) {
  EXPECT_EQ((Points(most - 1) + Points(1)).count(), most);
  EXPECT_EQ((Points(least + 1) - Points(1)).count(), least);
  EXPECT_EQ((Points(most) + Points(least)).count(), -1);
}

TEST(quantity, is_a_defect_beyond_64_bits) {
  EXPECT_THROW(Points(most) + Points(1), Defect);
  EXPECT_THROW(Points(least) + Points(-1), Defect);
  EXPECT_THROW(Points(least) - Points(1), Defect);
  EXPECT_THROW(Points(most) - Points(-1), Defect);
  EXPECT_THROW(-Points(least), Defect);
}

TEST(quantity, keeps_its_value_when_a_sum_overflows) {
  Points points(most);
  EXPECT_THROW(points += Points(1), Defect);
  EXPECT_EQ(points.count(), most);
}

TEST(multiply_divide_up, rounds_up) {
  EXPECT_EQ(multiply_divide_up(10, 1, 3), 4);
  EXPECT_EQ(multiply_divide_up(9, 1, 3), 3);
  EXPECT_EQ(multiply_divide_up(0, 5, 3), 0);
  EXPECT_EQ(multiply_divide_up(1, 1, most), 1);
}

TEST(multiply_divide_up, is_exact_where_the_product_needs_128_bits) {
  EXPECT_EQ(multiply_divide_up(most, most, most), most);
  EXPECT_EQ(multiply_divide_up(most, 2, 3), 6'148'914'691'236'517'205);  // (2^64 - 2) / 3, rounded up
}

}  // namespace
}  // namespace tanpuhui
