#include "expr/unit.h"

#include <algorithm>
#include <cstdlib>
#include <functional>

#include <fmt/format.h>

namespace tanpuhui::expr {
namespace {

struct NamedUnit {
  std::string_view symbol;
  Dimension dimension;
  std::int64_t num;
  std::int64_t den = 1;
};

constexpr Dimension co2e{1}, mass{0, 1}, length{0, 0, 1}, duration{0, 0, 0, 1}, energy{0, 0, 0, 0, 1};
constexpr Dimension number{0, 0, 0, 0, 0, 1}, people{0, 0, 0, 0, 0, 0, 1};

constexpr NamedUnit known[] = {
    {"mgCO2e", co2e, 1},
    {"gCO2e", co2e, 1'000},
    {"kgCO2e", co2e, 1'000'000},
    {"tCO2e", co2e, 1'000'000'000},
    {"mg", mass, 1},
    {"g", mass, 1'000},
    {"kg", mass, 1'000'000},
    {"t", mass, 1'000'000'000},
    {"m", length, 1},
    {"km", length, 1'000},
    {"m2", {0, 0, 2}, 1},
    {"m3", {0, 0, 3}, 1},
    {"L", {0, 0, 3}, 1, 1'000},
    {"ms", duration, 1},
    {"s", duration, 1'000},
    {"min", duration, 60'000},
    {"h", duration, 3'600'000},
    {"day", duration, 86'400'000},
    {"Wh", energy, 1},
    {"kWh", energy, 1'000},
    {"MWh", energy, 1'000'000},
    {"count", number, 1},
    {"person", people, 1},
    {"pkm", {0, 0, 1, 0, 0, 0, 1}, 1'000},
};
constexpr std::string_view shown_symbols[] = {"gCO2e", "kg", "km", "s", "kWh", "count", "person"};
constexpr std::string_view base_symbols[] = {"mgCO2e", "mg", "m", "ms", "Wh", "count", "person"};
constexpr std::string_view dimension_names[] = {"CO2e mass", "mass", "length", "time", "energy", "count", "person"};

std::optional<Unit> combine(const Unit& a, const Unit& b, int sign) {
  Unit result;
  for (std::size_t i = 0; i < a.dimension.size(); ++i) {
    const int exponent = a.dimension[i] + sign * b.dimension[i];
    if (std::abs(exponent) > 8) return std::nullopt;
    result.dimension[i] = static_cast<std::int8_t>(exponent);
  }
  const auto scale = sign > 0 ? multiply(a.scale, b.scale) : divide(a.scale, b.scale);
  if (!scale) return std::nullopt;
  result.scale = *scale;
  return result;
}

void append_power(std::string& out, std::string_view name, int exponent) {
  for (int i = 0; i < exponent; ++i) out += (out.empty() || out.ends_with('/') ? "" : "*") + std::string(name);
}

using Symbols = const std::string_view (&)[7];

/// A product of the symbols; a whole area or volume takes its own symbol.
std::string unit_text(const Dimension& dimension, Symbols symbols) {
  std::string above, below;
  for (std::size_t i = 0; i < dimension.size(); ++i) {
    const int exponent = dimension[i], size = std::abs(exponent);
    const bool length_power = dimension_names[i] == "length" && (size == 2 || size == 3);
    const std::string_view symbol = length_power ? (size == 2 ? "m2" : "L") : symbols[i];
    for (int times = length_power ? 1 : size; times > 0; --times)
      (exponent > 0 ? above : below) += (exponent > 0 ? "*" : "/") + std::string(symbol);
  }
  if (above.empty()) return below.empty() ? below : "1" + below;
  return above.substr(1) + below;
}

}  // namespace

ShownUnit shown_unit(const Dimension& dimension) {
  for (Symbols symbols : {std::cref(shown_symbols), std::cref(base_symbols)}) {
    const std::string text = unit_text(dimension, symbols);
    if (text.empty()) return {};
    if (const auto unit = parse_unit(text)) return {text, *unit};
  }
  return {describe(dimension), {dimension, {1, 1}}};
}

std::optional<Unit> find_unit(std::string_view symbol) {
  for (const NamedUnit& unit : known)
    if (unit.symbol == symbol) return Unit{unit.dimension, *make_exact(unit.num, unit.den)};
  return std::nullopt;
}

Result<Unit, std::string> parse_unit(std::string_view text) {
  Unit result;
  bool by = false;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find_first_of("*/", at), text.size());
    const std::string_view symbol = text.substr(at, end - at);
    const auto unit = symbol == "1" && at == 0 ? Unit{} : find_unit(symbol);
    if (!unit) return fmt::format("unknown unit \"{}\"", symbol.substr(0, 40));
    const auto next = by ? divide(result, *unit) : multiply(result, *unit);
    if (!next) return std::string("the unit has too high a power");
    result = *next;
    if (end == text.size()) break;
    by = text[end] == '/';
    at = end + 1;
  }
  return result;
}

std::optional<Unit> multiply(const Unit& a, const Unit& b) { return combine(a, b, 1); }
std::optional<Unit> divide(const Unit& a, const Unit& b) { return combine(a, b, -1); }

std::string describe(const Dimension& dimension) {
  std::string above, below;
  for (std::size_t i = 0; i < dimension.size(); ++i) {
    append_power(above, dimension_names[i], dimension[i]);
    append_power(below, dimension_names[i], -dimension[i]);
  }
  if (above.empty() && below.empty()) return "number without unit";
  if (below.empty()) return above;
  return (above.empty() ? "1" : above) + "/" + (below.find('*') != std::string::npos ? "(" + below + ")" : below);
}

}  // namespace tanpuhui::expr
