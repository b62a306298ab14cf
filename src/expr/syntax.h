#pragma once
/// The text of a formula as a tree. The language of this version:
///
///   distance_km >= 3 km/h * duration and distance_km <= 15 km
///   distance_km * (baseline - project)
///   max(0.5 kgCO2e, saved) / 2
///
/// Numbers with or without units, names, `+ - * /`, comparisons (one at a time), `and or not`, `min(a, b)`, `max(a,
/// b)`, parentheses. White space means nothing. ASCII only, at most 4,096 bytes, parentheses at most 64 deep.
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
  maximum
};

struct Node {
  NodeKind kind = NodeKind::number;
  Position at;
  std::size_t left = 0, right = 0;  ///< indices of the operands; they always come before the node itself
  std::string name;                 ///< of a `name`
  Exact value;                      ///< of a `number`, in base units
  Dimension dimension{};            ///< of a `number`
};

struct Syntax {
  std::vector<Node> nodes;  ///< operands before operators; the last one is the whole formula
  std::string canonical;    ///< the tokens with single spaces: equal for texts that differ in white space only
};

/// `origin` is where the first character of `text` stands in its file.
Result<Syntax, FormulaErrors> parse_formula(std::string_view text, Position origin);

/// Words that cannot name a field or a parameter: units, operators, and what a later version of the language needs.
bool is_reserved(std::string_view word);
/// A lower-case letter, then lower-case letters, digits and `_`; at most 64 characters.
bool is_name(std::string_view word);

}  // namespace tanpuhui::expr
