#pragma once
/// Exact fractions of 128-bit integers: the scale of a formula's register. Always reduced, the denominator positive.
/// Nothing rounds and nothing wraps: what does not fit is an empty optional.
#include <optional>
#include <string>

#include "base/decimal.h"
#include "base/quantity.h"

namespace tanpuhui::expr {

__extension__ using uint128 = unsigned __int128;
inline constexpr int128 int128_max = static_cast<int128>(~uint128{0} >> 1U);
inline constexpr int128 int128_min = -int128_max - 1;

struct Exact {
  int128 num = 0;
  int128 den = 1;
  bool operator==(const Exact&) const = default;
};

std::optional<int128> checked_add(int128 a, int128 b);
std::optional<int128> checked_subtract(int128 a, int128 b);
std::optional<int128> checked_multiply(int128 a, int128 b);

/// num / den, reduced. Empty when den is 0 or a part is the one 128-bit number that has no negative.
std::optional<Exact> make_exact(int128 num, int128 den);
Exact exact_of(Decimal decimal);
std::optional<Exact> multiply(Exact a, Exact b);
std::optional<Exact> divide(Exact a, Exact b);
std::optional<Exact> add(Exact a, Exact b);
std::optional<Exact> subtract(Exact a, Exact b);

/// For a, b > 0: the largest fraction of which both are whole multiples. Two registers are brought to it before they
/// are added or compared, so that only whole numbers are multiplied.
std::optional<Exact> common_scale(Exact a, Exact b);
/// How often `scale` goes into `whole`, for a scale from `common_scale`.
std::optional<int128> multiple_of(Exact whole, Exact scale);

std::string format_integer(int128 value);

/// a / b for b > 0, to a whole number; no step leaves the width of T.
template <class T>
T divide_down(T a, T b) {
  return a / b - (a % b < 0 ? 1 : 0);
}
template <class T>
T divide_up(T a, T b) {
  return a / b + (a % b > 0 ? 1 : 0);
}
/// To the nearest; a half goes away from zero.
template <class T>
T divide_half_up(T a, T b) {
  const T rest = a % b;
  if (rest >= 0) return a / b + (rest != 0 && rest >= b - rest ? 1 : 0);
  return a / b - (-rest >= b + rest ? 1 : 0);
}

}  // namespace tanpuhui::expr
