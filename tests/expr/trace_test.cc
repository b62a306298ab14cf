#include <gtest/gtest.h>

#include "world.h"

namespace tanpuhui::expr {
namespace {

/// text [stands for] = value, a line a step.
std::string worked(std::string_view text, std::initializer_list<std::pair<world::Column, std::int64_t>> set) {
  std::vector<std::int64_t> inputs(world::columns);
  inputs[world::persons] = 1, inputs[world::loss] = -1;
  for (auto [column, value] : set) inputs[column] = value;
  std::string lines;
  for (const Step& step : trace(*parse_formula(text, {1, 1}), world::symbols(), inputs))
    lines += step.text + (step.stands_for.empty() ? "" : " [" + step.stands_for + "]") + " = " + step.value + "\n";
  return lines;
}

TEST(a_trace, shows_each_operation_after_its_operands) {
  EXPECT_EQ(worked("distance_km*(metro + 1 gCO2e/km)", {{world::distance, 12'400}}),
            "distance_km = 12.4 km\n"
            "metro = 46.7 gCO2e/km\n"
            "metro + 1 gCO2e / km = 47.7 gCO2e/km\n"
            "distance_km * ( metro + 1 gCO2e / km ) = 591.48 gCO2e\n");
}

TEST(a_trace, begins_with_the_names_it_needs) {
  EXPECT_EQ(worked("thrifty", {{world::previous, 1000}, {world::fuel, 1}}),
            "previous_kwh = 1 kWh\n"
            "previous_kwh / 7 = 1/7 kWh\n"
            "used_kwh = 0 kWh\n"
            "previous_kwh / 7 - used_kwh = 1/7 kWh\n"
            "saved_kwh [previous_kwh / 7 - used_kwh] = 1/7 kWh\n"
            "saved_kwh > 0 kWh = true\n"
            "fuel = diesel\n"
            "fuel != \"diesel\" = false\n"
            "saved_kwh > 0 kWh and fuel != \"diesel\" = false\n"
            "thrifty [saved_kwh > 0 kWh and fuel != \"diesel\"] = false\n"
            "thrifty = false\n");
}

TEST(a_trace, says_which_word_is_looked_up) {
  EXPECT_EQ(worked("tank_l * per_l[fuel]", {{world::litres, 50}}),
            "tank_l = 0.5 L\n"
            "per_l [ fuel ] [fuel = \"petrol\"] = 2300 gCO2e/L\n"
            "tank_l * per_l [ fuel ] = 1150 gCO2e\n");
}

TEST(a_trace, shows_the_terms_of_a_sum) {
  EXPECT_EQ(worked("sum(m in material, mass_kg[m] * factor_of[m])", {{world::clothes, 1000}, {world::paper, 2000}}),
            "mass_kg [ m ] [m = \"clothes\"] = 1 kg\n"
            "factor_of [ m ] [m = \"clothes\"] = 3600 gCO2e/kg\n"
            "mass_kg [ m ] * factor_of [ m ] = 3600 gCO2e\n"
            "mass_kg [ m ] [m = \"paper\"] = 2 kg\n"
            "factor_of [ m ] [m = \"paper\"] = 1000/3 gCO2e/kg\n"
            "mass_kg [ m ] * factor_of [ m ] = 2000/3 gCO2e\n"
            "mass_kg [ m ] [m = \"glass\"] = 0 kg\n"
            "factor_of [ m ] [m = \"glass\"] = 0 gCO2e/kg\n"
            "mass_kg [ m ] * factor_of [ m ] = 0 gCO2e\n"
            "sum ( m in material , mass_kg [ m ] * factor_of [ m ] ) = 12800/3 gCO2e\n");
}

TEST(a_trace, shows_min_of_many_as_one_step) {
  EXPECT_EQ(worked("min(used_kwh, 3 kWh, 2 kWh)", {{world::used, 4000}}),
            "used_kwh = 4 kWh\n"
            "min ( used_kwh , 3 kWh , 2 kWh ) = 2 kWh\n");
}

TEST(a_trace, of_a_bare_number_is_that_number) { EXPECT_EQ(worked("7 kWh", {}), "7 kWh = 7 kWh\n"); }

TEST(a_trace, admits_what_it_cannot_hold) {
  EXPECT_NE(worked("wide_kwh * wide_kwh * 1000000 > 0 kWh*kWh", {{world::wide, INT64_MAX / 4}}).find("beyond 128 bits"),
            std::string::npos);
}

TEST(shown_values, are_decimals_where_they_end_and_fractions_where_not) {
  EXPECT_EQ(decimal_or_fraction({-1, 8}), "-0.125");
  EXPECT_EQ(decimal_or_fraction({-7, 3}), "-7/3");
  EXPECT_EQ(decimal_or_fraction({-25, 2}), "-12.5");
  EXPECT_EQ(decimal_or_fraction({0, 1}), "0");
  EXPECT_EQ(decimal_or_fraction({int128_max, 1}), "170141183460469231731687303715884105727");
}

TEST(shown_units, are_the_usual_ones) {
  const auto text = [](std::string_view unit) { return shown_unit(parse_unit(unit)->dimension).text; };
  EXPECT_EQ(text("tCO2e/m"), "gCO2e/km");
  EXPECT_EQ(text("m2"), "m2");
  EXPECT_EQ(text("1/m3"), "1/L");
  EXPECT_EQ(text("Wh/person/day"), "kWh/s/person");
  EXPECT_EQ(text("1"), "");
  EXPECT_EQ(show({1, 1}, Dimension{0, 7}), "1 mg*mg*mg*mg*mg*mg*mg");
}

}  // namespace
}  // namespace tanpuhui::expr
