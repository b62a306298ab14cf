#pragma once
/// From the text of a formula to a Program: units are checked, scales and ranges inferred, overflow excluded.
///
/// Each value is an integer register times an exact fraction (its scale), known before any record is seen: a distance
/// in km with three decimals is a register times 1 m. Products multiply registers and scales; sums and comparisons
/// first bring both sides to their common scale by whole factors. So nothing is rounded inside a formula. Constants
/// (numbers, parameters, and what is made of them) move into the scales and cost nothing.
///
/// The range of every register follows from the ranges of the inputs. What may leave 128 bits is an error here; what
/// stays within 64 is calculated in 64.
///
/// Division: only by constants, where it is exact. Two fields are compared by multiplying: distance >= 3 km/h *
/// duration.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "expr/program.h"
#include "expr/syntax.h"

namespace tanpuhui::expr {

/// A column: integers of 10^-decimals of the unit, between min and max (both included).
struct Input {
  std::string name;
  Unit unit;
  int decimals = 0;
  std::int64_t min = 0;
  std::int64_t max = 0;
};

/// A name for an exact value: a parameter in force.
struct Constant {
  std::string name;
  Exact value;  ///< in base units
  Dimension dimension{};
};

struct Symbols {
  std::vector<Input> inputs;  ///< in the order of the columns
  std::vector<Constant> constants;
};

/// The formula must be a condition. Several errors may come from one pass.
Result<Program, FormulaErrors> compile_condition(const Syntax& syntax, const Symbols& symbols);
/// The formula must have the dimension of `wanted`; the program's result / divisor is the value in that unit.
Result<Program, FormulaErrors> compile_quantity(const Syntax& syntax, const Symbols& symbols, const Unit& wanted);

}  // namespace tanpuhui::expr
