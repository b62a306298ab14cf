#include <algorithm>
#include <string>

#include "toml/toml.h"

namespace tanpuhui {
namespace {

std::string example_of(std::string_view key, TomlKind kind) {
  const std::string name(key);
  switch (kind) {
    case TomlKind::table:
      return "add the table [" + name + "]";
    case TomlKind::array:
      return "write " + name + " = [ ... ]";
    case TomlKind::text:
      return "write " + name + " = \"...\"";
    case TomlKind::integer:
      return "write " + name + " = 2, without quotes";
    case TomlKind::boolean:
      return "write " + name + " = true or " + name + " = false";
    case TomlKind::day:
      return "write " + name + " = 2025-01-31, without quotes";
  }
  return {};
}

std::string joined(std::span<const std::string_view> words) {
  std::string all;
  for (std::string_view word : words) all += (all.empty() ? "" : ", ") + std::string(word);
  return all;
}

std::string message_of(DecimalError error, std::string_view key) {
  switch (error) {
    case DecimalError::not_a_number:
      return std::string(key) + " is not a decimal number";
    case DecimalError::too_many_decimals:
      return std::string(key) + " has too many decimals";
    case DecimalError::out_of_range:
      return std::string(key) + " is too large";
  }
  return {};
}

}  // namespace

TomlReader::TomlReader(const TomlValue& table, std::string_view file, TextErrors& errors)
    : table_(&table), file_(file), errors_(&errors), read_(table.entries.size(), false) {
  if (!table.is(TomlKind::table)) add(table.at, "this must be a table", "write [name] or { key = value }");
}

void TomlReader::add(TextPosition at, std::string message, std::string remedy) {
  errors_->push_back({file_, at.line, at.column, std::move(message), std::move(remedy)});
}

const TomlValue* TomlReader::take(std::string_view key) {
  for (std::size_t i = 0; i < table_->entries.size(); ++i) {
    if (table_->entries[i].key != key) continue;
    read_[i] = true;
    return &table_->entries[i].value;
  }
  return nullptr;
}

const TomlValue* TomlReader::wanted(std::string_view key, TomlKind kind, bool required) {
  const TomlValue* value = take(key);
  if (value == nullptr) {
    if (required) add(table_->at, std::string(key) + " is missing", example_of(key, kind));
    return nullptr;
  }
  if (value->is(kind)) return value;
  add(value->at, std::string(key) + " must be " + std::string(name_of(kind)), example_of(key, kind));
  return nullptr;
}

std::vector<const TomlValue*> TomlReader::wanted_items(std::string_view key, TomlKind kind) {
  std::vector<const TomlValue*> items;
  const TomlValue* array = wanted(key, TomlKind::array, false);
  if (array == nullptr) return items;
  for (const TomlValue& item : array->items) {
    if (item.is(kind)) {
      items.push_back(&item);
    } else {
      add(item.at, "each element of " + std::string(key) + " must be " + std::string(name_of(kind)), "correct it");
    }
  }
  return items;
}

std::string TomlReader::text(std::string_view key) {
  const TomlValue* value = wanted(key, TomlKind::text, true);
  if (value == nullptr) return {};
  if (value->text.empty()) add(value->at, std::string(key) + " is empty", example_of(key, TomlKind::text));
  return value->text;
}

std::optional<std::string> TomlReader::optional_text(std::string_view key) {
  const TomlValue* value = wanted(key, TomlKind::text, false);
  if (value == nullptr) return std::nullopt;
  return value->text;
}

std::string TomlReader::one_of(std::string_view key, std::span<const std::string_view> allowed) {
  const TomlValue* value = wanted(key, TomlKind::text, true);
  if (value == nullptr) return {};
  if (std::find(allowed.begin(), allowed.end(), value->text) != allowed.end()) return value->text;
  add(value->at, std::string(key) + " is none of the known words", "write one of: " + joined(allowed));
  return {};
}

std::int64_t TomlReader::bounded(const TomlValue& value, std::string_view key, std::int64_t min, std::int64_t max) {
  if (value.integer >= min && value.integer <= max) return value.integer;
  add(value.at, std::string(key) + " is out of range",
      "write a whole number from " + std::to_string(min) + " to " + std::to_string(max));
  return 0;
}

std::int64_t TomlReader::integer(std::string_view key, std::int64_t min, std::int64_t max) {
  const TomlValue* value = wanted(key, TomlKind::integer, true);
  return value == nullptr ? 0 : bounded(*value, key, min, max);
}

std::optional<std::int64_t> TomlReader::optional_integer(std::string_view key, std::int64_t min, std::int64_t max) {
  const TomlValue* value = wanted(key, TomlKind::integer, false);
  if (value == nullptr) return std::nullopt;
  return bounded(*value, key, min, max);
}

bool TomlReader::boolean(std::string_view key) {
  const TomlValue* value = wanted(key, TomlKind::boolean, true);
  return value != nullptr && value->boolean;
}

std::optional<bool> TomlReader::optional_boolean(std::string_view key) {
  const TomlValue* value = wanted(key, TomlKind::boolean, false);
  if (value == nullptr) return std::nullopt;
  return value->boolean;
}

Decimal TomlReader::decimal_of(const TomlValue& value, std::string_view key) {
  const auto parsed = parse_decimal(value.text);
  if (parsed) return *parsed;
  add(value.at, message_of(parsed.error(), key), "write it like \"62.370\", with at most 18 decimals");
  return {};
}

Decimal TomlReader::decimal(std::string_view key) {
  const TomlValue* value = wanted(key, TomlKind::text, true);
  return value == nullptr ? Decimal{} : decimal_of(*value, key);
}

std::optional<Decimal> TomlReader::optional_decimal(std::string_view key) {
  const TomlValue* value = wanted(key, TomlKind::text, false);
  if (value == nullptr) return std::nullopt;
  return decimal_of(*value, key);
}

std::int64_t TomlReader::fixed(std::string_view key, int decimals) {
  const TomlValue* value = wanted(key, TomlKind::text, true);
  if (value == nullptr) return 0;
  const auto parsed = parse_fixed(value->text, decimals);
  if (parsed) return *parsed;
  add(value->at, message_of(parsed.error(), key),
      "write it like \"62.37\", with at most " + std::to_string(decimals) + " decimals");
  return 0;
}

Day TomlReader::day(std::string_view key) {
  const TomlValue* value = wanted(key, TomlKind::day, true);
  return value == nullptr ? Day{} : value->day;
}

std::optional<Day> TomlReader::optional_day(std::string_view key) {
  const TomlValue* value = wanted(key, TomlKind::day, false);
  if (value == nullptr) return std::nullopt;
  return value->day;
}

std::vector<std::string> TomlReader::texts(std::string_view key) {
  std::vector<std::string> all;
  for (const TomlValue* item : wanted_items(key, TomlKind::text)) all.push_back(item->text);
  return all;
}

std::vector<Day> TomlReader::days(std::string_view key) {
  std::vector<Day> all;
  for (const TomlValue* item : wanted_items(key, TomlKind::day)) all.push_back(item->day);
  return all;
}

std::vector<std::int64_t> TomlReader::integers(std::string_view key) {
  std::vector<std::int64_t> all;
  for (const TomlValue* item : wanted_items(key, TomlKind::integer)) all.push_back(item->integer);
  return all;
}

std::optional<TomlReader> TomlReader::table(std::string_view key) {
  const TomlValue* value = wanted(key, TomlKind::table, true);
  if (value == nullptr) return std::nullopt;
  return TomlReader(*value, file_, *errors_);
}

std::optional<TomlReader> TomlReader::optional_table(std::string_view key) {
  const TomlValue* value = wanted(key, TomlKind::table, false);
  if (value == nullptr) return std::nullopt;
  return TomlReader(*value, file_, *errors_);
}

std::vector<TomlReader> TomlReader::tables(std::string_view key) {
  std::vector<TomlReader> all;
  for (const TomlValue* item : wanted_items(key, TomlKind::table)) all.emplace_back(*item, file_, *errors_);
  return all;
}

const TomlValue* TomlReader::raw(std::string_view key) { return take(key); }

std::vector<std::string> TomlReader::keys() const {
  std::vector<std::string> all;
  for (const TomlEntry& entry : table_->entries) all.push_back(entry.key);
  return all;
}

void TomlReader::fail(std::string_view key, std::string message, std::string remedy) {
  const TomlValue* value = table_->find(key);
  add(value == nullptr ? table_->at : value->at, std::move(message), std::move(remedy));
}

void TomlReader::finish() {
  for (std::size_t i = 0; i < read_.size(); ++i)
    if (!read_[i]) add(table_->entries[i].at, "unknown key " + table_->entries[i].key, "remove it or correct its name");
}

}  // namespace tanpuhui
