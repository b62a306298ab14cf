#include "methodology/methodology.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <random>

#include <gtest/gtest.h>

#include "sample.h"

namespace tanpuhui {
namespace {

std::string bike_text() {
  std::ifstream in(TANPUHUI_ROOT "/methodologies/bike-demo/v1/methodology.toml", std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

Result<Methodology, TextErrors> load(const std::string& text) {
  return load_methodology(text, "methodology.toml", test_hash);
}

Methodology bike() {
  const auto loaded = load(bike_text());
  EXPECT_TRUE(loaded) << (loaded ? "" : describe(loaded.error()));
  return loaded ? *loaded : Methodology{};
}

/// The bike methodology with one piece of text replaced; the piece must be there.
std::string changed(const std::string& from, const std::string& to) {
  std::string text = bike_text();
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

TextErrors errors_of(const std::string& text) {
  const auto loaded = load(text);
  return loaded ? TextErrors{} : loaded.error();
}

std::string first_error(const std::string& text) {
  const auto errors = errors_of(text);
  return errors.empty() ? "" : describe(errors.front());
}

std::string code_of(const Methodology& methodology, std::vector<std::int64_t> inputs) {
  const auto failed = methodology.in_force(Day{20'100})->first_failed_check(inputs);
  return failed ? methodology.checks[*failed].code : "";
}

TEST(bike_demo, passes_the_gate) {
  const Methodology methodology = bike();
  EXPECT_EQ(methodology.id, "bike-demo");
  EXPECT_EQ(methodology.checks.size(), 6u);
  EXPECT_EQ(methodology.seal.cap_records_person_day, 10);
  EXPECT_EQ(methodology.seal.max_duration_ms, 14'400'000);
  EXPECT_TRUE(methodology.has_demonstration_factors());
}

TEST(bike_demo, rounds_a_ride_down_to_a_milligram) {
  const std::int64_t inputs[] = {951, 240'000};
  EXPECT_EQ(bike().in_force(Day{20'100})->reduction_mg(inputs), 55405);
}

TEST(bike_demo, gives_the_first_of_several_failed_checks) {
  const Methodology methodology = bike();
  EXPECT_EQ(code_of(methodology, {0, 0}), "distance_too_short");
  EXPECT_EQ(code_of(methodology, {1'000'000, 0}), "distance_too_long");
  EXPECT_EQ(code_of(methodology, {300, 14'400'001}), "duration_too_long");
  EXPECT_EQ(code_of(methodology, {300, 360'000}), "");
  EXPECT_EQ(code_of(methodology, {300, 360'001}), "speed_too_low");
  EXPECT_EQ(code_of(methodology, {15'000, 1'800'000}), "");
  EXPECT_EQ(code_of(methodology, {15'000, 1'799'999}), "speed_too_high");
}

TEST(bike_demo, is_valid_from_the_last_day_of_september_2024) {
  const Methodology methodology = bike();
  EXPECT_EQ(methodology.in_force(day_of({2024, 9, 29})), nullptr);
  EXPECT_NE(methodology.in_force(day_of({2024, 9, 30})), nullptr);
}

TEST(bike_demo, computes_columns_as_it_computes_records) {
  const Methodology methodology = bike();
  const CompiledMethodology& rule = *methodology.in_force(Day{20'100});
  std::mt19937_64 random(7);
  std::vector<std::int64_t> distance, duration;
  for (int i = 0; i < 5000; ++i) {
    distance.push_back(static_cast<std::int64_t>(random() % (i % 5 == 0 ? 1'000'001 : 20'000)));
    duration.push_back(static_cast<std::int64_t>(random() % (i % 5 == 0 ? 30'000'000'000 : 5'000'000)));
  }
  const std::span<const std::int64_t> columns[] = {distance, duration};
  std::vector<std::int32_t> failed(distance.size());
  std::vector<std::int64_t> mg(distance.size());
  rule.first_failed_checks(columns, failed);
  rule.reductions(columns, mg);
  for (std::size_t i = 0; i < distance.size(); ++i) {
    const std::int64_t inputs[] = {distance[i], duration[i]};
    const auto one = rule.first_failed_check(inputs);
    ASSERT_EQ(failed[i], one ? static_cast<std::int32_t>(*one) : no_failed_check);
    ASSERT_EQ(mg[i], rule.reduction_mg(inputs));
    ASSERT_EQ(mg[i], distance[i] * 5826 / 100);
  }
}

TEST(bike_demo, takes_empty_columns) {
  const std::span<const std::int64_t> columns[2] = {};
  const Methodology methodology = bike();
  methodology.in_force(Day{20'100})->first_failed_checks(columns, {});
  methodology.in_force(Day{20'100})->reductions(columns, {});
}

TEST(bike_demo, treats_inputs_out_of_range_as_a_defect) {
  const Methodology methodology = bike();
  const CompiledMethodology& rule = *methodology.in_force(Day{20'100});
  const std::int64_t inputs[] = {1'000'001, 1};
  EXPECT_EQ(rule.first_out_of_range(inputs), 0u);
  EXPECT_THROW(static_cast<void>(rule.reduction_mg(inputs)), Defect);
  const std::span<const std::int64_t> columns[] = {std::span(inputs, 1), std::span(inputs + 1, 1)};
  std::int64_t mg = 0;
  EXPECT_THROW(rule.reductions(columns, std::span(&mg, 1)), Defect);
}

TEST(bike_demo, explains_a_ride_with_factors_and_sources) {
  const std::int64_t inputs[] = {951, 240'000};
  std::string all;
  for (const std::string& line : explain(bike(), inputs, Day{20'100})) all += line + '\n';
  EXPECT_NE(all.find("baseline = 62.37 gCO2e/km (since 2024-09-30; region demonstration; demonstration; source: "),
            std::string::npos)
      << all;
  EXPECT_NE(all.find("= 55405.26 mgCO2e"), std::string::npos) << all;
  EXPECT_NE(all.find(": 55405 mgCO2e"), std::string::npos) << all;
}

TEST(bike_demo, explains_why_a_ride_is_refused) {
  const std::int64_t inputs[] = {299, 240'000};
  EXPECT_NE(explain(bike(), inputs, Day{20'100}).back().find("distance_too_short"), std::string::npos);
}

TEST(hash_of_a_methodology, does_not_see_white_space_and_comments) {
  EXPECT_EQ(
      load("# more\n\n" + changed("distance_km * (baseline - project)", " distance_km*( baseline-project )"))->hash,
      bike().hash);
  EXPECT_EQ(load(changed("\"62.37\"", "\"62.370\""))->hash, bike().hash);
}

TEST(hash_of_a_methodology, changes_with_any_value) {
  const std::pair<const char*, const char*> changes[] = {
      {"\"bike-demo\"", "\"bike-demo2\""},
      {"\"v1\"", "\"v2\""},
      {"\"scenario\"", "\"project\""},
      {"valid_from = 2024-09-30", "valid_from = 2024-09-30\nvalid_until = 2026-12-31"},
      {"（非官方）", "（非官方样例）"},
      {"no authority)", "no authority at all)"},
      {"\"1000\"", "\"1001\""},
      {"region = \"demonstration\"", "region = \"demo\""},
      {"62.37", "62.370000001"},
      {"trust = \"demonstration\"", "trust = \"calculated\""},
      {"code = \"speed_too_low\"\nexpression = \"distance_km >= 3",
       "code = \"speed_too_low\"\nexpression = \"distance_km >= 3.0"},
      {"\"4 h\"", "\"5 h\""},
      {"cap_records_person_day = 10", "cap_records_person_day = 11"},
      {"one kilometre", "a kilometre"},
      {"day = 2025-12-31", "day = 2025-12-30"}};
  for (const auto& [from, to] : changes) {
    const auto loaded = load(changed(from, to));
    ASSERT_TRUE(loaded) << to << ": " << describe(loaded.error());
    EXPECT_NE(loaded->hash, bike().hash) << to;
  }
}

TEST(gate, names_line_and_column_of_a_wrong_unit) {
  const std::string text = changed("distance_km >= 0.3 km", "distance_km >= 0.3 gCO2e");
  const auto line =
      1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(text.find("0.3 gCO2e")), '\n');
  const std::string error = first_error(text);
  EXPECT_EQ(error.find("methodology.toml:" + std::to_string(line) + ":27: "), 0u) << error;
  EXPECT_TRUE(has(error, "CO2e mass") && has(error, "length") && has(error, "cannot be added or compared")) << error;
}

TEST(gate, counts_the_lines_of_a_formula_over_several_lines) {
  const std::string text =
      changed("\"distance_km * (baseline - project)\"", "\"\"\"\ndistance_km\n * (baseline - prject)\n\"\"\"");
  const auto line = 1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(text.find("prject")), '\n');
  EXPECT_EQ(first_error(text).find("methodology.toml:" + std::to_string(line) + ":16: \"prject\""), 0u)
      << first_error(text);
}

TEST(gate, reports_several_mistakes_in_one_run) {
  std::string text = changed("distance_km >= 0.3 km", "distance_km >= 0.3 kg");
  const std::string wrong = "duration <= 4 km";
  text.replace(text.find("duration <= 4 h"), 15, wrong);
  EXPECT_EQ(errors_of(text).size(), 2u);
}

TEST(gate, wants_the_compulsory_parts) {
  for (const char* part : {"[baseline]", "[calculation]", "[monitoring_plan]"})
    EXPECT_FALSE(errors_of(changed(part, "[other]")).empty()) << part;
}

TEST(gate, wants_the_engine_to_reproduce_each_vector) {
  EXPECT_NE(first_error(changed("\"55405\"", "\"55406\"")).find("computes 55405 mg"), std::string::npos);
  EXPECT_NE(first_error(changed("refused = \"speed_too_low\"", "refused = \"speed_too_high\"")).find("speed_too_low"),
            std::string::npos);
  EXPECT_NE(first_error(changed("refused = \"speed_too_low\"", "reduction_mg = \"0\"")).find("speed_too_low"),
            std::string::npos);
}

TEST(gate, wants_three_vectors_and_a_refused_one) {
  const std::string text = bike_text();
  const auto head = text.substr(0, text.find("[[vector]]"));
  const auto tail =
      text.substr(text.find("[[vector]]"), text.find("[[vector]]\nname = \"a metre too short\"") - head.size());
  EXPECT_NE(first_error(head + tail).find("no test vector is refused"), std::string::npos) << first_error(head + tail);
  EXPECT_NE(first_error(head).find("fewer than 3 test vectors"), std::string::npos) << first_error(head);
}

/// A second row for `project`, from the given dates.
std::string two_rows(const std::string& first_until, const std::string& second_from) {
  const std::string row = "name = \"project\"\nvalue = \"4.11\"\nunit = \"gCO2e/km\"\nfrom = 2024-09-30\n";
  const std::string rest = "region = \"demonstration\"\nsource = \"none\"\ntrust = \"demonstration\"\n";
  return changed(row, row + "until = " + first_until + "\n" + rest +
                          "\n[[parameter]]\nname = \"project\"\nvalue = \"5.11\"\n" +
                          "unit = \"gCO2e/km\"\nfrom = " + second_from + "\n");
}

TEST(parameters, have_the_value_in_force_on_the_day_of_the_act) {
  const auto loaded = load(two_rows("2025-12-31", "2026-01-01"));
  ASSERT_TRUE(loaded) << describe(loaded.error());
  const std::int64_t kilometre[] = {1000, 300'000};
  EXPECT_EQ(loaded->in_force(day_of({2025, 12, 31}))->reduction_mg(kilometre), 58260);
  EXPECT_EQ(loaded->in_force(day_of({2026, 1, 1}))->reduction_mg(kilometre), 57260);
}

TEST(parameters, may_not_leave_a_gap) {
  EXPECT_NE(first_error(two_rows("2025-12-30", "2026-01-01")).find("project has no value on 2025-12-31"),
            std::string::npos);
}

TEST(parameters, may_not_overlap) {
  EXPECT_NE(first_error(two_rows("2026-01-01", "2026-01-01")).find("project has two values on 2026-01-01"),
            std::string::npos);
}

TEST(parameters, last_as_long_as_the_methodology) {
  const std::string source = "value = \"62.37\"\nunit = \"gCO2e/km\"\nfrom = 2024-09-30\n";
  EXPECT_NE(first_error(changed(source, source + "until = 2025-01-31\n")).find("baseline has no value on 2025-02-01"),
            std::string::npos);
  EXPECT_NE(first_error(changed(source, "value = \"62.37\"\nunit = \"gCO2e/km\"\nfrom = 2024-10-01\n"))
                .find("no value on 2024-09-30"),
            std::string::npos);
}

TEST(parameters, need_a_source) {
  EXPECT_FALSE(errors_of(changed("source = \"Demonstration factor chosen for this example; not a published value. "
                                 "演示用因子，非官方公布值\"",
                                 "source = \"\""))
                   .empty());
}

TEST(names, are_no_units_and_stand_once) {
  EXPECT_FALSE(errors_of(changed("name = \"baseline\"", "name = \"kg\"")).empty());
  EXPECT_FALSE(errors_of(changed("name = \"baseline\"", "name = \"distance_km\"")).empty());
  EXPECT_FALSE(errors_of(changed("name = \"baseline\"", "name = \"duration\"")).empty());
  EXPECT_FALSE(errors_of(changed("name = \"distance_km\"", "name = \"distance_m\"")).empty());
  EXPECT_FALSE(errors_of(changed("code = \"speed_too_high\"", "code = \"speed_too_low\"")).empty());
}

TEST(overflow, is_refused_from_the_range_of_the_field) {
  const std::string text = changed("max = \"1000\"", "max = \"9000000000000000\"");
  EXPECT_NE(first_error(text).find("64 bits"), std::string::npos) << first_error(text);
}

TEST(hostile_text, ends_in_an_error) {
  const std::string text = bike_text();
  EXPECT_FALSE(errors_of("").empty());
  EXPECT_FALSE(errors_of("\xff\xfe not utf-8").empty());
  EXPECT_FALSE(errors_of(text + "\nnote = \"\x80\"").empty());
  EXPECT_FALSE(errors_of(std::string(10'000, '[')).empty());
  EXPECT_FALSE(errors_of(changed("distance_km * (baseline - project)", std::string(10'000, '('))).empty());
  EXPECT_FALSE(errors_of(changed("distance_km * (baseline - project)", std::string(2'000, '('))).empty());
  EXPECT_FALSE(errors_of(changed("62.37", std::string(5'000, '9'))).empty());
  EXPECT_FALSE(errors_of(changed("0.3 km", std::string(3'000, '9') + " km")).empty());
  EXPECT_FALSE(errors_of(changed("\"4 h\"", "\"999999999999999999 day\"")).empty());
  EXPECT_FALSE(
      errors_of(changed("cap_records_person_day = 10", "cap_records_person_day = 9223372036854775808")).empty());
}

TEST(hostile_text, cut_anywhere_ends_in_an_error_or_a_methodology) {
  const std::string text = bike_text();
  for (std::size_t size = 0; size < text.size(); size += 37) static_cast<void>(load(text.substr(0, size)));
  EXPECT_FALSE(errors_of(text.substr(0, text.size() / 2)).empty());
}

}  // namespace
}  // namespace tanpuhui
