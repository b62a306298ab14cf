#include "methodology/factors.h"

#include <algorithm>

#include <fmt/format.h>

#include "expr/syntax.h"
#include "methodology/draft.h"

namespace tanpuhui {
namespace {

FactorRow read_row(TomlReader& table, const std::optional<std::string>& source,
                   const std::optional<std::string>& trust) {
  FactorRow row;
  row.region = table.text("region");
  row.data_year = table.integer("data_year", data_year_min, data_year_max);
  row.value = without_trailing_zeros(table.decimal("value"));
  row.trust = trust && !table.has("trust") ? *trust : table.one_of("trust", trust_marks);
  row.source = source && !table.has("source") ? *source : table.text("source");
  table.finish();
  return row;
}

void read_rows(TomlReader& table, FactorTable& factor) {
  const auto source = table.optional_text("source");
  std::optional<std::string> trust;
  if (table.has("trust")) trust = table.one_of("trust", trust_marks);
  if (source && source->empty()) table.fail("source", "the source is empty", "name where the values are from");
  for (TomlReader& each : table.tables("row")) {
    FactorRow row = read_row(each, source, trust);
    if (factor.find(row.region, row.data_year) != nullptr)
      each.fail("region", fmt::format("{} has two values of {}", row.region, row.data_year), "keep one of them");
    factor.rows.push_back(std::move(row));
  }
  if (factor.rows.empty()) table.fail("row", "a factor has at least one value", "add row = [ { ... } ]");
}

FactorTable read_factor(TomlReader& table, const std::string& file) {
  FactorTable factor;
  factor.file = file;
  factor.name = table.text("name");
  if (table.has("name") && !expr::is_name(factor.name))
    table.fail("name", "the name of a factor is a word of a-z, 0-9 and _", "for instance grid_average");
  factor.title = read_bilingual(table, "title");
  factor.unit = table.text("unit");
  const auto unit = expr::parse_unit(factor.unit);
  if (table.has("unit") && !unit) table.fail("unit", unit.error(), "for instance kgCO2e/kWh");
  read_rows(table, factor);
  table.finish();
  return factor;
}

void read_file(const SourceFile& file, FactorTables& out, TextErrors& errors) {
  const auto parsed = parse_toml(file.text, file.name);
  if (!parsed) return static_cast<void>(errors.insert(errors.end(), parsed.error().begin(), parsed.error().end()));
  TomlReader root(*parsed, file.name, errors);
  for (TomlReader& table : root.tables("factor")) {
    FactorTable factor = read_factor(table, file.name);
    if (const FactorTable* other = out.find(factor.name))
      table.fail("name", fmt::format("{} stands in {} already", factor.name, other->file), "keep one of them");
    out.tables.push_back(std::move(factor));
  }
  root.finish();
}

}  // namespace

const FactorRow* FactorTable::find(std::string_view region, std::int64_t data_year) const {
  const auto found = std::find_if(rows.begin(), rows.end(), [&](const FactorRow& row) {
    return row.region == region && row.data_year == data_year;
  });
  return found == rows.end() ? nullptr : &*found;
}

const FactorTable* FactorTables::find(std::string_view name) const {
  const auto found = std::find_if(tables.begin(), tables.end(), [&](const auto& table) { return table.name == name; });
  return found == tables.end() ? nullptr : &*found;
}

Result<FactorTables, TextErrors> load_factors(std::span<const SourceFile> files) {
  FactorTables tables;
  TextErrors errors;
  for (const SourceFile& file : files) read_file(file, tables, errors);
  if (!errors.empty()) return errors;
  return tables;
}

}  // namespace tanpuhui
