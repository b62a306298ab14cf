#include <algorithm>

#include <fmt/format.h>

#include "methodology/draft.h"

namespace tanpuhui {
namespace {

void read_dates(TomlReader& table, DatedValue& row) {
  row.from = table.day("from");
  row.until = table.optional_day("until");
  if (row.until && *row.until < row.from) table.fail("until", "until is before from", "write the last day in force");
}

void read_stated(TomlReader& table, DatedValue& row) {
  row.value = without_trailing_zeros(table.decimal("value"));
  row.region = table.text("region");
  row.data_year = table.optional_integer("data_year", data_year_min, data_year_max).value_or(0);
  row.source = table.text("source");
  row.trust = table.one_of("trust", trust_marks);
}

std::string known_factors(const FactorTables& factors) {
  std::string names;
  for (const FactorTable& table : factors.tables) names += (names.empty() ? "" : ", ") + table.name;
  return names.empty() ? "no table of factors was given" : "known are: " + names;
}

std::string known_years(const FactorTable& table, const std::string& region) {
  std::string years;
  for (const FactorRow& row : table.rows)
    if (row.region == region) years += (years.empty() ? "" : ", ") + std::to_string(row.data_year);
  return years.empty() ? fmt::format("region {} is not in the table", region.substr(0, 40))
                       : fmt::format("region {} has the data years {}", region, years);
}

/// From a sourced table: its value, source and mark of trust become part of this version. Gives the unit.
std::string read_sourced(TomlReader& table, DatedValue& row, const FactorTables& factors) {
  row.factor = table.text("factor");
  row.region = table.text("region");
  row.data_year = table.integer("data_year", data_year_min, data_year_max);
  const FactorTable* from = factors.find(row.factor);
  if (from == nullptr)
    return table.fail("factor", fmt::format("there is no factor \"{}\"", row.factor.substr(0, 40)),
                      known_factors(factors)),
           std::string();
  const FactorRow* found = from->find(row.region, row.data_year);
  if (found == nullptr)
    return table.fail("factor", fmt::format("{} has no value for this region and data year", row.factor),
                      known_years(*from, row.region)),
           std::string();
  row.value = found->value, row.source = found->source, row.trust = found->trust;
  return from->unit;
}

DatedConstant constant_of(TomlReader& table, std::string name, const DatedValue& row, const expr::Unit& unit) {
  const auto value = expr::multiply(expr::exact_of(row.value), unit.scale);
  if (!value) table.fail("value", "the value does not fit its unit", "use a larger unit");
  return {std::move(name), table.at(), value.value_or(expr::Exact{}), unit.dimension};
}

void read_parameter(TomlReader& table, Draft& draft) {
  MethodologyParameter row;
  row.name = table.text("name");
  const auto& known = draft.out.parameters;
  if (std::none_of(known.begin(), known.end(), [&](const auto& other) { return other.name == row.name; }))
    claim_name(table, row.name, draft);
  expr::Unit unit;
  if (table.has("factor")) {
    row.unit = read_sourced(table, row, draft.factors);
    if (const auto parsed = expr::parse_unit(row.unit)) unit = *parsed;
  } else {
    read_stated(table, row);
    row.unit = table.text("unit");
    unit = read_unit(table, "unit", row.unit);
  }
  read_dates(table, row);
  table.finish();
  draft.constants.push_back(constant_of(table, row.name, row, unit));
  draft.out.parameters.push_back(std::move(row));
}

void require_unit(TomlReader& table, const std::string& unit, const MethodologyTable& wanted) {
  if (!unit.empty() && unit != wanted.unit)
    table.fail("factor", fmt::format("the factor is in {}, the table in {}", unit, wanted.unit),
               "give the table the unit of the factor");
}

void require_word(TomlReader& table, const MethodologyList& list, const std::string& word) {
  if (table.has("word") &&
      std::none_of(list.words.begin(), list.words.end(), [&](const auto& known) { return known.id == word; }))
    table.fail("word", fmt::format("\"{}\" is no word of the list {}", word.substr(0, 40), list.name),
               "add it to the list or correct it");
}

MethodologyTable::Row read_row(TomlReader& table, const MethodologyTable& of, const Draft& draft) {
  MethodologyTable::Row row;
  row.word = table.text("word");
  if (const MethodologyList* list = draft.out.list(of.list)) require_word(table, *list, row.word);
  if (table.has("factor"))
    require_unit(table, read_sourced(table, row, draft.factors), of);
  else
    read_stated(table, row);
  read_dates(table, row);
  table.finish();
  return row;
}

void require_every_word(TomlReader& table, const MethodologyList& list, const MethodologyTable& out) {
  for (const MethodologyList::Word& word : list.words)
    if (std::none_of(out.rows.begin(), out.rows.end(), [&](const auto& row) { return row.word == word.id; }))
      table.fail("row", fmt::format("{} has no value for {}", out.name, word.id), "add a row for it");
}

void read_table(TomlReader& table, Draft& draft) {
  MethodologyTable out;
  out.name = table.text("name");
  claim_name(table, out.name, draft);
  out.list = table.text("list");
  if (table.has("list")) find_list(table, "list", out.list, draft);
  out.unit = table.text("unit");
  const expr::Unit unit = read_unit(table, "unit", out.unit);
  auto& constants = draft.table_constants.emplace_back();
  for (TomlReader& each : table.tables("row")) {
    MethodologyTable::Row row = read_row(each, out, draft);
    constants.push_back(constant_of(each, fmt::format("{}[\"{}\"]", out.name, row.word), row, unit));
    out.rows.push_back(std::move(row));
  }
  if (const MethodologyList* list = draft.out.list(out.list)) require_every_word(table, *list, out);
  table.finish();
  draft.out.tables.push_back(std::move(out));
}

}  // namespace

Decimal without_trailing_zeros(Decimal decimal) {
  while (decimal.scale > 0 && decimal.mantissa % 10 == 0) decimal.mantissa /= 10, --decimal.scale;
  return decimal;
}

void read_parameters(TomlReader& root, Draft& draft) {
  for (TomlReader& table : root.tables("parameter")) read_parameter(table, draft);
}

void read_tables(TomlReader& root, Draft& draft) {
  for (TomlReader& table : root.tables("table")) read_table(table, draft);
}

}  // namespace tanpuhui
