#include "expr/arithmetic.h"

#include <fmt/format.h>

namespace tanpuhui::expr {
namespace {

using Ends = std::optional<std::pair<int128, int128>>;

bool fits_64(const Value& value) { return value.low >= INT64_MIN && value.high <= INT64_MAX; }

Value integer(int128 number) {
  Value value;
  value.kind = Value::Kind::number;
  value.low = value.high = number;
  return value;
}

Value undecided() {
  Value value;
  value.kind = Value::Kind::condition;
  value.high = 1;
  return value;
}

Value zero_like(const Value& other) {
  Value zero = Arithmetic::constant({}, other.dimension);
  zero.scale = other.scale;
  return zero;
}

Ends both(std::optional<int128> low, std::optional<int128> high) {
  if (!low || !high) return std::nullopt;
  return std::pair(*low, *high);
}

Ends additive_ends(Op op, const Value& a, const Value& b) {
  switch (op) {
    case Op::add:
      return both(checked_add(a.low, b.low), checked_add(a.high, b.high));
    case Op::subtract:
      return both(checked_subtract(a.low, b.high), checked_subtract(a.high, b.low));
    case Op::minimum:
      return both(std::min(a.low, b.low), std::min(a.high, b.high));
    default:
      return both(std::max(a.low, b.low), std::max(a.high, b.high));
  }
}

/// `of` is monotone in each operand by itself, so that its extremes lie in the corners.
template <class Function>
Ends corner_ends(const Value& a, const Value& b, Function of) {
  Ends ends;
  for (int128 x : {a.low, a.high})
    for (int128 y : {b.low, b.high}) {
      const std::optional<int128> corner = of(x, y);
      if (!corner) return std::nullopt;
      ends = ends ? std::pair(std::min(ends->first, *corner), std::max(ends->second, *corner))
                  : std::pair(*corner, *corner);
    }
  return ends;
}

int128 divided(Op op, int128 a, int128 b) {
  if (op == Op::divide_up) return divide_up(a, b);
  return op == Op::divide_down ? divide_down(a, b) : divide_half_up(a, b);
}

/// A comparison that the ranges decide needs no operation.
std::optional<bool> decide(Op op, const Value& a, const Value& b) {
  const bool apart = a.high < b.low || b.high < a.low, same = a.constant() && b.constant() && a.low == b.low;
  if (op == Op::equal && (apart || same)) return same;
  if (op == Op::not_equal && (apart || same)) return apart;
  if (op == Op::less && a.high < b.low) return true;
  if (op == Op::less && a.low >= b.high) return false;
  if (op == Op::less_equal && a.high <= b.low) return true;
  if (op == Op::less_equal && a.low > b.high) return false;
  return std::nullopt;
}

bool fold_logical(Op op, bool a, bool b) { return op == Op::both ? a && b : op == Op::either ? a || b : a == b; }

}  // namespace

std::string kind_of(const Value& value) {
  if (value.kind == Value::Kind::condition) return "a condition";
  if (value.kind == Value::Kind::word) return "a word of a list";
  if (value.kind == Value::Kind::quoted) return fmt::format("the word \"{}\"", value.text);
  return describe(value.dimension);
}

Value Arithmetic::fail(Position at, std::string message, std::string remedy) {
  errors_.push_back({at, std::move(message), std::move(remedy)});
  return {};
}
Value Arithmetic::too_large(const Node& node) {
  return fail(node.at, "this may not fit 128 bits", "narrow the ranges of the fields or use fewer decimals");
}

Value Arithmetic::constant(Exact value, const Dimension& dimension) {
  Value result = integer(value.num > 0 ? 1 : value.num < 0 ? -1 : 0);
  result.dimension = dimension;
  if (value.num != 0) result.scale = {value.num < 0 ? -value.num : value.num, value.den};
  return result;
}
Value Arithmetic::truth(bool value) {
  Value result = integer(value ? 1 : 0);
  result.kind = Value::Kind::condition;
  return result;
}
Value Arithmetic::column(const Node& node, std::size_t column, const Unit& unit, int decimals, std::int64_t min,
                         std::int64_t max) {
  const auto scale = divide(unit.scale, {power_of_ten(decimals), 1});
  if (!scale) return too_large(node);
  Value value;
  value.kind = Value::Kind::number;
  value.dimension = unit.dimension, value.scale = *scale;
  value.low = min, value.high = max;
  value.where = ProgramBuilder::column(column);
  return folded_or_too_large(node, value);
}
Value Arithmetic::word(std::size_t list, std::size_t words, std::size_t column) {
  Value value;
  value.kind = Value::Kind::word;
  value.list = list;
  value.high = static_cast<int128>(words) - 1;
  value.where = ProgramBuilder::column(column);
  return value;
}

Value Arithmetic::gather(const Node& node, const Value& index, const std::vector<Exact>& values,
                         const Dimension& dimension) {
  std::optional<Exact> scale;
  for (Exact each : values) {
    if (each.num == 0) continue;
    const Exact size{each.num < 0 ? -each.num : each.num, each.den};
    scale = scale ? common_scale(*scale, size) : size;
    if (!scale) return too_large(node);
  }
  Value result = integer(0);
  result.dimension = dimension, result.scale = scale.value_or(Exact{1, 1});
  std::vector<int128> registers;
  for (Exact each : values) {
    const auto one = multiple_of(each, result.scale);
    if (!one) return too_large(node);
    registers.push_back(*one);
  }
  result.low = *std::min_element(registers.begin(), registers.end());
  result.high = *std::max_element(registers.begin(), registers.end());
  if (result.constant()) return folded_or_too_large(node, result);
  const bool wide = !fits_64(result);
  result.where = builder_.operation(Op::gather, place(index), builder_.constants(registers), {}, wide, wide);
  return result;
}

/// Folds what has become a constant; empty when its value leaves 128 bits.
std::optional<Value> Arithmetic::folded(const Value& value) {
  if (!value.constant() || value.is_condition()) return value;
  const auto exact = multiply(Exact{value.low, 1}, value.scale);
  if (!exact) return std::nullopt;
  return constant(*exact, value.dimension);
}
Value Arithmetic::folded_or_too_large(const Node& node, const Value& value) {
  const auto result = folded(value);
  return result ? *result : too_large(node);
}

Value Arithmetic::logical(const Node& node, Op op, const Value& left, const Value& right) {
  if (!left.is_condition() || !right.is_condition())
    return fail(
        node.at,
        fmt::format("and, or, not join conditions; here stands {}", kind_of(left.is_condition() ? right : left)),
        "compare the value with something");
  if (left.constant() && right.constant()) return truth(fold_logical(op, left.low != 0, right.low != 0));
  return emitted(op, left, right, undecided());
}

/// Both sides to one unit: the same dimension, and registers of their common scale.
bool Arithmetic::align(const Node& node, Value& left, Value& right) {
  if (left.dimension != right.dimension) {
    fail(node.at,
         fmt::format("{} and {} cannot be added or compared", describe(left.dimension), describe(right.dimension)),
         "both sides must have units of the same kind");
    return false;
  }
  if (left.constant() && left.low == 0) left.scale = right.scale;
  if (right.constant() && right.low == 0) right.scale = left.scale;
  const auto scale = common_scale(left.scale, right.scale);
  if (!scale) return too_large(node), false;
  return rescale(node, left, *scale) && rescale(node, right, *scale);
}
bool Arithmetic::rescale(const Node& node, Value& value, const Exact& scale) {
  const auto factor = multiple_of(value.scale, scale);
  const auto result = factor ? times(value, *factor) : std::nullopt;
  if (!result) return too_large(node), false;
  value = *result, value.scale = scale;
  return true;
}
std::optional<Value> Arithmetic::times(const Value& value, int128 factor) {
  const auto ends = corner_ends(value, integer(factor), checked_multiply);
  if (!ends) return std::nullopt;
  Value result = value;
  result.low = ends->first, result.high = ends->second;
  if (factor == 1 || value.constant()) return result;
  return emitted(Op::multiply, value, integer(factor), result);
}

Value Arithmetic::additive(const Node& node, Op op, Value left, Value right) {
  if (!align(node, left, right)) return {};
  const auto ends = additive_ends(op, left, right);
  if (!ends) return too_large(node);
  Value result = left;
  result.low = ends->first, result.high = ends->second;
  return result.constant() ? folded_or_too_large(node, result) : emitted(op, left, right, result);
}
Value Arithmetic::negative(const Node& node, const Value& value) {
  return additive(node, Op::subtract, zero_like(value), value);
}

Value Arithmetic::product(const Node& node, Value left, Value right) {
  if (right.constant()) std::swap(left, right);
  const auto unit = multiply(Unit{left.dimension, left.scale}, Unit{right.dimension, right.scale});
  if (!unit) return too_large(node);
  if (left.constant()) return times_constant(node, left.low, right, *unit);
  const auto ends = corner_ends(left, right, checked_multiply);
  if (!ends) return too_large(node);
  Value result = right;
  result.dimension = unit->dimension, result.scale = unit->scale;
  result.low = ends->first, result.high = ends->second;
  return emitted(Op::multiply, left, right, result);
}
Value Arithmetic::times_constant(const Node& node, int128 sign, Value value, const Unit& unit) {
  value.dimension = unit.dimension, value.scale = unit.scale;
  if (sign == 0) return constant({}, unit.dimension);
  if (sign > 0 || value.constant()) return value.low *= sign, value.high *= sign, value;
  return negative(node, value);
}
Value Arithmetic::quotient(const Node& node, const Value& left, const Value& right) {
  if (!right.constant())
    return fail(node.at, "division by what is not constant stands directly inside a rounding",
                "write round_down(a / b, step) with the division last in it; to compare, multiply the other side: "
                "distance_km >= 3 km/h * duration");
  if (right.low == 0) return fail(node.at, "division by zero", "divide by a constant that is not zero");
  const auto unit = divide(Unit{left.dimension, left.scale}, Unit{right.dimension, right.scale});
  if (!unit) return too_large(node);
  return times_constant(node, right.low, left, *unit);
}

Value Arithmetic::comparison(const Node& node, Op op, Value left, Value right) {
  if (!align(node, left, right)) return {};
  if (const auto decided = decide(op, left, right)) return truth(*decided);
  return emitted(op, left, right, undecided());
}

Value Arithmetic::choice(const Node& node, const Value& condition, Value yes, Value no) {
  if (!condition.is_condition())
    return fail(node.at, fmt::format("if needs a condition first, this is {}", kind_of(condition)),
                "write if(condition, a, b), for instance if(x >= 3 km, a, b)");
  const bool numbers = yes.is_number() && no.is_number();
  if (!numbers && !(yes.is_condition() && no.is_condition()))
    return fail(node.at, fmt::format("if chooses between {} and {}", kind_of(yes), kind_of(no)),
                "both must be numbers of one kind of unit, or both conditions");
  if (numbers && !align(node, yes, no)) return {};
  if (condition.constant()) return folded_or_too_large(node, condition.low != 0 ? yes : no);
  Value result = yes;
  result.low = std::min(yes.low, no.low), result.high = std::max(yes.high, no.high);
  if (result.constant()) return folded_or_too_large(node, result);
  return emitted(Op::select, condition, yes, result, &no);
}

Value Arithmetic::rounding(const Node& node, const Node& division, Op op, const Value& left, const Value& right,
                           const Value& step) {
  if (!step.is_number() || !step.constant() || step.low <= 0)
    return fail(node.at, "what is rounded to must be a constant above zero",
                "write for instance round_down(x, 0.1 kWh)");
  if (right.low <= 0 && right.high >= 0)
    return fail(division.at, "the divisor may be zero",
                "give its field a min above zero, or divide by max(b, the least b)");
  const auto unit = divide(Unit{left.dimension, left.scale}, Unit{right.dimension, right.scale});
  if (!unit) return too_large(division);
  if (unit->dimension != step.dimension)
    return fail(node.at,
                fmt::format("{} cannot be rounded to multiples of {}", describe(unit->dimension), kind_of(step)),
                "the step has the unit of what is rounded");
  const auto ratio = divide(unit->scale, step.scale);
  if (!ratio) return too_large(node);
  const int128 sign = right.high < 0 ? -1 : 1;
  const auto above = times(left, sign * ratio->num), below = times(right, sign * ratio->den);
  if (!above || !below) return too_large(node);
  const auto ends = corner_ends(*above, *below, [op](int128 a, int128 b) { return std::optional(divided(op, a, b)); });
  Value result = *above;
  result.dimension = step.dimension, result.scale = step.scale;
  result.low = ends->first, result.high = ends->second;
  if (result.constant()) return folded_or_too_large(node, result);
  if (below->constant() && below->low == 1) return result;
  return emitted(op, *above, *below, result);
}

Value Arithmetic::total(const Node& node, std::vector<Value> terms) {
  const Dimension dimension = terms.front().dimension;
  std::erase_if(terms, [](const Value& term) { return term.constant() && term.low == 0; });
  if (terms.empty()) return constant({}, dimension);
  std::optional<Exact> scale = terms.front().scale;
  for (const Value& term : terms)
    if (scale = common_scale(*scale, term.scale); !scale) return too_large(node);
  for (Value& term : terms)
    if (!rescale(node, term, *scale)) return {};
  Value sum = terms.front();
  for (std::size_t i = 1; i < terms.size(); ++i) {
    const auto ends = additive_ends(Op::add, sum, terms[i]);
    if (!ends) return too_large(node);
    Value next = sum;
    next.low = ends->first, next.high = ends->second;
    sum = next.constant() ? next : emitted(Op::add, sum, terms[i], next);
  }
  return folded_or_too_large(node, sum);
}

int128 Arithmetic::to_unit(const Node& node, Value& result, const Unit& wanted) {
  const auto scale = divide(result.scale, wanted.scale);
  if (!scale) return too_large(node), 1;
  result.scale = *scale;
  if (!rescale(node, result, {1, scale->den})) return 1;
  if (result.high / scale->den > INT64_MAX || divide_down(result.low, scale->den) < INT64_MIN)
    fail(node.at, "the result may not fit 64 bits", "narrow the ranges of the fields");
  return scale->den;
}

Value Arithmetic::emitted(Op op, const Value& left, const Value& right, Value result, const Value* third) {
  const bool wide_result = !fits_64(result);
  const bool wide = wide_result || !fits_64(left) || !fits_64(right) || (third != nullptr && !fits_64(*third));
  result.where =
      builder_.operation(op, place(left), place(right), third ? place(*third) : Register{}, wide, wide_result);
  return result;
}

}  // namespace tanpuhui::expr
