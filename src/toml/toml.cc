#include "toml/toml.h"

#include <algorithm>

#include "toml/precheck.h"

// The packaged library is built with exceptions; ours must give errors as values, so the parser is compiled in here.
#undef TOML_HEADER_ONLY
#undef TOML_SHARED_LIB
#define TOML_HEADER_ONLY 1
#define TOML_EXCEPTIONS 0
#define TOML_ENABLE_FORMATTERS 0
#define TOML_MAX_NESTED_VALUES 32
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wshadow"
#include <toml++/toml.h>
#pragma GCC diagnostic pop

namespace tanpuhui {
namespace {

TextPosition position(const toml::source_region& region) {
  return {static_cast<int>(region.begin.line), static_cast<int>(region.begin.column)};
}

/// Copies the parser's tree into ours and notes what we do not accept.
class Converter {
 public:
  explicit Converter(std::string_view file) : file_(file) {}

  TomlValue convert(const toml::node& node, TextPosition fallback) {
    TomlValue value;
    value.at = node.source().begin.line == 0 ? fallback : position(node.source());
    if (const auto* table = node.as_table()) {
      fill(value, *table);
    } else if (const auto* array = node.as_array()) {
      fill(value, *array);
    } else {
      fill_plain(value, node);
    }
    return value;
  }

  TextErrors errors;

 private:
  void fill(TomlValue& value, const toml::table& table) {
    value.kind = TomlKind::table;
    for (const auto& [key, node] : table) {
      const TextPosition at = position(key.source());
      value.entries.push_back({std::string(key.str()), at, convert(node, at)});
    }
    std::stable_sort(value.entries.begin(), value.entries.end(), [](const TomlEntry& a, const TomlEntry& b) {
      return std::pair(a.at.line, a.at.column) < std::pair(b.at.line, b.at.column);
    });
  }

  void fill(TomlValue& value, const toml::array& array) {
    value.kind = TomlKind::array;
    for (const toml::node& node : array) value.items.push_back(convert(node, value.at));
  }

  void fill_plain(TomlValue& value, const toml::node& node) {
    if (const auto* text = node.as_string()) {
      value.kind = TomlKind::text;
      value.text = text->get();
    } else if (const auto* integer = node.as_integer()) {
      value.kind = TomlKind::integer;
      value.integer = integer->get();
    } else if (const auto* boolean = node.as_boolean()) {
      value.kind = TomlKind::boolean;
      value.boolean = boolean->get();
    } else if (const auto* date = node.as_date()) {
      value.kind = TomlKind::day;
      value.day = day_of({date->get().year, date->get().month, date->get().day});
    } else if (node.is_floating_point()) {
      refuse_value(value.at, "floating point is not accepted", "write quantities as text, for example \"62.370\"");
    } else {
      refuse_value(value.at, "times of day are not accepted", "write a day (2025-01-31) or an instant as text");
    }
  }

  void refuse_value(TextPosition at, std::string message, std::string remedy) {
    errors.push_back({file_, at.line, at.column, std::move(message), std::move(remedy)});
  }

  std::string file_;
};

TextErrors one_error(std::string_view file, TextPosition at, std::string message, std::string remedy) {
  return {{std::string(file), at.line, at.column, std::move(message), std::move(remedy)}};
}

}  // namespace

Result<TomlValue, TextErrors> parse_toml(std::string_view text, std::string_view file_name) {
  if (text.size() > toml_bytes_max)
    return one_error(file_name, {}, "the file is larger than 4 MiB", "split it or remove what does not belong in it");
  if (auto found = precheck_toml(text)) {
    found->file = file_name;
    return TextErrors{*found};
  }
  const toml::parse_result parsed = toml::parse(text, file_name);
  if (!parsed) {
    const auto& error = parsed.error();
    return one_error(file_name, position(error.source()), std::string(error.description()),
                     "correct the TOML at this place");
  }
  Converter converter(file_name);
  TomlValue value = converter.convert(parsed.table(), {});
  if (!converter.errors.empty()) return std::move(converter.errors);
  return value;
}

const TomlValue* TomlValue::find(std::string_view key) const {
  for (const TomlEntry& entry : entries)
    if (entry.key == key) return &entry.value;
  return nullptr;
}

std::string_view name_of(TomlKind kind) {
  switch (kind) {
    case TomlKind::table:
      return "a table";
    case TomlKind::array:
      return "an array";
    case TomlKind::text:
      return "text";
    case TomlKind::integer:
      return "a whole number";
    case TomlKind::boolean:
      return "true or false";
    case TomlKind::day:
      return "a day";
  }
  return "a value";
}

std::string describe(const TextError& error) {
  return error.file + ":" + std::to_string(error.line) + ":" + std::to_string(error.column) +
         (error.passage.empty() ? "" : " (" + error.passage + ")") + ": " + error.message +
         (error.remedy.empty() ? "" : "; " + error.remedy);
}

std::string describe(const TextErrors& errors) {
  std::string lines;
  for (const TextError& error : errors) lines += describe(error) + "\n";
  return lines;
}

}  // namespace tanpuhui
