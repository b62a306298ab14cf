#pragma once
/// Units with dimensions. Mass of CO2e is a kind of its own (`gCO2e`), so that it can never be added to a mass of
/// clothes (`g`) by mistake.
///
///   parse_unit("gCO2e/km")   parse_unit("km/h")   parse_unit("1/day")   parse_unit("1")
///
/// Known: mgCO2e gCO2e kgCO2e tCO2e; mg g kg t; m km m2 m3 L; ms s min h day; Wh kWh MWh; count; person; pkm.
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "expr/exact.h"

namespace tanpuhui::expr {

/// Exponents of: CO2e mass, mass, length, time, energy, count, person.
using Dimension = std::array<std::int8_t, 7>;

struct Unit {
  Dimension dimension{};
  Exact scale{1, 1};  ///< how many base units one of these is; the base units are mgCO2e, mg, m, ms, Wh, count, person
  bool operator==(const Unit&) const = default;
};

std::optional<Unit> find_unit(std::string_view symbol);
/// Products and quotients of symbols, from left to right; a leading `1` stands for no unit. The error is a sentence.
Result<Unit, std::string> parse_unit(std::string_view text);

/// Empty when an exponent leaves -8 to 8 or the scale leaves 128 bits.
std::optional<Unit> multiply(const Unit& a, const Unit& b);
std::optional<Unit> divide(const Unit& a, const Unit& b);

/// A usual unit for a kind of value, to show it to people: gCO2e/km, kWh/person, km/s; areas in m2, volumes in L.
struct ShownUnit {
  std::string text;  ///< empty for a number without unit
  Unit unit;
};
ShownUnit shown_unit(const Dimension& dimension);

/// For messages: `length/time`, `CO2e mass`, `number without unit`.
std::string describe(const Dimension& dimension);

}  // namespace tanpuhui::expr
