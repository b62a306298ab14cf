#include <gtest/gtest.h>

#include "world.h"

namespace tanpuhui::expr {
namespace {

using world::Column;

/// A record of the world's symbols: all zero but for what the test sets.
std::vector<std::int64_t> record(std::initializer_list<std::pair<Column, std::int64_t>> set) {
  std::vector<std::int64_t> inputs(world::columns);
  inputs[world::persons] = 1, inputs[world::loss] = -1;
  for (auto [column, value] : set) inputs[column] = value;
  return inputs;
}

std::int64_t value_of(std::string_view text, std::string_view unit,
                      std::initializer_list<std::pair<Column, std::int64_t>> set = {}) {
  const auto program = compile_quantity(*parse_formula(text, {}), world::symbols(), world::unit(unit));
  EXPECT_TRUE(program) << text << ": " << (program ? "" : program.error().front().message);
  return program ? program->scalar_signed_quantity(record(set)) : INT64_MIN;
}

bool holds(std::string_view text, std::initializer_list<std::pair<Column, std::int64_t>> set = {}) {
  const auto program = compile_condition(*parse_formula(text, {}), world::symbols());
  EXPECT_TRUE(program) << text << ": " << (program ? "" : program.error().front().message);
  return program && program->scalar(record(set)) != 0;
}

FormulaErrors errors_of(std::string_view text, const Symbols& symbols = world::symbols()) {
  const auto syntax = parse_formula(text, {1, 1});
  if (!syntax) return syntax.error();
  const auto condition = compile_condition(*syntax, symbols);
  const auto quantity = compile_quantity(*syntax, symbols, world::unit("Wh"));
  if (condition || quantity) return {};
  // Whichever form it was meant to be: the one with fewer complaints.
  return condition.error().size() < quantity.error().size() ? condition.error() : quantity.error();
}

/// One error at that column, whose message contains the words.
void expect_error(std::string_view text, int column, std::string_view words) {
  const auto errors = errors_of(text);
  ASSERT_EQ(errors.size(), 1u) << text;
  EXPECT_EQ(errors[0].at, (Position{1, column})) << text << ": " << errors[0].message;
  EXPECT_NE(errors[0].message.find(words), std::string::npos) << errors[0].message;
  EXPECT_FALSE(errors[0].remedy.empty());
}

TEST(choice, takes_the_first_value_where_the_condition_holds) {
  EXPECT_EQ(value_of("if(used_kwh > 1 kWh, 3 Wh, 4 kWh)", "Wh", {{world::used, 1001}}), 3);
  EXPECT_EQ(value_of("if(used_kwh > 1 kWh, 3 Wh, 4 kWh)", "Wh", {{world::used, 1000}}), 4000);
  EXPECT_EQ(value_of("if(2 > 1, used_kwh, 4 kWh)", "Wh", {{world::used, 5}}), 5);
  EXPECT_TRUE(holds("if(fuel == \"petrol\", used_kwh == 0 kWh, used_kwh > 0 kWh)"));
}

TEST(choice, wants_a_condition_and_two_values_of_a_kind) {
  expect_error("if(used_kwh, 1 kWh, 2 kWh)", 1, "if needs a condition");
  expect_error("if(fuel == \"petrol\", 1 kWh, 2 kg)", 1, "energy and mass");
  expect_error("if(fuel == \"petrol\", 1 kWh, 2 > 1)", 1, "energy and a condition");
  expect_error("if(fuel == \"petrol\", 1 kWh)", 27, "\",\" is missing");
}

TEST(extremes, take_two_to_eight_values) {
  EXPECT_EQ(value_of("min(8, 7, 6, 5, 4, 3, 2, 9)", "1"), 2);
  EXPECT_EQ(value_of("max(8, 7, 6, 5, 4, 3, 2, 9)", "1"), 9);
  expect_error("max(1, 2, 3, 4, 5, 6, 7, 8, 9)", 29, "at most 8 values");
}

TEST(roundings, go_where_their_names_say) {
  EXPECT_EQ(value_of("round_down(used_kwh, 0.1 kWh)", "Wh", {{world::used, 1299}}), 1200);
  EXPECT_EQ(value_of("round_up(used_kwh, 0.1 kWh)", "Wh", {{world::used, 1201}}), 1300);
  EXPECT_EQ(value_of("round_up(used_kwh, 0.1 kWh)", "Wh", {{world::used, 1200}}), 1200);
  EXPECT_EQ(value_of("round_half_up(used_kwh, 0.1 kWh)", "Wh", {{world::used, 1249}}), 1200);
  EXPECT_EQ(value_of("round_half_up(used_kwh, 0.1 kWh)", "Wh", {{world::used, 1250}}), 1300);
  EXPECT_EQ(value_of("round_half_up(used_kwh / 2, 1 Wh)", "Wh", {{world::used, 5}}), 3);
  EXPECT_EQ(value_of("round_down(10 kWh, 3 kWh)", "kWh"), 9);
}

TEST(roundings, of_negative_values_go_down_up_or_away_from_zero_at_the_half) {
  EXPECT_EQ(value_of("round_down(-used_kwh, 0.1 kWh)", "Wh", {{world::used, 1201}}), -1300);
  EXPECT_EQ(value_of("round_up(-used_kwh, 0.1 kWh)", "Wh", {{world::used, 1299}}), -1200);
  EXPECT_EQ(value_of("round_half_up(-used_kwh, 0.1 kWh)", "Wh", {{world::used, 1249}}), -1200);
  EXPECT_EQ(value_of("round_half_up(-used_kwh, 0.1 kWh)", "Wh", {{world::used, 1250}}), -1300);
  EXPECT_EQ(value_of("round_half_up(-2.5, 1)", "1"), -3);
}

TEST(roundings, divide_by_a_field) {
  EXPECT_EQ(value_of("round_down(used_kwh / group_person, 1 Wh/person)", "Wh/person",
                     {{world::used, 1000}, {world::persons, 3}}),
            333);
  EXPECT_EQ(value_of("round_up(used_kwh / group_person, 10 Wh/person)", "Wh/person",
                     {{world::used, 1000}, {world::persons, 3}}),
            340);
  EXPECT_EQ(value_of("round_half_up(1 kWh / group_person, 1 Wh/person)", "Wh/person", {{world::persons, 16}}), 63);
}

TEST(roundings, divide_by_a_negative_field) {
  const auto two_to_minus_one_and_a_half = {std::pair{world::used, std::int64_t{15}}, {world::loss, -1}};
  EXPECT_EQ(value_of("round_down(used_kwh / loss_kwh, 1)", "1", two_to_minus_one_and_a_half), -2);
  EXPECT_EQ(value_of("round_up(used_kwh / loss_kwh, 1)", "1", two_to_minus_one_and_a_half), -1);
  EXPECT_EQ(value_of("round_half_up(used_kwh / loss_kwh, 1)", "1", two_to_minus_one_and_a_half), -2);
}

TEST(roundings, want_a_constant_step_of_the_same_unit) {
  expect_error("round_down(used_kwh, previous_kwh)", 1, "constant above zero");
  expect_error("round_down(used_kwh, 0 kWh)", 1, "constant above zero");
  expect_error("round_up(used_kwh, -1 kWh)", 1, "constant above zero");
  expect_error("round_up(used_kwh, 1 kg)", 1, "energy cannot be rounded to multiples of mass");
  expect_error("round_up(used_kwh)", 18, "\",\" is missing");
}

TEST(division, by_a_field_stands_directly_in_a_rounding) {
  expect_error("used_kwh / group_person * 1 person", 10, "inside a rounding");
  expect_error("round_down(used_kwh / group_person * 1 person, 1 Wh)", 21, "inside a rounding");
  EXPECT_NE(errors_of("used_kwh / group_person * 1 person")[0].remedy.find("round_down(a / b, step)"),
            std::string::npos);
}

TEST(division, wants_a_divisor_that_cannot_be_zero) {
  expect_error("round_down(used_kwh / distance_km, 1 Wh/km) * 1 km", 21, "may be zero");
  EXPECT_EQ(value_of("round_down(used_kwh / max(distance_km, 1 m), 1 Wh/km)", "Wh/km", {{world::used, 7}}), 7000);
}

TEST(words, are_compared_with_words_in_quotes) {
  EXPECT_TRUE(holds("fuel == \"diesel\"", {{world::fuel, 1}}));
  EXPECT_FALSE(holds("fuel == \"diesel\""));
  EXPECT_TRUE(holds("\"diesel\" != fuel"));
}

TEST(words, are_nothing_to_calculate_with) {
  expect_error("fuel == \"petrl\"", 6, "\"petrl\" is not in the list fuel_kind");
  expect_error("fuel == 1", 6, "cannot be compared");
  expect_error("\"petrol\" == \"petrol\"", 10, "cannot be compared");
  expect_error("fuel < \"petrol\"", 6, "cannot be calculated with");
  expect_error("fuel + 1 > 0", 6, "cannot be calculated with");
  expect_error("fuel and 1 > 0", 6, "join conditions");
  expect_error("used_kwh > \"petrol\"", 10, "cannot be calculated with");
  expect_error("fuel", 1, "a word of a list");
  expect_error("fuel == \"petrol", 9, "opens no word");
  expect_error("fuel == \"\"", 9, "opens no word");
  EXPECT_NE(errors_of("fuel == \"petrl\"")[0].remedy.find("\"petrol\" \"diesel\""), std::string::npos);
}

TEST(tables, are_looked_up_by_a_field_of_words) {
  EXPECT_EQ(value_of("tank_l * per_l[fuel]", "mgCO2e", {{world::litres, 150}}), 3'450'000);
  EXPECT_EQ(value_of("tank_l * per_l[fuel]", "mgCO2e", {{world::litres, 150}, {world::fuel, 1}}), 3'900'000);
}

TEST(tables, refuse_what_is_no_word_of_their_list) {
  expect_error("per_l[used_kwh] > 0 gCO2e/L", 7, "neither a field of words");
  expect_error("per_l[engine] > 0 gCO2e/L", 7, "neither a field of words");
  expect_error("factor_of[fuel] > 0", 11, "a word of fuel_kind, but factor_of goes by material");
  expect_error("used_kwh[fuel] > 0 kWh", 1, "no value for each word");
  expect_error("per_l > 0 gCO2e/L", 1, "a value for each word");
  expect_error("per_l[\"petrol\"] > 0 gCO2e/L", 7, "nothing to look up by");
}

TEST(sums, add_a_term_for_each_word) {
  // 1 kg at 3.6, 3 kg at 1/3, glass counts nothing: 3.6 + 1 kg.
  EXPECT_EQ(value_of("sum(m in material, mass_kg[m] * factor_of[m])", "gCO2e",
                     {{world::clothes, 1000}, {world::paper, 3000}, {world::glass, 9000}}),
            4600);
  EXPECT_EQ(value_of("sum(x in material, 2)", "1"), 6);
  EXPECT_EQ(value_of("sum(a in material, sum(b in material, mass_kg[a] - mass_kg[b]) + mass_kg[a])", "g",
                     {{world::clothes, 10}, {world::paper, 7}}),
            17);
}

TEST(sums, take_only_words_of_the_list_they_run_over) {
  expect_error("sum(m in colours, 1 kWh)", 10, "no list \"colours\"");
  expect_error("sum(f in fuel_kind, mass_kg[f]) > 0 kg", 29, "a word of fuel_kind, but mass_kg goes by material");
  expect_error("mass_kg > 0 kg", 1, "a value for each word");
  expect_error("mass_kg[m] > 0 kg", 9, "nor the variable of a sum");
  expect_error("sum(kind in material, kind * 1 kWh)", 23, "stands for a word");
  expect_error("sum(m in material, mass_kg[m] > 1 kg) > 0", 1, "a sum adds numbers");
  expect_error("sum(m in material, sum(m in material, mass_kg[m])) > 0 kg", 20, "already the variable");
  expect_error("sum(round_up in material, 1)", 5, "cannot be the variable");
  expect_error("sum(m of material, 1)", 7, "\"in\" is missing");
  expect_error("sum(mass_kg)", 12, "\"in\" is missing");
}

TEST(sums, report_an_error_in_their_body_once) { expect_error("sum(m in material, mass_kg[m] + 1 kWh)", 31, "mass"); }

TEST(functions, are_a_closed_list) {
  expect_error("square(used_kwh)", 1, "no function");
  expect_error("if", 1, "reserved");
}

TEST(names, stand_for_what_their_formula_gives) {
  EXPECT_EQ(value_of("saved_kwh * 2", "Wh", {{world::previous, 7000}, {world::used, 400}}), 1200);
  EXPECT_TRUE(holds("thrifty", {{world::previous, 7000}}));
  EXPECT_FALSE(holds("thrifty", {{world::previous, 7000}, {world::fuel, 1}}));
}

TEST(names, are_calculated_once) {
  const Symbols symbols = world::symbols();
  const auto operations = [&](std::string_view text) {
    return compile_quantity(*parse_formula(text, {}), symbols, world::unit("Wh*Wh"))->operations.size();
  };
  const std::size_t once = operations("saved_kwh * 1 Wh");
  EXPECT_EQ(operations("saved_kwh * saved_kwh"), once + 1);
  EXPECT_EQ(operations("(previous_kwh / 7 - used_kwh) * saved_kwh"), once + 1);
}

TEST(names, use_only_what_stands_above_them) {
  Symbols symbols = world::symbols();
  symbols.names = {{"first", *parse_formula("second + 1 kWh", {30, 5})},
                   {"second", *parse_formula("2 kWh + second", {31, 5})},
                   {"third", *parse_formula("first + unknown", {32, 5})},
                   {"fourth", *parse_formula("3 kg + 1 kWh", {33, 5})},
                   {"fifth", *parse_formula("fuel", {34, 5})}};
  const auto errors = check_names(symbols);
  ASSERT_EQ(errors.size(), 5u);
  EXPECT_EQ(errors[0].at, (Position{30, 5}));
  EXPECT_NE(errors[0].message.find("does not stand above"), std::string::npos);
  EXPECT_EQ(errors[1].at, (Position{31, 13}));
  EXPECT_EQ(errors[2].at, (Position{32, 13}));
  EXPECT_NE(errors[2].message.find("neither a field nor a parameter"), std::string::npos);
  EXPECT_EQ(errors[3].at, (Position{33, 10}));
  EXPECT_EQ(errors[4].at, (Position{34, 5}));
}

TEST(names, that_are_wrong_spoil_only_formulas_that_use_them) {
  Symbols symbols = world::symbols();
  symbols.names.push_back({"wrong", *parse_formula("1 kWh + 1 kg", {40, 1})});
  EXPECT_TRUE(errors_of("used_kwh", symbols).empty());
  const auto errors = errors_of("wrong + wrong", symbols);
  ASSERT_EQ(errors.size(), 1u);
  EXPECT_EQ(errors[0].at, (Position{40, 7}));
}

TEST(errors, come_several_at_a_time) {
  EXPECT_EQ(errors_of("sum(m in colours, 1 kWh) + per_l[engine] + used_kwh / group_person").size(), 3u);
}

TEST(integers, are_divided_within_their_width) {
  constexpr std::int64_t least = INT64_MIN, most = INT64_MAX;
  EXPECT_EQ(divide_down(least, most), -2);
  EXPECT_EQ(divide_up(least, most), -1);
  EXPECT_EQ(divide_half_up(least, most), -1);
  EXPECT_EQ(divide_half_up(most, most), 1);
  EXPECT_EQ(divide_half_up(most / 2, most), 0);
  EXPECT_EQ(divide_half_up(most / 2 + 1, most), 1);
  EXPECT_EQ(divide_half_up(least, std::int64_t{1}), least);
  EXPECT_EQ(divide_half_up(int128_min, int128{2}), int128_min / 2);
  EXPECT_EQ(divide_half_up(int128_min + 1, int128{2}), int128_min / 2);
  EXPECT_EQ(divide_down(int128_max, int128_max), 1);
  EXPECT_EQ(divide_up(int128_min, int128_max), -1);
}

/// `a` and `b` take all of 64 bits.
Symbols full_width() {
  Symbols symbols;
  symbols.inputs = {{"a_count", world::unit("count"), 0, INT64_MIN, INT64_MAX},
                    {"b_count", world::unit("count"), 0, 1, INT64_MAX}};
  return symbols;
}

std::int64_t at_the_edge(std::string_view text, std::string_view unit, std::int64_t a, std::int64_t b) {
  const auto program = compile_quantity(*parse_formula(text, {}), full_width(), world::unit(unit));
  EXPECT_TRUE(program) << text << ": " << (program ? "" : program.error().front().message);
  if (!program) return 0;
  const std::int64_t* columns[] = {&a, &b};
  std::int64_t out = 0;
  program->signed_quantity_block(columns, 0, 1, *std::make_unique<Workspace>(), &out);
  EXPECT_EQ(out, program->scalar_signed_quantity(std::vector{a, b}));
  return out;
}

TEST(ranges, may_fill_64_and_128_bits) {
  EXPECT_EQ(at_the_edge("round_down(a_count / b_count, 1)", "1", INT64_MIN, 1), INT64_MIN);
  EXPECT_EQ(at_the_edge("round_half_up(a_count / b_count, 1)", "1", INT64_MIN, INT64_MAX), -1);
  EXPECT_EQ(
      at_the_edge("if(round_up(a_count * b_count / b_count, 1 count) == a_count, 1, 0)", "1", INT64_MIN, INT64_MAX), 1);
  EXPECT_EQ(at_the_edge("if(a_count * b_count > 0 count*count, a_count, -a_count - 1 count)", "count", INT64_MIN, 9),
            INT64_MAX);
}

TEST(ranges, that_may_leave_128_bits_are_refused_where_they_do) {
  const auto condition = [](std::string_view text) {
    const auto program = compile_condition(*parse_formula(text, {1, 1}), full_width());
    EXPECT_FALSE(program) << text;
    return program ? FormulaError{} : program.error().at(0);
  };
  EXPECT_EQ(condition("a_count * a_count * 4 > b_count * b_count * 3.1").at, (Position{1, 23}));
  EXPECT_EQ(condition("round_up(a_count * b_count / 7, 1.1 count*count) > 0 count*count").at, (Position{1, 1}));
  EXPECT_EQ(condition("a_count * b_count * b_count > 0 count*count*count").at, (Position{1, 19}));
}

TEST(ranges, of_a_result_beyond_64_bits_are_refused_at_both_ends) {
  for (const char* text : {"a_count * 2", "min(a_count, 0 count) * 2", "max(a_count, 0 count) * 2"}) {
    const auto program = compile_quantity(*parse_formula(text, {1, 1}), full_width(), world::unit("count"));
    ASSERT_FALSE(program) << text;
    EXPECT_NE(program.error()[0].message.find("64 bits"), std::string::npos);
  }
}

TEST(columns, follow_the_inputs_and_the_words_of_their_lists) {
  const Symbols symbols = world::symbols();
  EXPECT_EQ(column_of(symbols, 2), 2u);
  EXPECT_EQ(column_of(symbols, 3), 5u);
  EXPECT_EQ(column_of(symbols, symbols.inputs.size()), std::size_t{world::columns});
}

}  // namespace
}  // namespace tanpuhui::expr
