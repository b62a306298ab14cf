#include "publications/data_set.h"

#include <algorithm>

#include <boost/json.hpp>

#include "base/check.h"
#include "base/decimal.h"

namespace tanpuhui {
namespace {

namespace json = boost::json;

constexpr std::string_view suppressed_word = "suppressed";
constexpr int tonne_decimals = 9;

struct ToJson {
  json::value operator()(std::monostate) const { return nullptr; }
  json::value operator()(const std::string& text) const { return json::value(text); }
  json::value operator()(std::int64_t number) const { return number; }
  json::value operator()(Milligrams amount) const { return json::value(format_fixed(amount.count(), tonne_decimals)); }
  json::value operator()(Suppressed) const { return json::value(suppressed_word); }
};

json::value json_of(const Cell& cell) {
  if (cell.parts.empty()) return std::visit(ToJson{}, cell.value);
  json::object parts;
  for (const auto& [name, value] : cell.parts) parts[name] = std::visit(ToJson{}, value);
  return parts;
}

// A spreadsheet runs what begins like a formula.
std::string disarmed(const std::string& text) {
  const bool armed = !text.empty() && std::string_view("=+-@\t\r").find(text.front()) != std::string_view::npos;
  return armed ? "'" + text : text;
}

std::string quoted(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string all = "\"";
  for (const char c : text) all += c == '"' ? "\"\"" : std::string(1, c);
  return all + "\"";
}

struct ToCsv {
  std::string operator()(std::monostate) const { return ""; }
  std::string operator()(const std::string& text) const { return quoted(disarmed(text)); }
  std::string operator()(std::int64_t number) const { return std::to_string(number); }
  std::string operator()(Milligrams amount) const { return format_fixed(amount.count(), tonne_decimals); }
  std::string operator()(Suppressed) const { return std::string(suppressed_word); }
};

const Cell& cell_of(const Row& row, const DataField& field) {
  const auto found = row.find(field.id);
  TANPUHUI_REQUIRE(found != row.end(), "a row of a data set has every field");
  return found->second;
}

/// A field, and one of its parts where it has any.
struct Column {
  const DataField* field = nullptr;
  std::string part;
};

std::vector<Column> columns_of(const DataSet& set) {
  std::vector<Column> columns;
  for (const DataField& field : set.fields) {
    std::vector<std::string> parts;
    for (const Row& row : set.rows)
      for (const auto& [part, value] : cell_of(row, field).parts)
        if (std::ranges::find(parts, part) == parts.end()) parts.push_back(part);
    if (parts.empty()) columns.push_back({&field, ""});
    for (std::string& part : parts) columns.push_back({&field, std::move(part)});
  }
  return columns;
}

std::string csv_of(const Cell& cell, const std::string& part) {
  if (part.empty()) return std::visit(ToCsv{}, cell.value);
  const auto found = std::ranges::find(cell.parts, part, &std::pair<std::string, Value>::first);
  return found == cell.parts.end() ? "" : std::visit(ToCsv{}, found->second);
}

bool is_suppressed(const Value& value) { return std::holds_alternative<Suppressed>(value); }

}  // namespace

std::int64_t DataSet::suppressed() const {
  std::int64_t count = 0;
  for (const Row& row : rows)
    for (const auto& [field, cell] : row) {
      count += is_suppressed(cell.value) ? 1 : 0;
      count += std::ranges::count_if(cell.parts, [](const auto& part) { return is_suppressed(part.second); });
    }
  return count;
}

std::string format_json(const DataSet& set) {
  json::array fields, rows;
  for (const DataField& field : set.fields) fields.push_back({{"id", field.id}, {"zh", field.zh}, {"en", field.en}});
  for (const Row& row : set.rows) {
    json::object values;
    for (const DataField& field : set.fields) values[field.id] = json_of(cell_of(row, field));
    rows.push_back(std::move(values));
  }
  const json::object all{{"publication", set.publication},
                         {"title_zh", set.title_zh},
                         {"title_en", set.title_en},
                         {"basis", set.basis},
                         {"programme", set.programme},
                         {"rehearsal", set.rehearsal},
                         {"rulebook", set.rulebook},
                         {"rulebook_hash", to_hex(set.rulebook_hash)},
                         {"period", set.period.empty() ? json::value(nullptr) : json::value(set.period)},
                         {"as_of_entry", set.as_of.value},
                         {"as_of", format_instant(set.as_of_at, set.zone)},
                         {"group_min", set.group_min},
                         {"suppressed", set.suppressed()},
                         {"fields", std::move(fields)},
                         {"rows", std::move(rows)}};
  return json::serialize(all) + "\n";
}

std::string format_csv(const DataSet& set) {
  const std::vector<Column> columns = columns_of(set);
  std::string text;
  const auto end_line = [&] { text.back() = '\r', text += '\n'; };
  for (const Column& column : columns)
    text += quoted(column.field->id + (column.part.empty() ? "" : "." + column.part)) + ",";
  end_line();
  for (const Row& row : set.rows) {
    for (const Column& column : columns) text += csv_of(cell_of(row, *column.field), column.part) + ",";
    end_line();
  }
  return text;
}

}  // namespace tanpuhui
