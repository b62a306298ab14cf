#include "methodology/explain.h"

#include "sample.h"

namespace tanpuhui {
namespace {

SampleFile rides() {
  SampleFile file;
  file.body = number("distance_km", "km", 3, "1000") + factor("general", "62.37", "gCO2e/km") +
              factor("metro", "4.11", "gCO2e/km") + "data_year = 2023\n" +
              "[[let]]\nname = \"paid_km\"\nexpression = \"min(distance_km, 15 km)\"\n";
  file.reduction = "baseline = 'paid_km * general'\nproject = 'paid_km * metro'\ncap_record = '0.5 kgCO2e'";
  // 0.951 x 58.26 = 55.40526 g
  file.vectors = accepted("distance_km = '0.951'", "55405") + accepted("distance_km = '20'", "500000") +
                 refused("distance_km = '1'");
  return file;
}

std::string told(const Methodology& methodology, std::vector<std::int64_t> inputs, Language language = Language::en) {
  std::string all;
  for (const std::string& line : explain(methodology, inputs, Day{20'100}, language)) all += line + '\n';
  return all;
}

TEST(explanation, shows_inputs_factors_parts_and_rounding) {
  const std::string all = told(loaded(rides()), {951, 240'000});
  for (const char* line :
       {"distance_km = 0.951 km\n", "duration = 240.000 s\n",
        "general = 62.37 gCO2e/km (since 2024-09-30; region 320000; calculated; source: a source)\n",
        "metro = 4.11 gCO2e/km (since 2024-09-30; region 320000; data of 2023; calculated; source: a source)\n",
        "paid_km = min ( distance_km , 15 km ) = 0.951 km\n", "duration >= 1 s: holds\n",
        "baseline = paid_km * general = 59.31387 gCO2e\n", "project = paid_km * metro = 3.90861 gCO2e\n",
        "reduction = baseline - project = 55405.26 mgCO2e\n", "rounded down: 55405 mgCO2e\n",
        "caps at the seal: 10 records a person and day\n"})
    EXPECT_TRUE(has(all, line)) << line << "\nin\n" << all;
  EXPECT_FALSE(has(all, "at most, a record")) << all;
}

TEST(explanation, says_when_the_cap_takes_some_away) {
  const std::string all = told(loaded(rides()), {20'000, 3'600'000});
  EXPECT_TRUE(has(all, "reduction = baseline - project = 873900 mgCO2e\n")) << all;
  EXPECT_TRUE(has(all, "at most, a record: 500000 mgCO2e\n")) << all;
}

TEST(explanation, is_given_in_chinese) {
  const std::string all = told(loaded(rides()), {20'000, 3'600'000}, Language::zh);
  for (const char* line :
       {"title 中文\n", "metro = 4.11 gCO2e/km（2024-09-30 起；地区 320000；2023 年数据；计算得出；来源：a source）\n",
        "duration >= 1 s：成立\n", "减排量 = baseline - project = 873900 mgCO2e\n", "向下取整：873900 mgCO2e\n",
        "单条记录上限：500000 mgCO2e\n", "封账时的上限：每人每日 10 条\n"})
    EXPECT_TRUE(has(all, line)) << line << "\nin\n" << all;
}

TEST(explanation, ends_with_the_check_that_refuses) {
  const Methodology methodology = loaded(rides());
  const std::int64_t inputs[] = {951, 0};
  EXPECT_EQ(explain(methodology, inputs, Day{20'100}).back(),
            "duration >= 1 s: fails, refused as too_short (too short)");
  EXPECT_EQ(explain(methodology, inputs, Day{20'100}, Language::zh).back(),
            "duration >= 1 s：不成立，拒绝 too_short（太短）");
  EXPECT_FALSE(has(told(methodology, {951, 0}), "reduction"));
}

TEST(explanation, says_when_the_methodology_is_not_valid) {
  const std::int64_t inputs[] = {951, 1000};
  EXPECT_EQ(explain(loaded(rides()), inputs, day_of({2024, 9, 29})).back(), "2024-09-29: the methodology is not valid");
}

TEST(explanation, tells_what_becomes_of_a_negative_result) {
  SampleFile file = rides();
  file.reduction = "expression = '(distance_km - 1 km) * general / 3'";
  file.vectors =
      accepted("distance_km = '1'", "0") + accepted("distance_km = '4'", "62370") + refused("distance_km = '1'");
  EXPECT_TRUE(has(told(loaded(file), {0, 60'000}), "= -20790 mgCO2e\na negative result counts as 0: 0 mgCO2e\n"));
  file.kind = "project", file.negative = "carry";
  EXPECT_TRUE(
      has(told(loaded(file), {999, 60'000}), "= -20.79 mgCO2e\nrounded down, kept as a negative line: -21 mgCO2e\n"));
}

SampleFile materials() {
  SampleFile file;
  file.body =
      "[[list]]\nname = \"material\"\nwords = [ { id = \"clothes\", zh = \"旧衣\", en = \"clothes\" }, "
      "{ id = \"paper\", zh = \"废纸\", en = \"paper\" } ]\n" +
      number("mass_kg", "kg", 3, "500") +
      "per = \"material\"\n[[table]]\nname = \"factor_of\"\nlist = \"material\"\nunit = \"kgCO2e/kg\"\nrow = [\n"
      "{ word = \"clothes\", value = \"3.6\", from = 2024-09-30, region = \"r\", source = \"s\", trust = \"news\" },\n"
      "{ word = \"paper\", value = \"1\", from = 2024-09-30, region = \"r\", source = \"s\", trust = \"news\" },\n]\n";
  file.reduction = "expression = 'sum(m in material, mass_kg[m] * factor_of[m])'";
  file.vectors =
      accepted("mass_kg = { clothes = '1' }", "3600000") + accepted("mass_kg = {}", "0") + refused("mass_kg = {}");
  return file;
}

TEST(explanation, shows_the_rows_of_a_table_that_the_record_asks_for) {
  const std::string all = told(loaded(materials()), {2350, 0, 60'000});
  EXPECT_TRUE(has(all, "factor_of[\"clothes\"] = 3.6 kgCO2e/kg (since 2024-09-30; region r; news; source: s)")) << all;
  EXPECT_FALSE(has(all, "factor_of[\"paper\"] =")) << all;
  EXPECT_TRUE(has(all, "mass_kg [ m ] * factor_of [ m ] = 8460 gCO2e")) << all;
}

TEST(explanation_as_json, holds_the_same_figures) {
  const Methodology methodology = loaded(rides());
  const std::int64_t inputs[] = {20'000, 3'600'000};
  const std::string json = explain_json(methodology, inputs, Day{20'100});
  for (const char* part :
       {"{\"methodology\":\"sample\",\"version\":\"v1\"", "\"valid\":true",
        "{\"name\":\"distance_km\",\"value\":\"20.000\",\"unit\":\"km\"}", "\"source\":\"a source\"",
        "\"trust\":\"calculated\"", "\"data_year\":2023",
        "{\"name\":\"paid_km\",\"expression\":\"min ( distance_km , 15 km )\",\"value\":\"15 km\",\"steps\":[]}",
        "\"message_zh\":\"太短\"", "\"refused\":null", "\"exact_mg\":\"873900\"", "\"rounded_mg\":\"873900\"",
        "\"capped\":true", "\"reduction_mg\":\"500000\"",
        "\"caps\":{\"record_mg\":\"500000\",\"records_person_day\":\"10\"}"})
    EXPECT_TRUE(has(json, part)) << part << "\nin\n" << json;
}

TEST(explanation_as_json, escapes_what_texts_may_hold) {
  SampleFile file = rides();
  file.body = replaced(file.body, "source = \"a source\"", "source = 'the \"notice\" \\ of 2024'");
  const std::int64_t inputs[] = {951, 240'000};
  EXPECT_TRUE(has(explain_json(loaded(file), inputs, Day{20'100}), "\"source\":\"the \\\"notice\\\" \\\\ of 2024\""));
}

TEST(explanation_as_json, ends_at_the_refusal) {
  const std::int64_t inputs[] = {951, 0};
  const std::string json = explain_json(loaded(rides()), inputs, Day{20'100});
  EXPECT_TRUE(has(json, "\"refused\":\"too_short\",\"parts\":[],\"reduction\":null")) << json;
}

}  // namespace
}  // namespace tanpuhui
