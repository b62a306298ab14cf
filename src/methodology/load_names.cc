#include <fmt/format.h>

#include "methodology/draft.h"

namespace tanpuhui {
namespace {

/// distance_km, energy_kwh, speed_km_per_h
std::string suffix_of(std::string_view unit) {
  std::string suffix = "_";
  for (char c : unit) {
    if (c == '/')
      suffix += "_per_";
    else if (c == '*')
      suffix += '_';
    else
      suffix += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return suffix;
}

}  // namespace

void claim_name(TomlReader& table, const std::string& name, Draft& draft) {
  if (!table.has("name")) return;
  if (!expr::is_name(name) || expr::is_reserved(name))
    table.fail("name", fmt::format("\"{}\" cannot be a name", name.substr(0, 40)),
               "a-z, 0-9 and _, no unit, no word of the language");
  else if (!draft.names.insert(name).second || name == "duration" || name == "duration_s")
    table.fail("name", fmt::format("\"{}\" stands for something already", name), "choose another name");
}

expr::Unit read_unit(TomlReader& table, std::string_view key, const std::string& text) {
  const TomlValue* value = table.raw(key);
  if (value == nullptr || !value->is(TomlKind::text)) return {};
  const auto parsed = expr::parse_unit(text);
  if (parsed) return *parsed;
  table.fail(key, parsed.error(), "known are, for instance: gCO2e/km km kWh s");
  return {};
}

void require_suffix(TomlReader& table, const std::string& name, const std::string& unit) {
  const std::string suffix = suffix_of(unit);
  if (unit != "1" && expr::parse_unit(unit) && !name.ends_with(suffix))
    table.fail("name", "the name of a number ends in its unit", fmt::format("end it in {}", suffix));
}

std::optional<std::size_t> find_list(TomlReader& table, std::string_view key, const std::string& name,
                                     const Draft& draft) {
  for (std::size_t i = 0; i < draft.out.lists.size(); ++i)
    if (draft.out.lists[i].name == name) return i;
  table.fail(key, fmt::format("there is no list \"{}\"", name.substr(0, 40)), "add a [[list]] of this name");
  return std::nullopt;
}

}  // namespace tanpuhui
