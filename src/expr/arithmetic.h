#pragma once
/// The arithmetic of the compiler: values that are known by their unit, scale and range before any record is seen.
/// Each rule checks units, brings scales together, proves the range of what comes out and appends the operation; what
/// is constant is calculated here and now. Part of compile.h, of no use by itself.
#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "expr/builder.h"
#include "expr/syntax.h"

namespace tanpuhui::expr {

struct Value {
  enum class Kind : std::uint8_t { nothing, number, condition, word, quoted };
  Kind kind = Kind::nothing;  ///< nothing: after an error; whatever uses it stays silent
  Dimension dimension{};
  Exact scale{1, 1};
  int128 low = 0, high = 0;
  Register where;        ///< meaningless while low == high: a constant gets its place when it is used
  std::size_t list = 0;  ///< of a word
  std::string text;      ///< of a word in quotes

  bool usable() const { return kind != Kind::nothing; }
  bool is_number() const { return kind == Kind::number; }
  bool is_condition() const { return kind == Kind::condition; }
  bool constant() const { return low == high; }
};

std::string kind_of(const Value& value);

class Arithmetic {
 public:
  /// A constant is the register -1, 0 or 1 with its size in the scale.
  static Value constant(Exact value, const Dimension& dimension);
  static Value truth(bool value);
  /// Values in a column.
  Value column(const Node& node, std::size_t column, const Unit& unit, int decimals, std::int64_t min,
               std::int64_t max);
  static Value word(std::size_t list, std::size_t words, std::size_t column);
  /// The value of the word that `index` holds.
  Value gather(const Node& node, const Value& index, const std::vector<Exact>& values, const Dimension& dimension);

  Value logical(const Node& node, Op op, const Value& left, const Value& right);
  Value additive(const Node& node, Op op, Value left, Value right);
  Value negative(const Node& node, const Value& value);
  Value product(const Node& node, Value left, Value right);
  Value quotient(const Node& node, const Value& left, const Value& right);
  Value comparison(const Node& node, Op op, Value left, Value right);
  Value choice(const Node& node, const Value& condition, Value yes, Value no);
  /// left / right to whole multiples of the step. `division`: where it stands.
  Value rounding(const Node& node, const Node& division, Op op, const Value& left, const Value& right,
                 const Value& step);
  /// The sum of all, each brought to the common scale once.
  Value total(const Node& node, std::vector<Value> terms);

  /// The register that gives the value in the unit when divided by what is returned.
  int128 to_unit(const Node& node, Value& result, const Unit& wanted);
  std::optional<Program> finish(const Value& result) { return builder_.finish(place(result)); }

  Value fail(Position at, std::string message, std::string remedy);
  Value too_large(const Node& node);
  FormulaErrors& errors() { return errors_; }

 private:
  static std::optional<Value> folded(const Value& value);
  bool align(const Node& node, Value& left, Value& right);
  bool rescale(const Node& node, Value& value, const Exact& scale);
  std::optional<Value> times(const Value& value, int128 factor);
  Value times_constant(const Node& node, int128 sign, Value value, const Unit& unit);
  bool fit_to_step(const Node& node, Value& left, Value& right, const Value& step);
  Value folded_or_too_large(const Node& node, const Value& value);
  Value emitted(Op op, const Value& left, const Value& right, Value result, const Value* third = nullptr);
  Register place(const Value& value) { return value.constant() ? builder_.constant(value.low) : value.where; }

  ProgramBuilder builder_;
  FormulaErrors errors_;
};

}  // namespace tanpuhui::expr
