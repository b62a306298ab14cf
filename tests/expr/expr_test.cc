#include <memory>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "expr/compile.h"

namespace tanpuhui::expr {
namespace {

Input input(const std::string& name, const std::string& unit, int decimals, std::int64_t min, std::int64_t max) {
  return {name, *parse_unit(unit), decimals, min, max};
}

Symbols ride() {
  Symbols symbols;
  symbols.inputs = {input("distance_km", "km", 3, 0, 1'000'000), input("duration", "s", 3, 0, 14'400'000'000)};
  symbols.constants = {{"factor", *make_exact(6237, 100), parse_unit("mgCO2e/m")->dimension}};
  return symbols;
}

FormulaErrors errors_of(std::string_view text, const Symbols& symbols = ride(), Position origin = {}) {
  const auto syntax = parse_formula(text, origin);
  if (!syntax) return syntax.error();
  const auto program = compile_quantity(*syntax, symbols, *parse_unit("mgCO2e"));
  return program ? FormulaErrors{} : program.error();
}

FormulaErrors condition_errors(std::string_view text, const Symbols& symbols = ride()) {
  const auto syntax = parse_formula(text, {});
  if (!syntax) return syntax.error();
  const auto program = compile_condition(*syntax, symbols);
  return program ? FormulaErrors{} : program.error();
}

Program quantity(std::string_view text, const Symbols& symbols, std::string_view unit) {
  auto program = compile_quantity(*parse_formula(text, {}), symbols, *parse_unit(unit));
  EXPECT_TRUE(program) << text << ": " << (program ? "" : program.error().front().message);
  return program ? *program : Program{};
}

std::int64_t value_of(std::string_view text, std::string_view unit, std::vector<std::int64_t> inputs = {0, 0}) {
  return quantity(text, ride(), unit).scalar_quantity(inputs);
}

bool holds(std::string_view text, std::vector<std::int64_t> inputs = {0, 0}) {
  const auto program = compile_condition(*parse_formula(text, {}), ride());
  EXPECT_TRUE(program) << text << ": " << (program ? "" : program.error().front().message);
  return program && program->scalar(inputs) != 0;
}

TEST(units, convert_exactly) {
  EXPECT_EQ(value_of("1 kWh", "Wh"), 1000);
  EXPECT_EQ(value_of("3 km/h", "m/h"), 3000);
  EXPECT_EQ(value_of("1 day", "min"), 1440);
  EXPECT_EQ(value_of("0.5 tCO2e", "mgCO2e"), 500'000'000);
  EXPECT_EQ(value_of("2 m3", "L"), 2000);
  EXPECT_EQ(value_of("0.5 kgCO2e/kWh * 3 MWh", "tCO2e"), 1);
}

TEST(units, keep_co2e_apart_from_other_mass) { EXPECT_FALSE(errors_of("1 gCO2e + 1 g").empty()); }

TEST(units, refuse_what_they_do_not_know) {
  EXPECT_FALSE(parse_unit("miles"));
  EXPECT_FALSE(parse_unit(""));
  EXPECT_FALSE(parse_unit("km/"));
  EXPECT_FALSE(parse_unit("km//h"));
  EXPECT_FALSE(parse_unit("m3*m3*m3*m3"));
}

TEST(units, are_described_in_words) {
  EXPECT_EQ(describe(parse_unit("gCO2e/km")->dimension), "CO2e mass/length");
  EXPECT_EQ(describe(parse_unit("1")->dimension), "number without unit");
  EXPECT_EQ(describe(parse_unit("count/person/day")->dimension), "count/(time*person)");
}

TEST(formulas, follow_the_usual_precedence) {
  EXPECT_EQ(value_of("2 + 3 * 4", "1"), 14);
  EXPECT_EQ(value_of("(2 + 3) * 4", "1"), 20);
  EXPECT_EQ(value_of("20 - 3 - 4", "1"), 13);
  EXPECT_EQ(value_of("-2 + 5", "1"), 3);
  EXPECT_EQ(value_of("24 / 4 / 2", "1"), 3);
  EXPECT_TRUE(holds("1 > 2 and 1 > 2 or 2 > 1"));
  EXPECT_FALSE(holds("not 2 > 1"));
}

TEST(formulas, take_the_least_and_the_largest) {
  EXPECT_EQ(value_of("min(3, 2, 7)", "1"), 2);
  EXPECT_EQ(value_of("max(distance_km, 2 km)", "m", {1500, 0}), 2000);
  EXPECT_EQ(value_of("min(distance_km, 2 km)", "m", {1500, 0}), 1500);
  EXPECT_EQ(value_of("max(distance_km, 2000 km)", "km", {1500, 0}), 2000);
}

TEST(formulas, tell_the_minute_from_the_function) { EXPECT_EQ(value_of("min(1 min, 90 s)", "s"), 60); }

TEST(formulas, compare_at_the_exact_limit) {
  EXPECT_TRUE(holds("distance_km >= 3 km/h * duration", {12'000, 14'400'000}));
  EXPECT_FALSE(holds("distance_km >= 3 km/h * duration", {11'999, 14'400'000}));
  EXPECT_FALSE(holds("distance_km >= 3 km/h * duration", {12'000, 14'400'001}));
  EXPECT_TRUE(holds("distance_km == 0.3 km", {300, 0}));
  EXPECT_TRUE(holds("distance_km != 0.3 km", {301, 0}));
  EXPECT_FALSE(holds("distance_km < 0.3 km", {300, 0}));
  EXPECT_FALSE(holds("distance_km > 0.3 km", {300, 0}));
}

TEST(formulas, round_nothing_before_the_end) {
  EXPECT_EQ(value_of("distance_km * factor", "mgCO2e", {1, 0}), 62);
  EXPECT_EQ(value_of("distance_km / 3 * 3", "m", {1, 0}), 1);
  EXPECT_EQ(value_of("(distance_km / 3 + distance_km / 7) * 21", "m", {1, 0}), 10);
}

TEST(formulas, give_zero_for_a_negative_result) {
  EXPECT_EQ(value_of("distance_km - 1 km", "m", {1, 0}), 0);
  EXPECT_EQ(value_of("distance_km * -1", "m", {1, 0}), 0);
}

TEST(formulas, stay_exact_at_the_ends_of_64_bits) {
  Symbols symbols;
  symbols.inputs = {input("a_mgco2e", "mgCO2e", 0, INT64_MIN, INT64_MAX)};
  const Program same = quantity("a_mgco2e", symbols, "mgCO2e");
  EXPECT_EQ(same.scalar_quantity(std::vector<std::int64_t>{INT64_MAX}), INT64_MAX);
  const Program widened = quantity("(a_mgco2e * 7 + 3 mgCO2e) / 7", symbols, "mgCO2e");
  EXPECT_EQ(widened.scalar_quantity(std::vector<std::int64_t>{INT64_MAX - 1}), INT64_MAX - 1);
}

TEST(formulas, refuse_a_result_that_may_not_fit) {
  Symbols symbols;
  symbols.inputs = {input("a_tco2e", "tCO2e", 0, 0, INT64_MAX)};
  const auto errors = errors_of("a_tco2e", symbols);
  ASSERT_EQ(errors.size(), 1u);
  EXPECT_NE(errors[0].message.find("64 bits"), std::string::npos);
}

TEST(formulas, refuse_a_step_that_may_not_fit) {
  Symbols symbols;
  symbols.inputs = {input("a_count", "count", 0, 0, INT64_MAX)};
  const auto errors = condition_errors("a_count * a_count * a_count > 0 count*count*count", symbols);
  ASSERT_EQ(errors.size(), 1u);
  EXPECT_EQ(errors[0].at, (Position{1, 19}));
  EXPECT_NE(errors[0].message.find("128 bits"), std::string::npos);
}

TEST(formulas, refuse_constants_that_do_not_fit) {
  std::string text = "1";
  for (int i = 0; i < 10; ++i) text += " * 999999999999999999";
  EXPECT_FALSE(errors_of(text).empty());
}

TEST(formulas, name_line_and_column_of_a_wrong_sum) {
  const auto errors = errors_of("distance_km * factor\n  + distance_km", ride(), {7, 15});
  ASSERT_EQ(errors.size(), 1u);
  EXPECT_EQ(errors[0].at, (Position{8, 3}));
  EXPECT_EQ(errors[0].message, "CO2e mass and length cannot be added or compared");
  EXPECT_FALSE(errors[0].remedy.empty());
}

TEST(formulas, count_columns_from_where_the_text_stands) {
  EXPECT_EQ(errors_of("distance_km + speed", ride(), {7, 15})[0].at, (Position{7, 29}));
}

TEST(formulas, report_several_errors_in_one_pass) {
  EXPECT_EQ(errors_of("(distance_km + 1 g) * (speed + duration) + colour").size(), 3u);
}

TEST(formulas, refuse_division_by_a_field) {
  const auto errors = condition_errors("distance_km / duration >= 3 km/h");
  ASSERT_EQ(errors.size(), 1u);
  EXPECT_NE(errors[0].remedy.find("3 km/h * duration"), std::string::npos);
}

TEST(formulas, refuse_division_by_zero) { EXPECT_FALSE(errors_of("factor * distance_km / (2 - 2)").empty()); }

TEST(formulas, refuse_a_result_of_another_unit) {
  EXPECT_FALSE(errors_of("distance_km").empty());
  EXPECT_FALSE(errors_of("distance_km > 1 km").empty());
  EXPECT_FALSE(condition_errors("distance_km").empty());
  EXPECT_FALSE(condition_errors("distance_km and duration > 1 s").empty());
  EXPECT_FALSE(condition_errors("(1 > 2) + 1 > 0").empty());
}

TEST(formulas, refuse_broken_text) {
  for (const char* text : {"",          "  ",       "1 +",   "(1",       "1)",
                           "min(1)",    "min(1, 2", "1 2",   "km",       "if",
                           "1 < 2 < 3", "a = b",    "1.",    "1..2",     "007",
                           "3 parsecs", "1e5",      "2 ^ 3", "\x80\xff", "公里",
                           "a $ b",     ",",        "* 2",   "not",      "1234567890123456789012"})
    EXPECT_FALSE(errors_of(text).empty()) << text;
}

TEST(formulas, refuse_ten_thousand_parentheses) {
  EXPECT_NE(errors_of(std::string(10'000, '('))[0].message.find("4096"), std::string::npos);
  EXPECT_NE(errors_of(std::string(4'000, '('))[0].message.find("nested"), std::string::npos);
  EXPECT_NE(errors_of(std::string(4'000, '-') + "1")[0].message.find("nested"), std::string::npos);
}

TEST(formulas, take_a_long_sum_without_growing_a_stack) {
  std::string text = "1";
  for (int i = 0; i < 1000; ++i) text += " +1";
  EXPECT_EQ(value_of(text, "1"), 1001);
}

TEST(formulas, have_one_canonical_text) {
  EXPECT_EQ(parse_formula(" a*( b -\n c )", {})->canonical, parse_formula("a * (b-c)", {})->canonical);
  EXPECT_EQ(parse_formula("a*(b-c)", {})->canonical, "a * ( b - c )");
}

/// Every operation, narrow and wide, over more than one block, against the scalar walk.
class Columns : public testing::TestWithParam<const char*> {};

Symbols mixed() {
  Symbols symbols;
  symbols.inputs = {input("x_km", "km", 3, -1'000'000, 1'000'000),
                    input("y_km", "km", 6, -1'000'000'000, 1'000'000'000),
                    input("z_km", "km", 0, INT64_MIN / 4, INT64_MAX / 4)};
  return symbols;
}

std::vector<std::vector<std::int64_t>> random_columns(const Symbols& symbols, std::size_t rows) {
  std::mt19937_64 random(20250101);
  std::vector<std::vector<std::int64_t>> columns;
  for (const Input& each : symbols.inputs) {
    std::uniform_int_distribution<std::int64_t> any(each.min, each.max), near(-3, 3);
    columns.emplace_back();
    for (std::size_t row = 0; row < rows; ++row) columns.back().push_back(row % 3 == 0 ? near(random) : any(random));
  }
  return columns;
}

TEST_P(Columns, equal_the_scalar_form) {
  const Symbols symbols = mixed();
  const auto syntax = parse_formula(GetParam(), {});
  ASSERT_TRUE(syntax);
  const auto condition = compile_condition(*syntax, symbols);
  const auto quantity = compile_quantity(*syntax, symbols, *parse_unit("km"));
  ASSERT_TRUE(condition || quantity) << quantity.error().front().message;
  constexpr std::size_t rows = 2 * block_size + 17;
  const auto columns = random_columns(symbols, rows);
  const std::int64_t* pointers[] = {columns[0].data(), columns[1].data(), columns[2].data()};
  std::vector<std::int64_t> out(rows);
  auto workspace = std::make_unique<Workspace>();
  for (std::size_t first = 0; first < rows; first += block_size) {
    const std::size_t count = std::min(block_size, rows - first);
    if (condition)
      condition->condition_block(pointers, first, count, *workspace, out.data() + first);
    else
      quantity->quantity_block(pointers, first, count, *workspace, out.data() + first);
  }
  for (std::size_t row = 0; row < rows; ++row) {
    const std::vector<std::int64_t> inputs = {columns[0][row], columns[1][row], columns[2][row]};
    ASSERT_EQ(out[row], condition ? std::int64_t(condition->scalar(inputs)) : quantity->scalar_quantity(inputs)) << row;
  }
}

INSTANTIATE_TEST_SUITE_P(formulas, Columns,
                         testing::Values("x_km", "-x_km", "x_km + y_km", "x_km - 3 * y_km / 7", "min(x_km, y_km, 2 km)",
                                         "max(x_km, 5 km - y_km) / 1024", "z_km", "z_km / 3 + x_km", "z_km * 2 - z_km",
                                         "min(z_km * 3, x_km * 1000)", "x_km < y_km", "x_km <= 0 km", "1 km > x_km",
                                         "x_km * y_km >= 1 km*km", "x_km * x_km == y_km * y_km", "z_km != x_km",
                                         "1 > 2", "not x_km < y_km and (y_km < 0 km or z_km >= 1 km)", "x_km / 6.02",
                                         "7 km"));

}  // namespace
}  // namespace tanpuhui::expr
