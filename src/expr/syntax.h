#pragma once
/// The text of a formula as a tree. The language:
///
///   distance_km >= 3 km/h * duration and distance_km <= 15 km
///   if(fuel == "petrol", litres_l * petrol, used_kwh * grid)
///   sum(m in material, mass_kg[m] * factor_of[m])
///   round_half_up(used_kwh / persons_person, 0.1 kWh/person)
///
/// Numbers with or without units, names, `+ - * /`, comparisons (one at a time), `and or not`, `min` and `max` of two
/// to eight values, `if(condition, a, b)`, words in quotes, `table[field]`, `sum(variable in list, ...)`, `round_down`,
/// `round_up` and `round_half_up` (a half goes away from zero) to multiples of a step, parentheses. White space means
/// nothing. ASCII only, at most 4,096 bytes (as written and with single spaces), at most 64 parentheses or functions
/// deep.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "expr/unit.h"

namespace tanpuhui::expr {

struct Position {
  int line = 1;
  int column = 1;
  bool operator==(const Position&) const = default;
};

/// What is wrong in a formula, where, and how to mend it.
struct FormulaError {
  Position at;
  std::string message;
  std::string remedy;
};
using FormulaErrors = std::vector<FormulaError>;

enum class NodeKind : std::uint8_t {
  number,
  name,
  negate,
  logical_not,
  add,
  subtract,
  multiply,
  divide,
  less,
  less_equal,
  greater,
  greater_equal,
  equal,
  not_equal,
  logical_and,
  logical_or,
  minimum,
  maximum,
  choice,         ///< if(left, right, third)
  round_down,     ///< towards minus infinity; left: what is rounded, right: the step
  round_up,       ///< towards plus infinity
  round_half_up,  ///< to the nearest, a half away from zero
  word,           ///< "petrol"
  lookup,         ///< name[index]
  sum_open,       ///< before the first node of a sum's body
  sum             ///< sum(index in name, left)
};

struct Node {
  NodeKind kind = NodeKind::number;
  Position at;
  std::size_t left = 0, right = 0, third = 0;  ///< indices of the operands; they always come before the node itself
  std::size_t partner = 0;                     ///< of a `sum_open` its `sum`, of a `sum` its `sum_open`
  std::string name;                            ///< of a `name`, `word`, `lookup`; of a sum the list
  std::string index;                           ///< of a `lookup` what stands in brackets; of a sum the variable
  Position index_at;                           ///< of `index`; of a sum where the list stands
  Exact value;                                 ///< of a `number`, in base units
  Dimension dimension{};                       ///< of a `number`
  bool rounded = false;                        ///< a `divide` that is the very thing a rounding rounds
  bool partial = false;                        ///< min(a, b) inside min(a, b, c): not a part of the text by itself
  std::uint32_t begin = 0, end = 0;            ///< its text in `Syntax::canonical`
};

struct Syntax {
  std::vector<Node> nodes;  ///< operands before operators; the last one is the whole formula
  std::string canonical;    ///< the tokens with single spaces: equal for texts that differ in white space only

  std::string_view text_of(const Node& node) const {
    return std::string_view(canonical).substr(node.begin, node.end - node.begin);
  }
};

/// `origin` is where the first character of `text` stands in its file.
Result<Syntax, FormulaErrors> parse_formula(std::string_view text, Position origin);

/// Words that cannot name a field or a parameter: units, operators, functions, and what a later language may need.
bool is_reserved(std::string_view word);
/// A lower-case letter, then lower-case letters, digits and `_`; at most 64 characters.
bool is_name(std::string_view word);

}  // namespace tanpuhui::expr
