#pragma once
/// Exact decimals: an integer and the number of its decimals. No binary floating point, ever.
///
///   parse_fixed("1.25", 3)   -> 1250          (km with three decimals: metres)
///   format_fixed(1250, 3)    -> "1.250"
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace tanpuhui {

/// What can be wrong with the text of a number; each is its own outcome at intake.
enum class DecimalError { not_a_number, too_many_decimals, out_of_range };

/// Reads `-?digits[.digits]` as an integer scaled by 10^decimals. Range: 64 bits. Leading zeros, plus signs, exponents,
/// white space and a point without digits on both sides are refused.
Result<std::int64_t, DecimalError> parse_fixed(std::string_view text, int decimals);

/// A decimal whose scale is as written: "62.370" -> {62370, 3}. At most 18 decimals.
struct Decimal {
  std::int64_t mantissa = 0;
  int scale = 0;
  bool operator==(const Decimal&) const = default;
};
Result<Decimal, DecimalError> parse_decimal(std::string_view text);

std::string format_fixed(std::int64_t scaled, int decimals);

/// 10^exponent for 0 <= exponent <= 18.
std::int64_t power_of_ten(int exponent);

}  // namespace tanpuhui
