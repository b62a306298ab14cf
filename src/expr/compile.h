#pragma once
/// From the text of a formula to a Program: units are checked, scales and ranges inferred, overflow excluded.
///
/// Each value is an integer register times an exact fraction (its scale), known before any record is seen: a distance
/// in km with three decimals is a register times 1 m. Products multiply registers and scales; sums and comparisons
/// first bring both sides to their common scale by whole factors. So nothing is rounded inside a formula but by its
/// own round_... . Constants (numbers, parameters, and what is made of them) move into the scales and cost nothing.
///
/// The range of every register follows from the ranges of the inputs. What may leave 128 bits is an error here; what
/// stays within 64 is calculated in 64.
///
/// Division by a constant is exact. By anything else it stands directly inside a rounding, `round_down(a / b, step)`,
/// and the range of b must exclude zero. Two fields are compared by multiplying: distance >= 3 km/h * duration.
///
/// A word of a list is the number of its place in the list, from 0. `sum(m in material, ...)` is written out, a term a
/// word; a table looked up by a sum's variable is a constant, by a field one load. A name (let) is calculated once.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "expr/program.h"
#include "expr/syntax.h"

namespace tanpuhui::expr {

/// A closed list of words, at least one.
struct WordList {
  std::string name;
  std::vector<std::string> words;
};

/// A column: integers of 10^-decimals of the unit, between min and max (both included).
struct Input {
  std::string name;
  Unit unit;
  int decimals = 0;
  std::int64_t min = 0;
  std::int64_t max = 0;
  std::optional<std::size_t> list =
      std::nullopt;  ///< a word of Symbols::lists[*list]: 0 to words - 1, whatever min, max
  std::optional<std::size_t> per = std::nullopt;  ///< one column for each word of Symbols::lists[*per], in their order
};

/// A name for an exact value: a parameter in force.
struct Constant {
  std::string name;
  Exact value;  ///< in base units
  Dimension dimension{};
};

/// A value for each word of a list.
struct Table {
  std::string name;
  std::size_t list = 0;       ///< into Symbols::lists
  std::vector<Exact> values;  ///< in base units, as many as the list has words
  Dimension dimension{};
};

/// A name for a formula. It may use the names before it.
struct Named {
  std::string name;
  Syntax syntax;
};

/// What a formula may speak of. Each name stands for one thing only (the loader sees to that).
struct Symbols {
  std::vector<WordList> lists;
  std::vector<Input>
      inputs;  ///< columns are numbered in their order; one with `per` takes as many as its list has words
  std::vector<Constant> constants;
  std::vector<Table> tables;
  std::vector<Named> names;
};

/// The first column of inputs[index]; of inputs.size(): how many columns there are.
std::size_t column_of(const Symbols& symbols, std::size_t index);

/// The formula must be a condition. Several errors may come from one pass, also from the names that it uses, at their
/// own places.
Result<Program, FormulaErrors> compile_condition(const Syntax& syntax, const Symbols& symbols);
/// The formula must have the dimension of `wanted`; the program's result / divisor is the value in that unit.
Result<Program, FormulaErrors> compile_quantity(const Syntax& syntax, const Symbols& symbols, const Unit& wanted);
/// What is wrong with the names, used or not, each error once. Ask before the formulas that use them.
FormulaErrors check_names(const Symbols& symbols);

}  // namespace tanpuhui::expr
