#include "base/decimal.h"

#include <array>

namespace tanpuhui {
namespace {

struct Shape {
  bool negative = false;
  std::string_view whole;
  std::string_view fraction;
};

bool all_digits(std::string_view text) {
  if (text.empty()) return false;
  for (char c : text)
    if (c < '0' || c > '9') return false;
  return true;
}

Result<Shape, DecimalError> split(std::string_view text) {
  Shape shape;
  if (text.starts_with('-')) {
    shape.negative = true;
    text.remove_prefix(1);
  }
  const auto point = text.find('.');
  shape.whole = text.substr(0, point);
  if (point != std::string_view::npos) {
    shape.fraction = text.substr(point + 1);
    if (!all_digits(shape.fraction)) return DecimalError::not_a_number;
  }
  if (!all_digits(shape.whole)) return DecimalError::not_a_number;
  if (shape.whole.size() > 1 && shape.whole.front() == '0') return DecimalError::not_a_number;
  return shape;
}

Result<std::int64_t, DecimalError> scaled(const Shape& shape, int decimals) {
  std::int64_t value = 0;
  const auto append = [&value](int digit) {
    return !__builtin_mul_overflow(value, std::int64_t{10}, &value) &&
           !__builtin_sub_overflow(value, std::int64_t{digit}, &value);
  };
  // Counted downwards, since the smallest 64-bit number has no positive twin.
  for (char c : shape.whole)
    if (!append(c - '0')) return DecimalError::out_of_range;
  for (char c : shape.fraction)
    if (!append(c - '0')) return DecimalError::out_of_range;
  for (auto i = static_cast<int>(shape.fraction.size()); i < decimals; ++i)
    if (!append(0)) return DecimalError::out_of_range;
  if (shape.negative) return value;
  if (value == INT64_MIN) return DecimalError::out_of_range;
  return -value;
}

}  // namespace

Result<std::int64_t, DecimalError> parse_fixed(std::string_view text, int decimals) {
  TANPUHUI_TRY(const Shape shape, split(text));
  if (static_cast<int>(shape.fraction.size()) > decimals) return DecimalError::too_many_decimals;
  return scaled(shape, decimals);
}

Result<Decimal, DecimalError> parse_decimal(std::string_view text) {
  TANPUHUI_TRY(const Shape shape, split(text));
  if (shape.fraction.size() > 18) return DecimalError::too_many_decimals;
  const int scale = static_cast<int>(shape.fraction.size());
  TANPUHUI_TRY(const std::int64_t mantissa, scaled(shape, scale));
  return Decimal{mantissa, scale};
}

std::string format_fixed(std::int64_t value, int decimals) {
  const bool negative = value < 0;
  auto rest = negative ? ~static_cast<std::uint64_t>(value) + 1 : static_cast<std::uint64_t>(value);
  std::string digits;
  for (int position = 0; rest != 0 || position <= decimals; ++position) {
    if (position == decimals && decimals > 0) digits += '.';
    digits += static_cast<char>('0' + rest % 10);
    rest /= 10;
  }
  if (negative) digits += '-';
  return {digits.rbegin(), digits.rend()};
}

std::int64_t power_of_ten(int exponent) {
  TANPUHUI_REQUIRE(exponent >= 0 && exponent <= 18, "powers of ten from 0 to 18");
  std::int64_t power = 1;
  for (int i = 0; i < exponent; ++i) power *= 10;
  return power;
}

}  // namespace tanpuhui
