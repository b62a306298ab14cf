#include "methodology/factors.h"

#include "sample.h"

namespace tanpuhui {
namespace {

const char* const grid_text =
    "[[factor]]\nname = \"grid_average\"\ntitle = { zh = \"电力因子\", en = \"grid\" }\nunit = \"kgCO2e/kWh\"\n"
    "trust = \"repositories\"\nsource = \"a notice\"\nrow = [\n"
    "  { region = \"320000\", data_year = 2021, value = \"0.6451\", trust = \"demonstration\" },\n"
    "  { region = \"320000\", data_year = 2022, value = \"0.5978\", source = \"another notice\" },\n"
    "  { region = \"320000\", data_year = 2023, value = \"0.5827\" },\n]\n";

FactorTables grid(const std::string& text = grid_text) {
  const SourceFile files[] = {{"grid.toml", text}};
  auto tables = load_factors(files);
  EXPECT_TRUE(tables) << (tables ? "" : describe(tables.error()));
  return tables ? *tables : FactorTables{};
}

std::string errors_of_table(const std::string& text) {
  const SourceFile files[] = {{"grid.toml", text}};
  const auto tables = load_factors(files);
  return tables ? "" : describe(tables.error());
}

std::string from_table(const std::string& rest) { return "[[parameter]]\nname = \"grid\"\nfactor = " + rest; }

SampleFile generation(const std::string& parameters) {
  SampleFile file;
  file.body = number("generated_kwh", "kWh", 0, "10000000") + parameters;
  file.reduction = "expression = 'generated_kwh * grid'";
  file.vectors = accepted("generated_kwh = '1100000'", "709610000000") + accepted("generated_kwh = '0'", "0") +
                 refused("generated_kwh = '1'");
  return file;
}

const std::string year_2021 =
    from_table("\"grid_average\"\nregion = \"320000\"\ndata_year = 2021\nfrom = 2024-09-30\nuntil = 2025-12-31\n");
const std::string year_2023 =
    from_table("\"grid_average\"\nregion = \"320000\"\ndata_year = 2023\nfrom = 2026-01-01\n");

TEST(tables_of_factors, give_source_and_trust_once_for_all_rows_or_by_row) {
  const FactorTables tables = grid();
  const FactorTable& table = *tables.find("grid_average");
  EXPECT_EQ(table.find("320000", 2021)->trust, "demonstration");
  EXPECT_EQ(table.find("320000", 2021)->source, "a notice");
  EXPECT_EQ(table.find("320000", 2022)->source, "another notice");
  EXPECT_EQ(table.find("320000", 2023)->value, (Decimal{5827, 4}));
  EXPECT_EQ(table.find("310000", 2023), nullptr);
}

TEST(tables_of_factors, are_refused_with_the_place_of_the_mistake) {
  const std::string text = grid_text;
  EXPECT_TRUE(has(errors_of_table(replaced(text, "kgCO2e/kWh", "kgCO2/kWh")), "grid.toml:4:8: unknown unit"));
  EXPECT_TRUE(has(errors_of_table(replaced(text, "\"0.5827\"", "0.5827")), "grid.toml:10:"));
  EXPECT_TRUE(has(errors_of_table(replaced(text, "data_year = 2022", "data_year = 2021")), "two values of 2021"));
  EXPECT_TRUE(has(errors_of_table(replaced(text, "trust = \"repositories\"\n", "")), "trust is missing"));
  EXPECT_TRUE(has(errors_of_table(replaced(text, "trust = \"repo", "confirmed = 1\ntrust = \"repo")), "unknown key"));
  EXPECT_TRUE(has(errors_of_table(text + text), "grid_average stands in grid.toml already"));
}

TEST(parameters_from_a_table, take_value_unit_source_and_trust_from_it) {
  const Methodology methodology = loaded(generation(year_2021 + year_2023), grid());
  ASSERT_EQ(methodology.parameters.size(), 2u);
  const MethodologyParameter& first = methodology.parameters.front();
  EXPECT_EQ(first.value, (Decimal{6451, 4}));
  EXPECT_EQ(first.unit, "kgCO2e/kWh");
  EXPECT_EQ(first.source, "a notice");
  EXPECT_EQ(first.trust, "demonstration");
  const std::int64_t megawatt[] = {1'100'000, 3'600'000};
  EXPECT_EQ(methodology.in_force(day_of({2026, 1, 1}))->reduction_mg(megawatt), 640'970'000'000);
}

TEST(parameters_from_a_table, name_what_the_table_has) {
  EXPECT_TRUE(has(errors_in(generation(year_2021), {}), "no table of factors was given"));
  const std::string other_name = replaced(year_2021, "grid_average", "grid_mean");
  EXPECT_TRUE(has(errors_in(generation(other_name), grid()), "known are: grid_average"));
  const std::string other_year = replaced(year_2021, "2021", "2020");
  EXPECT_TRUE(has(errors_in(generation(other_year), grid()), "region 320000 has the data years 2021, 2022, 2023"));
  const std::string other_region = replaced(year_2021, "320000", "100000");
  EXPECT_TRUE(has(errors_in(generation(other_region), grid()), "region 100000 is not in the table"));
}

TEST(parameters_from_a_table, state_no_value_of_their_own) {
  EXPECT_TRUE(has(errors_in(generation(year_2021 + "value = \"1\"\n" + year_2023), grid()), "unknown key value"));
}

TEST(parameters_from_a_table, are_part_of_the_hash) {
  const SampleFile file = generation(year_2021 + year_2023);
  const std::string text = grid_text;
  const Digest hash = loaded(file, grid()).hash;
  EXPECT_NE(loaded(file, grid(replaced(text, "0.5827", "0.5828"))).hash, hash);
  EXPECT_NE(loaded(file, grid(replaced(text, "a notice", "the notice"))).hash, hash);
  EXPECT_NE(loaded(file, grid(replaced(text, "\"repositories\"", "\"official\""))).hash, hash);
  EXPECT_EQ(loaded(file, grid(replaced(text, "0.5978", "0.5979"))).hash, hash) << "a row that is not used";
}

}  // namespace
}  // namespace tanpuhui
