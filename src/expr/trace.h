#pragma once
/// The worked calculation of one record, step by step, in exact fractions: what a person can follow with pencil and
/// paper. It walks the text of the formula and knows nothing of registers and scales, so that it is also the measure
/// that the tests hold the compiled programs to.
///
///   for (const Step& step : trace(syntax, symbols, inputs))
///     step.text      "distance_km * factor_of [ fuel ]"      the part of the formula, canonical
///     step.value     "579.08 gCO2e"                          a decimal, or a fraction: "1/3 kWh"
///
/// First the names (let) that the formula needs, then the formula itself; operands before operators, the whole formula
/// last. Names, parameters and fields appear where they are first met, look-ups always, bare numbers never.
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "expr/compile.h"

namespace tanpuhui::expr {

struct Step {
  enum class Kind : std::uint8_t {
    field,      ///< a field of the record; `stands_for` is empty
    parameter,  ///< a constant by its name
    name,       ///< a let; `stands_for` is its formula
    lookup,     ///< `stands_for` names the word: `fuel = "petrol"`
    operation,  ///< anything that calculates or decides
    number      ///< only when the whole formula is a bare number
  };
  Kind kind = Kind::operation;
  Position at;
  std::string text;
  std::string stands_for;
  std::string value;           ///< with its unit; conditions: `true`, `false`; words: the word itself
  std::optional<Exact> exact;  ///< in base units, conditions 0 or 1, words their place; empty: beyond 128 bits
  Dimension dimension{};
};

/// The formula compiles with these symbols and the inputs are in range; else it is a Defect.
std::vector<Step> trace(const Syntax& syntax, const Symbols& symbols, std::span<const std::int64_t> inputs);

/// An exact value of base units for people, in the unit of `shown_unit`.
std::string show(Exact value, const Dimension& dimension);
/// "12.5" or, where the decimals never end, "1/3".
std::string decimal_or_fraction(Exact value);

}  // namespace tanpuhui::expr
