#include "expr/exact.h"

#include <algorithm>
#include <utility>

namespace tanpuhui::expr {
namespace {

int128 gcd(int128 a, int128 b) {
  while (b != 0) a = std::exchange(b, a % b);
  return a < 0 ? -a : a;
}

}  // namespace

std::optional<int128> checked_add(int128 a, int128 b) {
  int128 result = 0;
  if (__builtin_add_overflow(a, b, &result)) return std::nullopt;
  return result;
}

std::optional<int128> checked_subtract(int128 a, int128 b) {
  int128 result = 0;
  if (__builtin_sub_overflow(a, b, &result)) return std::nullopt;
  return result;
}

std::optional<int128> checked_multiply(int128 a, int128 b) {
  int128 result = 0;
  if (__builtin_mul_overflow(a, b, &result)) return std::nullopt;
  return result;
}

std::optional<Exact> make_exact(int128 num, int128 den) {
  if (den == 0 || num == int128_min || den == int128_min) return std::nullopt;
  if (den < 0) num = -num, den = -den;
  const int128 common = gcd(num, den);
  return Exact{num / common, den / common};
}

Exact exact_of(Decimal decimal) { return *make_exact(decimal.mantissa, power_of_ten(decimal.scale)); }

std::optional<Exact> multiply(Exact a, Exact b) {
  // Reduced crosswise first, so that a product that fits is never refused.
  const auto left = make_exact(a.num, b.den), right = make_exact(b.num, a.den);
  if (!left || !right) return std::nullopt;
  const auto num = checked_multiply(left->num, right->num), den = checked_multiply(left->den, right->den);
  if (!num || !den) return std::nullopt;
  return make_exact(*num, *den);
}

std::optional<Exact> divide(Exact a, Exact b) {
  const auto inverse = make_exact(b.den, b.num);
  if (!inverse) return std::nullopt;
  return multiply(a, *inverse);
}

std::optional<Exact> add(Exact a, Exact b) {
  const int128 common = gcd(a.den, b.den);
  const auto left = checked_multiply(a.num, b.den / common), right = checked_multiply(b.num, a.den / common);
  const auto den = checked_multiply(a.den / common, b.den);
  if (!left || !right || !den) return std::nullopt;
  const auto num = checked_add(*left, *right);
  if (!num) return std::nullopt;
  return make_exact(*num, *den);
}

std::optional<Exact> subtract(Exact a, Exact b) {
  if (b.num == int128_min) return std::nullopt;
  return add(a, {-b.num, b.den});
}

std::optional<Exact> common_scale(Exact a, Exact b) {
  const auto den = checked_multiply(a.den / gcd(a.den, b.den), b.den);
  if (!den) return std::nullopt;
  return make_exact(gcd(a.num, b.num), *den);
}

std::optional<int128> multiple_of(Exact whole, Exact scale) {
  const auto quotient = divide(whole, scale);
  if (!quotient || quotient->den != 1) return std::nullopt;
  return quotient->num;
}

std::string format_integer(int128 value) {
  const bool negative = value < 0;
  auto rest = negative ? ~static_cast<uint128>(value) + 1 : static_cast<uint128>(value);
  std::string digits;
  do {
    digits.push_back(static_cast<char>('0' + static_cast<int>(rest % 10)));
    rest /= 10;
  } while (rest != 0);
  if (negative) digits.push_back('-');
  std::reverse(digits.begin(), digits.end());
  return digits;
}

}  // namespace tanpuhui::expr
