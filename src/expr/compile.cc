#include "expr/compile.h"

#include <algorithm>
#include <optional>
#include <utility>

#include <fmt/format.h>

namespace tanpuhui::expr {
namespace {

struct Value {
  bool usable = false;  ///< false after an error: whatever uses it stays silent
  bool condition = false;
  Dimension dimension{};
  Exact scale{1, 1};
  int128 low = 0, high = 0;
  Operand where;  ///< meaningless while low == high: a constant gets its place when it is used
  bool constant() const { return low == high; }
};

bool fits_64(int128 low, int128 high) { return low >= INT64_MIN && high <= INT64_MAX; }
bool fits_64(const Value& value) { return fits_64(value.low, value.high); }

std::string kind_of(const Value& value) { return value.condition ? "a condition" : describe(value.dimension); }

class Compiler {
 public:
  Compiler(const Syntax& syntax, const Symbols& symbols) : syntax_(syntax), symbols_(symbols) {}

  Result<Program, FormulaErrors> condition() {
    Value result = whole();
    if (result.usable && !result.condition)
      fail(last(), fmt::format("a condition is needed, this is {}", kind_of(result)),
           "compare it with something: >= 3 km");
    return finish(result);
  }
  Result<Program, FormulaErrors> quantity(const Unit& wanted) {
    Value result = whole();
    if (result.usable && (result.condition || result.dimension != wanted.dimension))
      fail(last(), fmt::format("the result is {}, wanted is {}", kind_of(result), describe(wanted.dimension)),
           "multiply or divide by a factor with the missing unit");
    if (errors_.empty()) to_unit(result, wanted);
    return finish(result);
  }

 private:
  const Node& last() const { return syntax_.nodes.back(); }

  Value whole() {
    for (const Node& node : syntax_.nodes) values_.push_back(compile(node));
    return values_.back();
  }
  Result<Program, FormulaErrors> finish(Value& result) {
    if (!errors_.empty()) return std::move(errors_);
    program_.result = place(result);
    return std::move(program_);
  }
  Value fail(const Node& node, std::string message, std::string remedy) {
    errors_.push_back({node.at, std::move(message), std::move(remedy)});
    return {};
  }
  Value too_large(const Node& node) {
    return fail(node, "this may not fit 128 bits", "narrow the ranges of the fields or use fewer decimals");
  }

  Value compile(const Node& node) {
    if (node.kind == NodeKind::number) return constant(node.value, node.dimension);
    if (node.kind == NodeKind::name) return named(node);
    const Value &left = values_[node.left], &right = values_[node.right];
    if (!left.usable || !right.usable) return {};
    switch (node.kind) {
      case NodeKind::logical_and:
        return logical(node, Op::both, left, right);
      case NodeKind::logical_or:
        return logical(node, Op::either, left, right);
      case NodeKind::logical_not:
        return logical(node, Op::equal, left, truth(false));
      default:
        break;
    }
    if (left.condition || right.condition)
      return fail(node, "a condition cannot be calculated with", "join conditions with and, or, not");
    switch (node.kind) {
      case NodeKind::negate:
        return additive(node, Op::subtract, zero_like(left), left);
      case NodeKind::add:
        return additive(node, Op::add, left, right);
      case NodeKind::subtract:
        return additive(node, Op::subtract, left, right);
      case NodeKind::minimum:
        return additive(node, Op::minimum, left, right);
      case NodeKind::maximum:
        return additive(node, Op::maximum, left, right);
      case NodeKind::multiply:
        return product(node, left, right);
      case NodeKind::divide:
        return quotient(node, left, right);
      case NodeKind::less:
        return comparison(node, Op::less, left, right);
      case NodeKind::less_equal:
        return comparison(node, Op::less_equal, left, right);
      case NodeKind::greater:
        return comparison(node, Op::less, right, left);
      case NodeKind::greater_equal:
        return comparison(node, Op::less_equal, right, left);
      case NodeKind::equal:
        return comparison(node, Op::equal, left, right);
      default:
        return comparison(node, Op::not_equal, left, right);
    }
  }

  /// A constant is the register -1, 0 or 1 with its size in the scale.
  static Value constant(Exact value, const Dimension& dimension) {
    Value result;
    result.usable = true;
    result.dimension = dimension;
    result.low = result.high = value.num > 0 ? 1 : value.num < 0 ? -1 : 0;
    if (value.num != 0) result.scale = {value.num < 0 ? -value.num : value.num, value.den};
    return result;
  }
  static Value truth(bool value) {
    Value result;
    result.usable = result.condition = true;
    result.low = result.high = value ? 1 : 0;
    return result;
  }
  static Value zero_like(const Value& other) {
    Value zero = constant({}, other.dimension);
    zero.scale = other.scale;
    return zero;
  }
  /// Folds what has become a constant; empty when its value leaves 128 bits.
  static std::optional<Value> folded(const Value& value) {
    if (!value.constant() || value.condition) return value;
    const auto exact = multiply(Exact{value.low, 1}, value.scale);
    if (!exact) return std::nullopt;
    return constant(*exact, value.dimension);
  }

  Value named(const Node& node) {
    for (const Constant& each : symbols_.constants)
      if (each.name == node.name) return constant(each.value, each.dimension);
    for (std::size_t i = 0; i < symbols_.inputs.size(); ++i)
      if (symbols_.inputs[i].name == node.name) return input(node, i);
    return fail(node, fmt::format("\"{}\" is neither a field nor a parameter", node.name), known_names());
  }
  std::string known_names() const {
    std::string names = "known are:";
    for (const Input& each : symbols_.inputs) names += " " + each.name;
    for (const Constant& each : symbols_.constants) names += " " + each.name;
    return names;
  }
  Value input(const Node& node, std::size_t index) {
    const Input& from = symbols_.inputs[index];
    const auto scale = divide(from.unit.scale, {power_of_ten(from.decimals), 1});
    if (!scale) return too_large(node);
    Value value;
    value.usable = true;
    value.dimension = from.unit.dimension;
    value.scale = *scale;
    value.low = from.min, value.high = from.max;
    value.where = {Operand::Kind::column, static_cast<std::uint16_t>(index)};
    return folded(value).value_or(value);
  }

  Value logical(const Node& node, Op op, Value left, Value right) {
    if (!left.condition || !right.condition)
      return fail(node,
                  fmt::format("and, or, not join conditions; here stands {}", kind_of(left.condition ? right : left)),
                  "compare the value with something");
    if (left.constant() && right.constant()) return truth(fold_logical(op, left.low != 0, right.low != 0));
    Value result = truth(false);
    result.high = 1;
    return emitted(node, op, left, right, result);
  }
  static bool fold_logical(Op op, bool a, bool b) {
    return op == Op::both ? a && b : op == Op::either ? a || b : a == b;
  }

  /// Both sides to one unit: the same dimension, and registers of their common scale.
  bool align(const Node& node, Value& left, Value& right) {
    if (left.dimension != right.dimension) return fail_kinds(node), false;
    if (left.constant() && left.low == 0) left.scale = right.scale;
    if (right.constant() && right.low == 0) right.scale = left.scale;
    const auto scale = common_scale(left.scale, right.scale);
    if (!scale || !rescale(node, left, *scale) || !rescale(node, right, *scale)) return too_large(node), false;
    return true;
  }
  void fail_kinds(const Node& node) {
    const std::string left = describe(values_[node.left].dimension), right = describe(values_[node.right].dimension);
    fail(node, fmt::format("{} and {} cannot be added or compared", left, right),
         "both sides must have units of the same kind");
  }
  bool rescale(const Node& node, Value& value, const Exact& scale) {
    const auto factor = multiple_of(value.scale, scale);
    if (!factor) return false;
    const auto low = checked_multiply(value.low, *factor), high = checked_multiply(value.high, *factor);
    if (!low || !high) return false;
    Value result = value;
    result.low = *low, result.high = *high, result.scale = scale;
    if (*factor != 1 && !value.constant()) result = emitted(node, Op::multiply, value, integer(*factor), result);
    value = result;
    return value.usable;
  }
  static Value integer(int128 number) {
    Value value;
    value.usable = true;
    value.low = value.high = number;
    return value;
  }

  Value additive(const Node& node, Op op, Value left, Value right) {
    if (!align(node, left, right)) return {};
    std::optional<int128> low, high;
    switch (op) {
      case Op::add:
        low = checked_add(left.low, right.low), high = checked_add(left.high, right.high);
        break;
      case Op::subtract:
        low = checked_subtract(left.low, right.high), high = checked_subtract(left.high, right.low);
        break;
      case Op::minimum:
        low = std::min(left.low, right.low), high = std::min(left.high, right.high);
        break;
      default:
        low = std::max(left.low, right.low), high = std::max(left.high, right.high);
        break;
    }
    if (!low || !high) return too_large(node);
    Value result = left;
    result.low = *low, result.high = *high;
    if (!result.constant()) return emitted(node, op, left, right, result);
    release(left), release(right);
    const auto constant_result = folded(result);
    return constant_result ? *constant_result : too_large(node);
  }

  Value product(const Node& node, Value left, Value right) {
    if (right.constant()) std::swap(left, right);
    const auto unit = multiply(Unit{left.dimension, left.scale}, Unit{right.dimension, right.scale});
    if (!unit) return too_large(node);
    if (left.constant()) return times_constant(node, left.low, right, *unit);
    Value result = right;
    result.dimension = unit->dimension, result.scale = unit->scale;
    std::optional<int128> ends[] = {checked_multiply(left.low, right.low), checked_multiply(left.low, right.high),
                                    checked_multiply(left.high, right.low), checked_multiply(left.high, right.high)};
    if (!std::all_of(std::begin(ends), std::end(ends), [](const auto& end) { return end.has_value(); }))
      return too_large(node);
    result.low = **std::min_element(std::begin(ends), std::end(ends));
    result.high = **std::max_element(std::begin(ends), std::end(ends));
    return emitted(node, Op::multiply, left, right, result);
  }
  Value times_constant(const Node& node, int128 sign, Value value, const Unit& unit) {
    value.dimension = unit.dimension, value.scale = unit.scale;
    if (sign > 0) return value;
    if (sign == 0) return release(value), constant({}, unit.dimension);
    return additive(node, Op::subtract, zero_like(value), value);
  }
  Value quotient(const Node& node, const Value& left, const Value& right) {
    if (!right.constant())
      return fail(node, "division by a field is not in this version of the language",
                  "multiply the other side: distance_km >= 3 km/h * duration");
    if (right.low == 0) return fail(node, "division by zero", "divide by a constant that is not zero");
    const auto unit = divide(Unit{left.dimension, left.scale}, Unit{right.dimension, right.scale});
    if (!unit) return too_large(node);
    return times_constant(node, right.low, left, *unit);
  }

  Value comparison(const Node& node, Op op, Value left, Value right) {
    if (!align(node, left, right)) return {};
    Value result = truth(false);
    result.high = 1;
    if (const auto decided = decide(op, left, right)) return release(left), release(right), truth(*decided);
    return emitted(node, op, left, right, result);
  }
  /// A comparison that the ranges decide needs no operation.
  static std::optional<bool> decide(Op op, const Value& a, const Value& b) {
    const bool apart = a.high < b.low || b.high < a.low, same = a.constant() && b.constant() && a.low == b.low;
    if (op == Op::equal && (apart || same)) return same;
    if (op == Op::not_equal && (apart || same)) return apart;
    if (op == Op::less && a.high < b.low) return true;
    if (op == Op::less && a.low >= b.high) return false;
    if (op == Op::less_equal && a.high <= b.low) return true;
    if (op == Op::less_equal && a.low > b.high) return false;
    return std::nullopt;
  }

  void to_unit(Value& result, const Unit& wanted) {
    const auto scale = divide(result.scale, wanted.scale);
    if (!scale) return static_cast<void>(too_large(last()));
    result.scale = *scale;
    if (!rescale(last(), result, {1, scale->den})) return static_cast<void>(too_large(last()));
    program_.divisor = scale->den;
    if (result.high / scale->den > INT64_MAX)
      fail(last(), "the result may not fit 64 bits", "narrow the ranges of the fields");
  }

  /// Appends an operation. Its target is taken before its operands are given back, so that they never overlap.
  Value emitted(const Node& node, Op op, Value left, Value right, Value result) {
    Operation operation;
    operation.op = op;
    operation.wide = !fits_64(left) || !fits_64(right) || !fits_64(result);
    const auto target = take_lanes(fits_64(result) ? 1 : 2);
    if (!target) return fail(node, "the formula needs too many intermediate values", "split it into parts");
    operation.a = place(left), operation.b = place(right), operation.to = result.where = *target;
    program_.operations.push_back(operation);
    release(left), release(right);
    return result;
  }
  Operand place(const Value& value) {
    if (!value.constant()) return value.where;
    program_.constants.push_back(value.low);
    return {Operand::Kind::constant, static_cast<std::uint16_t>(program_.constants.size() - 1)};
  }
  std::optional<Operand> take_lanes(std::size_t count) {
    for (std::size_t i = 0; i + count <= lane_count; ++i) {
      if (taken_[i] || taken_[i + count - 1]) continue;
      taken_[i] = taken_[i + count - 1] = true;
      return Operand{count == 1 ? Operand::Kind::lane : Operand::Kind::wide_lane, static_cast<std::uint16_t>(i)};
    }
    return std::nullopt;
  }
  void release(const Value& value) {
    if (value.constant()) return;
    if (value.where.kind == Operand::Kind::lane) taken_[value.where.index] = false;
    if (value.where.kind == Operand::Kind::wide_lane)
      taken_[value.where.index] = taken_[value.where.index + 1u] = false;
  }

  const Syntax& syntax_;
  const Symbols& symbols_;
  std::vector<Value> values_;
  Program program_;
  bool taken_[lane_count] = {};
  FormulaErrors errors_;
};

}  // namespace

Result<Program, FormulaErrors> compile_condition(const Syntax& syntax, const Symbols& symbols) {
  return Compiler(syntax, symbols).condition();
}

Result<Program, FormulaErrors> compile_quantity(const Syntax& syntax, const Symbols& symbols, const Unit& wanted) {
  return Compiler(syntax, symbols).quantity(wanted);
}

}  // namespace tanpuhui::expr
