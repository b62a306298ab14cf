/// One methodology for each shape of formula that published texts have. Results are computed by hand beside the
/// vectors; loading refuses a file whose vectors do not come out, `computed` also runs them through columns.
#include "sample.h"

namespace tanpuhui {
namespace {

using Milligram = std::int64_t;

std::string list(const std::string& name, const std::vector<std::string>& words) {
  std::string out = "[[list]]\nname = \"" + name + "\"\nwords = [\n";
  for (const std::string& word : words)
    out += "  { id = \"" + word + "\", zh = \"" + word + "\", en = \"" + word + "\" },\n";
  return out + "]\n";
}

std::string per(const std::string& field, const std::string& list_name) {
  return field + "per = \"" + list_name + "\"\n";
}

std::string word(const std::string& name, const std::string& list_name) {
  return "[[field]]\nname = \"" + name + "\"\nlist = \"" + list_name + "\"\n";
}

std::string table(const std::string& name, const std::string& list_name, const std::string& unit,
                  const std::vector<std::pair<std::string, std::string>>& rows) {
  std::string out =
      "[[table]]\nname = \"" + name + "\"\nlist = \"" + list_name + "\"\nunit = \"" + unit + "\"\nrow = [\n";
  for (const auto& [key, value] : rows)
    out += "  { word = \"" + key + "\", value = \"" + value +
           "\", from = 2024-09-30, region = \"320000\", source = \"a source\", trust = \"calculated\" },\n";
  return out + "]\n";
}

std::string let(const std::string& name, const std::string& expression) {
  return "[[let]]\nname = \"" + name + "\"\nexpression = '" + expression + "'\n";
}

std::string reference(const std::string& name, const std::string& of, int days, const std::string& unit) {
  return "[[reference]]\nname = \"" + name + "\"\nkind = \"own_sum\"\nof = \"" + of +
         "\"\ndays = " + std::to_string(days) + "\nunit = \"" + unit +
         "\"\ndecimals = 3\nmin = \"0\"\nmax = \"100000\"\n";
}

TEST(shape, f1_distance_times_difference_of_factors) {
  SampleFile file;
  file.body =
      number("distance_km", "km", 3, "1000") + factor("general", "130", "gCO2e/km") + factor("metro", "33", "gCO2e/km");
  file.reduction = "baseline = 'distance_km * general'\nproject = 'distance_km * metro'";
  // 12.4 x 97 = 1202.8 g; 0.001 x 97 = 0.097 g
  file.vectors = accepted("distance_km = '12.4'", "1202800") + accepted("distance_km = '0.001'", "97") +
                 refused("distance_km = '1'");
  EXPECT_EQ(computed(loaded(file)), (std::vector<Milligram>{1'202'800, 97}));
}

TEST(shape, f2_fixed_amount_an_act) {
  SampleFile file;
  file.body = number("trips_count", "count", 0, "12") + factor("trip", "0.5155", "kgCO2e/count");
  file.reduction = "expression = 'trips_count * trip'";
  // 515.5 g; 3 x 515.5 = 1546.5 g
  file.vectors =
      accepted("trips_count = '1'", "515500") + accepted("trips_count = '3'", "1546500") + refused("trips_count = '1'");
  EXPECT_EQ(computed(loaded(file)), (std::vector<Milligram>{515'500, 1'546'500}));
}

TEST(shape, f3_consumption_against_a_baseline_of_persons) {
  SampleFile file;
  file.body = number("used_kwh", "kWh", 2, "100000") + number("persons_person", "person", 0, "20") +
              factor("norm", "2.5", "kWh/person") + factor("grid", "0.5827", "kgCO2e/kWh");
  file.reduction = "baseline = 'persons_person * norm * grid'\nproject = 'used_kwh * grid'";
  // (3 x 2.5 - 5.2) x 582.7 = 1340.21 g; (2.5 - 9) is below zero
  file.vectors = accepted("used_kwh = '5.2', persons_person = '3'", "1340210") +
                 accepted("used_kwh = '9', persons_person = '1'", "0") +
                 refused("used_kwh = '0', persons_person = '1'");
  EXPECT_EQ(computed(loaded(file)), (std::vector<Milligram>{1'340'210, 0}));
}

TEST(shape, f4_generation_from_two_readings_of_a_meter) {
  SampleFile file;
  file.kind = "project", file.negative = "carry";
  file.body = number("reading_from_kwh", "kWh", 2, "10000000") + number("reading_until_kwh", "kWh", 2, "10000000") +
              factor("grid", "0.5827", "kgCO2e/kWh");
  file.reduction = "expression = '(reading_until_kwh - reading_from_kwh) * grid'";
  // 31.5 x 582.7 = 18355.05 g; -0.01 x 582.7 = -5.827 g, kept
  file.vectors = accepted("reading_from_kwh = '100', reading_until_kwh = '131.5'", "18355050") +
                 accepted("reading_from_kwh = '0.01', reading_until_kwh = '0'", "-5827") +
                 refused("reading_from_kwh = '0', reading_until_kwh = '0'");
  EXPECT_EQ(computed(loaded(file)), (std::vector<Milligram>{18'355'050, -5'827}));
}

TEST(shape, f5_fuel_against_electricity_with_losses) {
  SampleFile file;
  file.body = number("distance_km", "km", 1, "2000") + factor("fuel_use", "0.073", "L/km") +
              factor("petrol", "2.37", "kgCO2e/L") + factor("electricity_use", "0.14", "kWh/km") +
              factor("grid", "0.5827", "kgCO2e/kWh") + factor("loss", "0.05", "1");
  file.reduction =
      "baseline = 'distance_km * fuel_use * petrol'\n"
      "project = 'distance_km * electricity_use * grid / (1 - loss)'";
  // 100 km: 17301 - 8157.8 / 0.95 = 17301 - 8587.157894... = 8713.842105... g
  // 9.5 km: 1643.595 - 774.991 / 0.95 = 1643.595 - 815.78 = 827.815 g
  file.vectors = accepted("distance_km = '100'", "8713842") + accepted("distance_km = '9.5'", "827815") +
                 refused("distance_km = '1'");
  EXPECT_EQ(computed(loaded(file)), (std::vector<Milligram>{8'713'842, 827'815}));
}

TEST(shape, f6_mass_times_factor_of_each_material) {
  SampleFile file;
  file.body = list("material", {"clothes", "paper"}) + per(number("mass_kg", "kg", 3, "500"), "material") +
              table("factor_of", "material", "kgCO2e/kg", {{"clothes", "3.6"}, {"paper", "0.9"}});
  file.reduction = "expression = 'sum(m in material, mass_kg[m] * factor_of[m])'";
  // 2.35 x 3.6 = 8.46 kg; + 1.5 x 0.9 = 9.81 kg. Both ways to write a number for a word.
  file.vectors = accepted("mass_kg = { clothes = '2.35' }", "8460000") +
                 accepted("\"mass_kg.clothes\" = '2.35', \"mass_kg.paper\" = '1.5'", "9810000") +
                 refused("mass_kg = { paper = '1' }");
  const Methodology methodology = loaded(file);
  EXPECT_EQ(computed(methodology), (std::vector<Milligram>{8'460'000, 9'810'000}));
  EXPECT_EQ(methodology.input_names(), (std::vector<std::string>{"mass_kg.clothes", "mass_kg.paper", "duration"}));
}

TEST(shape, f7_production_times_rate_of_substitution) {
  SampleFile file;
  file.body = list("model", {"phone", "tablet"}) + list("newness", {"nearly_new", "used"}) + word("item", "model") +
              word("state", "newness") +
              table("production", "model", "kgCO2e/count", {{"phone", "69.204"}, {"tablet", "100"}}) +
              table("rate", "newness", "1", {{"nearly_new", "0.75"}, {"used", "0.4"}});
  file.reduction = "expression = '1 count * production[item] * rate[state]'";
  // 69.204 x 0.75 = 51.903 kg; 100 x 0.4 = 40 kg
  file.vectors = accepted("item = 'phone', state = 'nearly_new'", "51903000") +
                 accepted("item = 'tablet', state = 'used'", "40000000") + refused("item = 'phone', state = 'used'");
  EXPECT_EQ(computed(loaded(file)), (std::vector<Milligram>{51'903'000, 40'000'000}));
}

TEST(shape, f8_whole_days_not_driven) {
  SampleFile file;
  file.body = factor("daily", "30.5", "km/day") + factor("car", "200", "gCO2e/km");
  file.reduction = "expression = 'round_down(duration, 1 day) * daily * car'";
  // a day: 6.1 kg; a millisecond less than two: the same; three: 18.3 kg
  file.vectors = accepted("", "6100000", "86400") + accepted("", "6100000", "172799.999") +
                 accepted("", "18300000", "259200") + refused("");
  EXPECT_EQ(computed(loaded(file)), (std::vector<Milligram>{6'100'000, 6'100'000, 18'300'000}));
}

TEST(shape, f9_efficiency_before_and_after) {
  SampleFile file;
  file.body = number("heat_kwh", "kWh", 2, "10000") +
              "[[field]]\nname = \"efficiency\"\nunit = \"1\"\ndecimals = 2\nmin = \"1\"\nmax = \"8\"\n" +
              factor("before", "0.9", "1") + factor("grid", "0.5827", "kgCO2e/kWh");
  file.reduction =
      "baseline = 'heat_kwh / before * grid'\n"
      "project = 'round_up(heat_kwh / efficiency, 0.001 kWh) * grid'";
  // 90 / 0.9 = 100; 90 / 3.5 = 25.714285..., up: 25.715; 74.285 x 582.7 = 43285.8695 g
  // 9 / 0.9 = 10; 9 / 4 = 2.25; 7.75 x 582.7 = 4515.925 g
  file.vectors = accepted("heat_kwh = '90', efficiency = '3.5'", "43285869") +
                 accepted("heat_kwh = '9', efficiency = '4'", "4515925") + refused("heat_kwh = '1', efficiency = '4'");
  EXPECT_EQ(computed(loaded(file)), (std::vector<Milligram>{43'285'869, 4'515'925}));
}

TEST(shape, f10_many_kinds_of_items) {
  SampleFile file;
  file.body = list("act", {"invoice", "statement", "meeting"}) + per(number("acts_count", "count", 0, "1000"), "act") +
              table("before", "act", "gCO2e/count", {{"invoice", "12.5"}, {"statement", "80"}, {"meeting", "5400"}}) +
              table("after", "act", "gCO2e/count", {{"invoice", "1.25"}, {"statement", "2.5"}, {"meeting", "90.001"}});
  file.reduction = "expression = 'sum(j in act, acts_count[j] * (before[j] - after[j]))'";
  // 11.25 g; 2 x 77.5 + 5309.999 = 5464.999 g
  file.vectors = accepted("acts_count = { invoice = '1' }", "11250") +
                 accepted("acts_count = { statement = '2', meeting = '1' }", "5464999") + refused("acts_count = {}");
  EXPECT_EQ(computed(loaded(file)), (std::vector<Milligram>{11'250, 5'464'999}));
}

TEST(shape, f11_switchable_baseline) {
  SampleFile file;
  file.body = number("used_kwh", "kWh", 3, "100000") + number("persons_person", "person", 0, "20") +
              reference("previous_kwh", "used_kwh", 7, "kWh") + factor("norm_of_person", "2.5", "kWh/person") +
              factor("grid", "0.4419", "kgCO2e/kWh") + let("norm", "persons_person * norm_of_person") +
              let("expected", "if(used_kwh < norm, norm, previous_kwh / 7)");
  file.reduction = "expression = '(expected - used_kwh) * grid'";
  // below the norm of 7.5: 2.3 x 441.9 = 1016.37 g; above: (71 / 7 - 9) x 441.9 = 505.028571... g
  file.vectors = accepted("used_kwh = '5.2', persons_person = '3', previous_kwh = '70'", "1016370") +
                 accepted("used_kwh = '9', persons_person = '3', previous_kwh = '71'", "505028") +
                 refused("used_kwh = '9', persons_person = '3', previous_kwh = '71'");
  const Methodology methodology = loaded(file);
  EXPECT_EQ(computed(methodology), (std::vector<Milligram>{1'016'370, 505'028}));
  EXPECT_EQ(methodology.field_columns, 2u);
  EXPECT_EQ(methodology.column_count(), 4u);
}

TEST(shape, f12_overhead_of_the_platform_is_deducted) {
  SampleFile file;
  file.body = number("distance_km", "km", 3, "1000") + factor("car", "200", "gCO2e/km") +
              factor("ride", "20", "gCO2e/km") + factor("server_use", "0.02", "kWh") +
              factor("grid", "0.5306", "kgCO2e/kWh") + factor("vans", "3.5", "gCO2e/km");
  file.reduction =
      "baseline = 'distance_km * car'\nproject = 'distance_km * ride + server_use * grid'\n"
      "leakage = 'distance_km * vans'\nexpression = 'baseline - project - leakage'";
  // 10 x 176.5 - 10.612 = 1754.388 g; 0.05 x 176.5 = 8.825 g is less than the overhead
  file.vectors =
      accepted("distance_km = '10'", "1754388") + accepted("distance_km = '0.05'", "0") + refused("distance_km = '10'");
  EXPECT_EQ(computed(loaded(file)), (std::vector<Milligram>{1'754'388, 0}));
}

TEST(shape, without_reductions_is_of_kind_points) {
  SampleFile file;
  file.kind = "points";
  file.vectors = "[[vector]]\nname = \"a plate\"\nday = 2025-01-02\ninputs = { duration_s = \"60\" }\n" +
                 accepted("", "0") + refused("");
  const Methodology methodology = loaded(file);
  EXPECT_FALSE(methodology.bears_reductions());
  EXPECT_EQ(computed(methodology), (std::vector<Milligram>{0, 0}));
}

/// The arithmetic of published figures: input, factor, what comes out.
struct Published {
  const char* name;
  const char* formula;
  const char* amount;
  Milligram mg;
};

TEST(published_figures, come_out_to_the_milligram) {
  const Published all[] = {
      {"Shenzhen bus", "amount * 26.9 gCO2e", "12.4", 333'560},
      {"Shenzhen metro", "amount * 46.7 gCO2e", "12.4", 579'080},
      {"rail against motor traffic", "amount * (0.130 kgCO2e - 0.033 kgCO2e)", "15.27", 1'481'190},
      {"bus against motor traffic", "amount * (0.130 kgCO2e - 0.064 kgCO2e)", "6.3", 415'800},
      {"PV at the city's factor", "amount * 0.42 kgCO2e", "1100000", 462'000'000'000},
      {"PV Jiangsu 2021", "amount * 0.6451 kgCO2e", "1100000", 709'610'000'000},
      {"PV Jiangsu 2022", "amount * 0.5978 kgCO2e", "1100000", 657'580'000'000},
      {"PV Jiangsu 2023", "amount * 0.5827 kgCO2e", "1100000", 640'970'000'000},
      {"clothes", "amount * 3.6 kgCO2e", "2.35", 8'460'000},
      {"steps", "amount * 0.02 gCO2e", "7250", 145'000},
      {"petrol against grid, 100 km", "amount * (0.073 * 2.37 kgCO2e - 0.14 * 0.5827 kgCO2e)", "100", 9'143'200},
      {"a third", "amount * 100 gCO2e / 3", "1", 33'333}};
  for (const Published& each : all) {
    SampleFile file;
    file.body = number("amount", "1", 3, "10000000");
    file.reduction = "expression = '" + std::string(each.formula) + "'";
    const std::string input = "amount = '" + std::string(each.amount) + "'";
    file.vectors = accepted(input, std::to_string(each.mg)) + accepted("amount = '0'", "0") + refused(input);
    EXPECT_EQ(computed(loaded(file)), (std::vector<Milligram>{each.mg, 0})) << each.name;
  }
}

TEST(published_figures, lose_a_milligram_when_three_thirds_are_booked) {
  SampleFile file;
  file.body = number("distance_km", "km", 3, "1000");
  file.reduction = "expression = 'distance_km * 100 gCO2e/km / 3'";
  const std::string third = accepted("distance_km = '1'", "33333");
  file.vectors = third + third + third + refused("distance_km = '1'");
  Milligram sum = 0;
  for (const Milligram mg : computed(loaded(file))) sum += mg;
  EXPECT_EQ(sum, 99'999);
}

}  // namespace
}  // namespace tanpuhui
