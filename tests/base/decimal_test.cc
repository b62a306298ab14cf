#include "base/decimal.h"

#include <cstdint>
#include <limits>
#include <string>

#include <gtest/gtest.h>

namespace tanpuhui {
namespace {

constexpr std::int64_t least = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();

DecimalError error_of(std::string_view text, int decimals) {
  const auto result = parse_fixed(text, decimals);
  EXPECT_FALSE(result.has_value()) << '"' << text << "\" was read as " << (result ? *result : 0);
  return result ? DecimalError{-1} : result.error();
}

TEST(parse_fixed, scales_to_the_wanted_decimals) {
  EXPECT_EQ(*parse_fixed("1.25", 3), 1250);
  EXPECT_EQ(*parse_fixed("1.250", 3), 1250);
  EXPECT_EQ(*parse_fixed("7", 0), 7);
  EXPECT_EQ(*parse_fixed("7", 6), 7'000'000);
  EXPECT_EQ(*parse_fixed("0.000001", 6), 1);
  EXPECT_EQ(*parse_fixed("0", 3), 0);
}

TEST(parse_fixed, keeps_the_sign_of_a_number_that_begins_with_zero) {
  EXPECT_EQ(*parse_fixed("-0.5", 1), -5);
  EXPECT_EQ(*parse_fixed("-0.001", 3), -1);
}

TEST(parse_fixed, reaches_both_ends_of_64_bits) {
  EXPECT_EQ(*parse_fixed("9223372036854775807", 0), most);
  EXPECT_EQ(*parse_fixed("-9223372036854775808", 0), least);
  EXPECT_EQ(*parse_fixed("9223372036854.775807", 6), most);
  EXPECT_EQ(*parse_fixed("-9223372036854.775808", 6), least);
}

TEST(parse_fixed, refuses_one_step_beyond_64_bits) {
  EXPECT_EQ(error_of("9223372036854775808", 0), DecimalError::out_of_range);
  EXPECT_EQ(error_of("-9223372036854775809", 0), DecimalError::out_of_range);
  EXPECT_EQ(error_of("9223372036854.775808", 6), DecimalError::out_of_range);
  EXPECT_EQ(error_of("-9223372036854.775809", 6), DecimalError::out_of_range);
}

TEST(parse_fixed, refuses_what_leaves_the_range_only_by_scaling) {
  EXPECT_EQ(*parse_fixed("9223372036854775", 3), 9223372036854775000);
  EXPECT_EQ(error_of("9223372036854776", 3), DecimalError::out_of_range);
  EXPECT_EQ(error_of("10", 18), DecimalError::out_of_range);
}

TEST(parse_fixed, refuses_numbers_of_any_length_without_wrapping_around) {
  EXPECT_EQ(error_of(std::string(40, '9'), 0), DecimalError::out_of_range);
  EXPECT_EQ(error_of("18446744073709551616", 0), DecimalError::out_of_range);   // 2^64
  EXPECT_EQ(error_of("18446744073709551617", 0), DecimalError::out_of_range);   // 2^64 + 1
  EXPECT_EQ(error_of("-18446744073709551617", 0), DecimalError::out_of_range);  // -2^64 - 1
}

TEST(parse_fixed, refuses_more_decimals_than_the_field_has) {
  EXPECT_EQ(error_of("1.2345", 3), DecimalError::too_many_decimals);
  EXPECT_EQ(error_of("1.0", 0), DecimalError::too_many_decimals);
}

TEST(parse_fixed, counts_trailing_zeros_as_decimals) {
  EXPECT_EQ(error_of("1.2500", 3), DecimalError::too_many_decimals);
}

TEST(parse_fixed, refuses_malformed_text) {
  for (const char* text :
       {"",      "-",     ".",    "-.",    "1.",  ".5",   "-.5",  "+1",    "--1",         "1-", "01",
        "00",    "-01",   "00.5", "1.2.3", "1,5", "1e3",  "1E3",  "0x10",  " 1",          "1 ", "1\n",
        "1 000", "1_000", "abc",  "NaN",   "inf", "1.-5", "1.+5", "-1.-5", "\xEF\xBC\x91" /* full-width 1 */})
    EXPECT_EQ(error_of(text, 6), DecimalError::not_a_number) << '"' << text << '"';
}

TEST(parse_fixed, refuses_a_zero_byte_inside) {
  EXPECT_EQ(error_of(std::string_view("1\0", 2), 0), DecimalError::not_a_number);
  EXPECT_EQ(error_of(std::string_view("1\0002", 3), 0), DecimalError::not_a_number);
}

TEST(parse_fixed, names_malformed_text_before_its_decimals_or_range) {
  EXPECT_EQ(error_of("01.23456", 3), DecimalError::not_a_number);
  EXPECT_EQ(error_of("99999999999999999999x", 0), DecimalError::not_a_number);
  EXPECT_EQ(error_of("99999999999999999999.1", 0), DecimalError::too_many_decimals);
}

TEST(parse_decimal, keeps_the_scale_as_written) {
  EXPECT_EQ(*parse_decimal("62.370"), (Decimal{62370, 3}));
  EXPECT_EQ(*parse_decimal("62.37"), (Decimal{6237, 2}));
  EXPECT_EQ(*parse_decimal("-5"), (Decimal{-5, 0}));
  EXPECT_EQ(*parse_decimal("0.0"), (Decimal{0, 1}));
}

TEST(parse_decimal, takes_eighteen_decimals_and_no_more) {
  EXPECT_EQ(*parse_decimal("0.000000000000000001"), (Decimal{1, 18}));
  EXPECT_EQ(*parse_decimal("9.223372036854775807"), (Decimal{most, 18}));
  EXPECT_EQ(parse_decimal("0.0000000000000000001").error(), DecimalError::too_many_decimals);
}

TEST(parse_decimal, refuses_a_mantissa_beyond_64_bits) {
  EXPECT_EQ(parse_decimal("9.223372036854775808").error(), DecimalError::out_of_range);
  EXPECT_EQ(*parse_decimal("-9.223372036854775808"), (Decimal{least, 18}));
}

TEST(format_fixed, writes_every_decimal_of_the_field) {
  EXPECT_EQ(format_fixed(1250, 3), "1.250");
  EXPECT_EQ(format_fixed(7, 0), "7");
  EXPECT_EQ(format_fixed(0, 0), "0");
  EXPECT_EQ(format_fixed(0, 3), "0.000");
  EXPECT_EQ(format_fixed(5, 3), "0.005");
  EXPECT_EQ(format_fixed(-5, 3), "-0.005");
  EXPECT_EQ(format_fixed(-1250, 3), "-1.250");
}

TEST(format_fixed, writes_both_ends_of_64_bits) {
  EXPECT_EQ(format_fixed(most, 0), "9223372036854775807");
  EXPECT_EQ(format_fixed(least, 0), "-9223372036854775808");
  EXPECT_EQ(format_fixed(least, 18), "-9.223372036854775808");
}

TEST(format_fixed, is_read_back_as_the_same_number) {
  for (int decimals = 0; decimals <= 18; ++decimals)
    for (std::int64_t value :
         {least, least + 1, std::int64_t{-1000}, std::int64_t{-1}, std::int64_t{0}, std::int64_t{1}, std::int64_t{9},
          std::int64_t{10}, std::int64_t{123456789}, most - 1, most})
      EXPECT_EQ(*parse_fixed(format_fixed(value, decimals), decimals), value) << value << " with " << decimals;
}

TEST(power_of_ten, reaches_from_one_to_ten_to_the_eighteenth) {
  EXPECT_EQ(power_of_ten(0), 1);
  EXPECT_EQ(power_of_ten(3), 1000);
  EXPECT_EQ(power_of_ten(18), 1'000'000'000'000'000'000);
}

TEST(power_of_ten, is_a_defect_outside_its_range) {
  EXPECT_THROW(power_of_ten(-1), Defect);
  EXPECT_THROW(power_of_ten(19), Defect);
}

}  // namespace
}  // namespace tanpuhui
