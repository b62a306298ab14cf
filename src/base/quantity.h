#pragma once
/// Integers of the smallest unit in types that cannot be mixed. Sums are checked: an overflow is a Defect.
#include <compare>
#include <cstdint>

#include "base/check.h"

namespace tanpuhui {

template <class Tag>
class Quantity {
 public:
  constexpr Quantity() = default;
  explicit constexpr Quantity(std::int64_t count) : count_(count) {}
  constexpr std::int64_t count() const { return count_; }
  constexpr auto operator<=>(const Quantity&) const = default;

  friend constexpr Quantity operator+(Quantity a, Quantity b) {
    std::int64_t sum = 0;
    TANPUHUI_REQUIRE(!__builtin_add_overflow(a.count_, b.count_, &sum), "a sum of quantities fits in 64 bits");
    return Quantity(sum);
  }
  friend constexpr Quantity operator-(Quantity a, Quantity b) {
    std::int64_t difference = 0;
    TANPUHUI_REQUIRE(!__builtin_sub_overflow(a.count_, b.count_, &difference), "a difference fits in 64 bits");
    return Quantity(difference);
  }
  friend constexpr Quantity operator-(Quantity a) { return Quantity() - a; }
  constexpr Quantity& operator+=(Quantity b) { return *this = *this + b; }
  constexpr Quantity& operator-=(Quantity b) { return *this = *this - b; }

 private:
  std::int64_t count_ = 0;
};

/// Reductions, milligrams CO2e. 2^63 mg are 9.2 billion tonnes.
using Milligrams = Quantity<struct MilligramsTag>;
/// Carbon points, whole points. Not money. Basis: js24.a33p1
using Points = Quantity<struct PointsTag>;

__extension__ using int128 = __int128;

/// ceil(a * b / c) for a, b >= 0 and c > 0, exact in 128 bits; the result must fit in 64.
constexpr std::int64_t multiply_divide_up(std::int64_t a, std::int64_t b, std::int64_t c) {
  std::int64_t small = 0;  // a division of 64 bits is several times as fast
  if (!__builtin_mul_overflow(a, b, &small) && !__builtin_add_overflow(small, c - 1, &small)) return small / c;
  const int128 product = static_cast<int128>(a) * b;
  return static_cast<std::int64_t>((product + c - 1) / c);
}

}  // namespace tanpuhui
