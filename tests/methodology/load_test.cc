/// What each part of a file must be like, and what is said when it is not.
#include "sample.h"

namespace tanpuhui {
namespace {

SampleFile mass_of_materials() {
  SampleFile file;
  file.body =
      "[[list]]\nname = \"material\"\nwords = [ { id = \"clothes\", zh = \"旧衣\", en = \"clothes\" }, "
      "{ id = \"paper\", zh = \"废纸\", en = \"paper\" } ]\n" +
      number("mass_kg", "kg", 3, "500") +
      "per = \"material\"\n"
      "[[table]]\nname = \"factor_of\"\nlist = \"material\"\nunit = \"kgCO2e/kg\"\n"
      "[[table.row]]\nword = \"clothes\"\nvalue = \"3.6\"\nfrom = 2024-09-30\nregion = \"r\"\nsource = \"s\"\n"
      "trust = \"news\"\n"
      "[[table.row]]\nword = \"paper\"\nvalue = \"0.9\"\nfrom = 2024-09-30\nuntil = 2025-12-31\nregion = \"r\"\n"
      "source = \"s\"\ntrust = \"demonstration\"\n"
      "[[table.row]]\nword = \"paper\"\nvalue = \"1.1\"\nfrom = 2026-01-01\nregion = \"r\"\nsource = \"s\"\n"
      "trust = \"news\"\n";
  file.reduction = "expression = 'sum(m in material, mass_kg[m] * factor_of[m])'";
  file.vectors = accepted("mass_kg = { clothes = '1' }", "3600000") + accepted("mass_kg = { paper = '1' }", "900000") +
                 refused("mass_kg = {}");
  return file;
}

/// 1 kg of paper.
constexpr std::int64_t paper[] = {0, 1000, 3'600'000};

TEST(rows_of_a_table, have_the_value_in_force_on_the_day_of_the_act) {
  const Methodology methodology = loaded(mass_of_materials());
  ASSERT_EQ(methodology.periods.size(), 2u);
  EXPECT_EQ(methodology.in_force(day_of({2025, 12, 31}))->reduction_mg(paper), 900'000);
  EXPECT_EQ(methodology.in_force(day_of({2026, 1, 1}))->reduction_mg(paper), 1'100'000);
  EXPECT_TRUE(methodology.has_demonstration_factors());
}

TEST(rows_of_a_table, may_not_leave_a_gap) {
  const std::string text = replaced(mass_of_materials().text(), "until = 2025-12-31", "until = 2025-12-30");
  EXPECT_TRUE(has(errors_in(text), "factor_of[\"paper\"] has no value on 2025-12-31")) << errors_in(text);
}

TEST(rows_of_a_table, may_not_overlap) {
  const std::string text = replaced(mass_of_materials().text(), "until = 2025-12-31", "until = 2026-01-01");
  EXPECT_TRUE(has(errors_in(text), "factor_of[\"paper\"] has two values on 2026-01-01")) << errors_in(text);
}

TEST(rows_of_a_table, are_of_words_of_the_list_and_of_all_of_them) {
  const std::string wrong = replaced(mass_of_materials().text(), "word = \"clothes\"", "word = \"glass\"");
  EXPECT_TRUE(has(errors_in(wrong), "\"glass\" is no word of the list material"));
  EXPECT_TRUE(has(errors_in(wrong), "factor_of has no value for clothes"));
}

TEST(lists, hold_each_word_once_and_are_known) {
  const std::string text = mass_of_materials().text();
  EXPECT_TRUE(has(errors_in(replaced(text, "id = \"paper\"", "id = \"clothes\"")), "the list has this word already"));
  EXPECT_TRUE(has(errors_in(replaced(text, "per = \"material\"", "per = \"materials\"")), "no list \"materials\""));
  EXPECT_TRUE(has(errors_in(replaced(text, "list = \"material\"", "list = \"goods\"")), "no list \"goods\""));
}

TEST(words, of_a_vector_belong_to_their_list) {
  SampleFile file;
  file.body =
      "[[list]]\nname = \"kind\"\nwords = [ { id = \"petrol\", zh = \"汽油\", en = \"petrol\" } ]\n"
      "[[field]]\nname = \"fuel\"\nlist = \"kind\"\n";
  file.reduction = "expression = 'if(fuel == \"petrol\", 1 gCO2e, 0 gCO2e)'";
  file.vectors = accepted("fuel = 'petrol'", "1000") + accepted("fuel = 'petrol'", "1000") + refused("fuel = 'water'");
  EXPECT_TRUE(has(errors_in(file), "\"water\" is no word of the list kind")) << errors_in(file);
}

TEST(a_field, with_a_list_has_no_unit) {
  SampleFile file = mass_of_materials();
  file.body += "[[field]]\nname = \"kind_of\"\nlist = \"material\"\nunit = \"kg\"\n";
  EXPECT_TRUE(has(errors_in(file), "unknown key unit")) << errors_in(file);
}

TEST(a_record, brings_no_more_than_32_values) {
  SampleFile file = mass_of_materials();
  for (int i = 0; i < 16; ++i)
    file.body += number("f" + std::to_string(i) + "_kg", "kg", 0, "1") + "per = \"material\"\n";
  EXPECT_TRUE(has(errors_in(file), "a record brings more than 32 values")) << errors_in(file);
}

SampleFile with_reference(const std::string& stage, const std::string& of = "used_kwh") {
  SampleFile file;
  file.body = number("used_kwh", "kWh", 3, "1000") +
              "[[reference]]\nname = \"previous_kwh\"\nkind = \"own_sum\"\nof = \"" + of +
              "\"\ndays = 7\nunit = \"kWh\"\ndecimals = 3\nmin = \"0\"\nmax = \"7000\"\n"
              "[[let]]\nname = \"mean\"\nexpression = \"previous_kwh / 7\"\n"
              "[[check]]\ncode = \"no_history\"\nexpression = \"mean > 0 kWh\"\nstage = \"" +
              stage + "\"\nmessage = { zh = \"没有历史\", en = \"no history\" }\n";
  file.reduction = "expression = '(mean - used_kwh) * 0.5 kgCO2e/kWh'";
  file.vectors = accepted("used_kwh = '1', previous_kwh = '14'", "500000") +
                 accepted("used_kwh = '3', previous_kwh = '14'", "0") + refused("used_kwh = '1', previous_kwh = '7'");
  return file;
}

TEST(a_check_of_references, belongs_to_the_seal) {
  EXPECT_TRUE(has(errors_in(with_reference("intake")), "mean is not known at intake"));
  const Methodology methodology = loaded(with_reference("seal"));
  const CompiledMethodology& rule = *methodology.in_force(Day{20'100});
  const std::int64_t unknown_history[] = {1000, 0, 60'000};
  EXPECT_EQ(rule.first_failed_check(unknown_history, CheckStage::intake), std::nullopt);
  EXPECT_EQ(rule.first_failed_check(unknown_history, CheckStage::seal), 0u);
  EXPECT_EQ(rule.first_failed_check(unknown_history), 0u);
}

TEST(checks_of_a_stage, are_the_same_by_columns) {
  const Methodology methodology = loaded(with_reference("seal"));
  const CompiledMethodology& rule = *methodology.in_force(Day{20'100});
  const std::int64_t used[] = {1000, 1000}, previous[] = {0, 7000}, duration[] = {60'000, 0};
  const std::span<const std::int64_t> columns[] = {used, previous, duration};
  std::int32_t intake[2], seal[2];
  rule.first_failed_checks(columns, intake, CheckStage::intake);
  rule.first_failed_checks(columns, seal, CheckStage::seal);
  EXPECT_EQ(intake[0], no_failed_check);
  EXPECT_EQ(intake[1], 1);
  EXPECT_EQ(seal[0], 0);
  EXPECT_EQ(seal[1], no_failed_check);
}

TEST(a_reference, sums_a_field_of_its_own_kind) {
  EXPECT_TRUE(has(errors_in(with_reference("seal", "use_kwh")), "a sum or a mean is of a field that is one number"));
  const std::string text = replaced(with_reference("seal").text(), "\"previous_kwh\"\nkind = \"own_sum\"",
                                    "\"previous_kwh\"\nkind = \"guessed\"");
  EXPECT_TRUE(has(errors_in(text), "kind is none of the known words")) << errors_in(text);
}

TEST(a_reference, is_written_like_the_field_it_sums) {
  const std::string coarse = replaced(with_reference("seal").text(), "decimals = 3\nmin = \"0\"\nmax = \"7000\"",
                                      "decimals = 1\nmin = \"0\"\nmax = \"7000\"");
  EXPECT_TRUE(has(errors_in(coarse), "used_kwh has 3 decimals, its sum 1")) << errors_in(coarse);
}

TEST(a_reference, is_by_a_word_or_stands_for_all) {
  const std::string frozen = replaced(with_reference("seal").text(), "kind = \"own_sum\"\nof = \"used_kwh\"\ndays = 7",
                                      "kind = \"frozen\"\nby = \"used_kwh\"");
  EXPECT_TRUE(has(errors_in(frozen), "a figure is by a field that is a word")) << errors_in(frozen);
  EXPECT_EQ("", errors_in(replaced(frozen, "by = \"used_kwh\"\n", "")));
}

TEST(a_let, uses_only_what_stands_above_it) {
  SampleFile file = with_reference("seal");
  file.body = replaced(file.body, "previous_kwh / 7", "mean / 7");
  EXPECT_TRUE(has(errors_in(file), "\"mean\"")) << errors_in(file);
  file.body = replaced(file.body, "mean / 7", "later");
  file.body += "[[let]]\nname = \"later\"\nexpression = \"used_kwh\"\n";
  EXPECT_TRUE(has(errors_in(file), "\"later\"")) << errors_in(file);
}

SampleFile rides() {
  SampleFile file;
  file.body = number("distance_km", "km", 3, "1000") + factor("saved", "100", "gCO2e/km");
  file.reduction = "expression = 'distance_km * saved'";
  file.vectors =
      accepted("distance_km = '1'", "100000") + accepted("distance_km = '2'", "200000") + refused("distance_km = '1'");
  return file;
}

TEST(the_cap_of_a_record, is_the_most_that_it_gives) {
  SampleFile file = rides();
  file.reduction += "\ncap_record = '150 gCO2e'";
  file.vectors = replaced(file.vectors, "reduction_mg = \"200000\"", "reduction_mg = \"150000\"");
  EXPECT_EQ(computed(loaded(file)), (std::vector<std::int64_t>{100'000, 150'000}));
}

TEST(the_cap_of_a_record, is_a_whole_number_of_milligrams) {
  SampleFile file = rides();
  file.reduction += "\ncap_record = '0.0005 gCO2e'";
  EXPECT_TRUE(has(errors_in(file), "cap_record is a whole number of mgCO2e"));
  file.reduction = replaced(file.reduction, "0.0005 gCO2e", "5 kg");
  EXPECT_TRUE(has(errors_in(file), "CO2e mass")) << errors_in(file);
}

TEST(negative_results, are_carried_by_projects_only) {
  SampleFile file = rides();
  file.negative = "carry";
  EXPECT_TRUE(has(errors_in(file), "only projects carry negative results"));
  file.kind = "project";
  EXPECT_EQ(errors_in(file), "");
}

TEST(negative_results, are_rounded_down_like_all_others) {
  SampleFile file = rides();
  file.kind = "project", file.negative = "carry";
  file.reduction = "expression = '(1 km - distance_km) * saved / 3'";
  file.vectors = accepted("distance_km = '0'", "33333") + accepted("distance_km = '2'", "-33334") +
                 accepted("distance_km = '1'", "0") + refused("distance_km = '1'");
  EXPECT_EQ(computed(loaded(file)), (std::vector<std::int64_t>{33'333, -33'334, 0}));
}

TEST(parts_of_the_reduction, have_names_that_nothing_else_has) {
  SampleFile file = rides();
  file.body += factor("baseline", "1", "gCO2e/km");
  file.reduction = "baseline = 'distance_km * saved'";
  EXPECT_TRUE(has(errors_in(file), "\"baseline\" stands for something already"));
}

TEST(parts_of_the_reduction, need_a_baseline_or_an_expression) {
  SampleFile file = rides();
  file.reduction = "project = 'distance_km * saved'";
  EXPECT_TRUE(has(errors_in(file), "expression is missing")) << errors_in(file);
}

TEST(points, bear_no_reduction) {
  SampleFile file = rides();
  file.kind = "points";
  EXPECT_TRUE(has(errors_in(file), "acts of kind points bear no reduction"));
}

TEST(the_seal, has_caps_for_days_and_months_of_a_person) {
  SampleFile file = rides();
  file.seal =
      "cap_records_person_month = 100\ncap_reduction_person_day = '296 gCO2e'\n"
      "cap_reduction_person_month = '10 kgCO2e'";
  const MethodologySeal seal = loaded(file).seal;
  EXPECT_EQ(seal.cap_records_person_day, 0);
  EXPECT_EQ(seal.cap_records_person_month, 100);
  EXPECT_EQ(seal.cap_reduction_person_day_mg, 296'000);
  EXPECT_EQ(seal.cap_reduction_person_month_mg, 10'000'000);
}

TEST(the_seal, limits_the_records_of_a_person) {
  SampleFile file = rides();
  file.seal = "";
  EXPECT_TRUE(has(errors_in(file), "nothing limits the records of a person"));
}

TEST(the_seal, knows_three_windows) {
  for (const char* window : {"day", "month", "meter_period"})
    EXPECT_EQ(errors_in(replaced(rides().text(), "window = \"day\"", "window = \"" + std::string(window) + "\"")), "");
  EXPECT_FALSE(errors_in(replaced(rides().text(), "window = \"day\"", "window = \"year\"")).empty());
}

TEST(mistakes, are_reported_with_their_places_several_at_a_time) {
  SampleFile file = rides();
  file.body = replaced(file.body, "unit = \"km\"", "unit = \"mile\"");
  file.body += "[[let]]\nname = \"wrong\"\nexpression = 'distance_km +'\n";
  file.seal += "\nwindows = 1";
  const auto loaded_file = load_text(file.text());
  ASSERT_FALSE(loaded_file);
  EXPECT_EQ(loaded_file.error().size(), 3u) << describe(loaded_file.error());
  for (const TextError& error : loaded_file.error()) {
    EXPECT_GT(error.line, 1) << describe(error);
    EXPECT_FALSE(error.remedy.empty()) << describe(error);
  }
}

TEST(mistakes, of_a_let_stand_where_it_is_written_and_only_once) {
  SampleFile file = rides();
  file.body += "[[let]]\nname = \"wrong\"\nexpression = 'distance_km + 1 kg'\n";
  file.reduction = "expression = '(distance_km + wrong + wrong) * saved'";
  const auto loaded_file = load_text(file.text());
  ASSERT_FALSE(loaded_file);
  EXPECT_EQ(loaded_file.error().size(), 1u) << describe(loaded_file.error());
  EXPECT_TRUE(has(describe(loaded_file.error()), "length and mass")) << describe(loaded_file.error());
}

TEST(hash, has_a_second_function_over_the_same_bytes) {
  const HashFunction other = [](ByteView bytes) {
    Digest digest = test_hash(bytes);
    digest[0] ^= 1;
    return digest;
  };
  const auto two = load_methodology(rides().text(), "methodology.toml", test_hash, {}, other);
  ASSERT_TRUE(two);
  EXPECT_EQ(two->hash, test_hash(two->canonical));
  EXPECT_EQ(two->second_hash, other(two->canonical));
  EXPECT_EQ(loaded(rides()).second_hash, std::nullopt);
}

TEST(hash, does_not_see_the_order_of_tables) {
  const std::string text = mass_of_materials().text();
  const auto seal = text.find("[seal]"), reduction = text.find("[reduction]"), vectors = text.find("[[vector]]");
  const std::string other = text.substr(0, seal) + text.substr(reduction, vectors - reduction) +
                            text.substr(seal, reduction - seal) + text.substr(vectors);
  EXPECT_EQ(loaded(other).hash, loaded(text).hash);
}

TEST(hash, does_not_see_the_order_of_factors) {
  SampleFile one = rides(), two = rides();
  one.body += factor("a", "1", "kg") + factor("b", "2", "kg");
  two.body += factor("b", "2.0", "kg") + factor("a", "1", "kg");
  EXPECT_EQ(loaded(one).hash, loaded(two).hash);
}

TEST(hash, changes_with_any_value_of_lists_tables_and_lets) {
  const std::pair<const char*, const char*> changes[] = {{"废纸", "纸"},
                                                         {"en = \"paper\"", "en = \"waste paper\""},
                                                         {"value = \"1.1\"", "value = \"1.2\""},
                                                         {"trust = \"news\"", "trust = \"official\""},
                                                         {"source = \"s\"", "source = \"t\""},
                                                         {"region = \"r\"", "region = \"q\""},
                                                         {"max = \"500\"", "max = \"501\""},
                                                         {"cap_records_person_day = 10", "cap_records_person_day = 9"},
                                                         {"window = \"day\"", "window = \"month\""},
                                                         {"overlap = \"refuse\"", "overlap = \"allow\""}};
  const std::string text = mass_of_materials().text();
  for (const auto& [from, to] : changes) EXPECT_NE(loaded(replaced(text, from, to)).hash, loaded(text).hash) << to;
  const std::string other = with_reference("seal").text();
  for (const auto& [from, to] :
       {std::pair("days = 7", "days = 8"), {"max = \"7000\"", "max = \"7001\""}, {"mean > 0 kWh", "mean > 0.0 kWh"}})
    EXPECT_NE(loaded(replaced(other, from, to)).hash, loaded(other).hash) << to;
}

TEST(hash, sees_additionality_and_caps) {
  SampleFile file = rides();
  const Digest before = loaded(file).hash;
  EXPECT_NE(loaded(file.text() + both("additionality")).hash, before);
  file.reduction += "\ncap_record = '10 kgCO2e'";
  EXPECT_NE(loaded(file).hash, before);
}

TEST(hostile_text, of_fifty_megabytes_is_refused) {
  const std::string errors = errors_in(rides().text() + std::string(50'000'000, '#'));
  EXPECT_FALSE(errors.empty());
  EXPECT_LT(errors.size(), 1000u);
}

TEST(hostile_text, with_deep_formulas_is_refused) {
  SampleFile file = rides();
  file.reduction = "expression = '" + std::string(10'000, '(') + "1" + std::string(10'000, ')') + "'";
  EXPECT_TRUE(has(errors_in(file), "longer than")) << errors_in(file);
  file.reduction = "expression = '" + std::string(1'000, '(') + "1" + std::string(1'000, ')') + "'";
  EXPECT_TRUE(has(errors_in(file), "deep")) << errors_in(file);
}

TEST(hostile_text, with_lets_that_double_is_no_more_work_than_its_length) {
  SampleFile file = rides();
  file.body += "[[let]]\nname = \"x0\"\nexpression = 'distance_km'\n";
  for (int i = 1; i < 60; ++i) {
    const std::string before = "x" + std::to_string(i - 1);
    file.body += "[[let]]\nname = \"x" + std::to_string(i) + "\"\nexpression = 'max(" + before + ", " + before + ")'\n";
  }
  file.reduction = "expression = 'x59 * saved'";
  EXPECT_EQ(errors_in(file), "");
}

TEST(hostile_text, with_a_table_in_place_of_text_is_refused) {
  for (const char* wrong : {"id = { a = 1 }", "id = [ ]", "id = 1.5", "list = 3", "field = \"x\"", "vector = { }"}) {
    const std::string text = std::string(wrong) + "\n" + rides().text();
    EXPECT_FALSE(errors_in(text).empty()) << wrong;
  }
}

TEST(hostile_text, cut_anywhere_ends_in_errors_with_places) {
  const std::string text = mass_of_materials().text();
  for (std::size_t size = 0; size < text.size(); size += 13) {
    const auto cut = load_text(text.substr(0, size));
    if (cut) continue;
    for (const TextError& error : cut.error()) EXPECT_GE(error.line, 1) << describe(error);
  }
}

}  // namespace
}  // namespace tanpuhui
