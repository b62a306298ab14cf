#include "expr/trace.h"

#include <set>
#include <utility>

#include <fmt/format.h>

#include "base/check.h"
#include "expr/scope.h"

namespace tanpuhui::expr {
namespace {

struct Traced {
  enum class Kind : std::uint8_t { number, condition, word };
  Kind kind = Kind::number;
  std::optional<Exact> exact;  ///< of a word its place
  Dimension dimension{};
  std::string text;  ///< of a word
};

using Part = std::optional<Exact>;

Part both(const Part& a, const Part& b, std::optional<Exact> (*of)(Exact, Exact)) {
  return a && b ? of(*a, *b) : std::nullopt;
}
Part truth(bool value) { return Exact{value ? 1 : 0, 1}; }

/// The sign of a - b.
std::optional<int> compare(const Part& a, const Part& b) {
  const Part difference = both(a, b, subtract);
  if (!difference) return std::nullopt;
  return difference->num > 0 ? 1 : difference->num < 0 ? -1 : 0;
}

Part compared(NodeKind kind, const Part& a, const Part& b) {
  const auto sign = compare(a, b);
  if (!sign) return std::nullopt;
  switch (kind) {
    case NodeKind::less:
      return truth(*sign < 0);
    case NodeKind::less_equal:
      return truth(*sign <= 0);
    case NodeKind::greater:
      return truth(*sign > 0);
    case NodeKind::greater_equal:
      return truth(*sign >= 0);
    case NodeKind::equal:
      return truth(*sign == 0);
    default:
      return truth(*sign != 0);
  }
}

Part rounded(NodeKind kind, const Part& value, const Part& step) {
  const Part steps = both(value, step, divide);
  if (!steps) return std::nullopt;
  const int128 whole = kind == NodeKind::round_down ? divide_down(steps->num, steps->den)
                       : kind == NodeKind::round_up ? divide_up(steps->num, steps->den)
                                                    : divide_half_up(steps->num, steps->den);
  return multiply(Exact{whole, 1}, *step);
}

class Tracer {
 public:
  Tracer(const Symbols& symbols, std::span<const std::int64_t> inputs)
      : symbols_(symbols), scope_(symbols), inputs_(inputs), names_(symbols.names.size()) {
    TANPUHUI_REQUIRE(inputs.size() == column_of(symbols, symbols.inputs.size()), "one value a column");
  }

  std::vector<Step> run(const Syntax& syntax) {
    for (std::size_t i : scope_.needed_names(syntax, names_.size())) {
      const Named& name = symbols_.names[i];
      names_[i] = formula(name.syntax);
      const Node& whole = name.syntax.nodes.back();
      add(Step::Kind::name, whole.at, name.name, name.syntax.canonical, names_[i]);
    }
    const Traced result = formula(syntax);
    const Node& whole = syntax.nodes.back();
    if (steps_.empty() || steps_.back().at != whole.at || steps_.back().text != syntax.text_of(whole))
      add(whole.kind == NodeKind::number ? Step::Kind::number : Step::Kind::operation, whole.at,
          std::string(syntax.text_of(whole)), {}, result);
    return std::move(steps_);
  }

 private:
  struct Frame {
    const Syntax& syntax;
    std::vector<Traced> values;
  };

  Traced formula(const Syntax& syntax) {
    TANPUHUI_REQUIRE(!syntax.nodes.empty(), "a formula that was not parsed cannot be traced");
    Frame frame{syntax, std::vector<Traced>(syntax.nodes.size())};
    nodes(frame, 0, syntax.nodes.size());
    return frame.values.back();
  }
  void nodes(Frame& frame, std::size_t from, std::size_t to) {
    for (std::size_t i = from; i < to; ++i) {
      if (frame.syntax.nodes[i].kind == NodeKind::sum_open)
        i = sum(frame, i);
      else
        frame.values[i] = one(frame, frame.syntax.nodes[i]);
    }
  }
  std::size_t sum(Frame& frame, std::size_t open) {
    const Node& head = frame.syntax.nodes[open];
    const Node& whole = frame.syntax.nodes[head.partner];
    const auto list = scope_.find_list(head.name);
    TANPUHUI_REQUIRE(list, "a traced formula has been compiled");
    Traced total{Traced::Kind::number, Exact{}, {}, {}};
    for (std::size_t word = 0; word < symbols_.lists[*list].words.size(); ++word) {
      scope_.bindings.push_back({head.index, *list, word});
      nodes(frame, open + 1, head.partner);
      scope_.bindings.pop_back();
      const Traced& term = frame.values[whole.left];
      total.exact = both(total.exact, term.exact, expr::add);
      total.dimension = term.dimension;
    }
    frame.values[head.partner] = total;
    operation(frame, whole, total);
    return head.partner;
  }
  Traced one(const Frame& frame, const Node& node) {
    if (node.kind == NodeKind::number) return {Traced::Kind::number, node.value, node.dimension, {}};
    if (node.kind == NodeKind::word) return {Traced::Kind::word, std::nullopt, {}, node.name};
    if (node.kind == NodeKind::name) return named(node);
    if (node.kind == NodeKind::lookup) return lookup(frame, node);
    Traced result = calculated(frame, node);
    operation(frame, node, result);
    return result;
  }
  void operation(const Frame& frame, const Node& node, const Traced& value) {
    if (!node.partial) add(Step::Kind::operation, node.at, std::string(frame.syntax.text_of(node)), {}, value);
  }

  Traced calculated(const Frame& frame, const Node& node) {
    const Traced &left = frame.values[node.left], &right = frame.values[node.right];
    const Part &a = left.exact, &b = right.exact;
    const auto number = [](Part value, const Dimension& dimension) {
      return Traced{Traced::Kind::number, value, dimension, {}};
    };
    const auto condition = [](Part value) { return Traced{Traced::Kind::condition, value, {}, {}}; };
    switch (node.kind) {
      case NodeKind::negate:
        return number(both(Exact{}, a, subtract), left.dimension);
      case NodeKind::add:
        return number(both(a, b, expr::add), left.dimension);
      case NodeKind::subtract:
        return number(both(a, b, subtract), left.dimension);
      case NodeKind::multiply:
        return number(both(a, b, multiply), multiply(Unit{left.dimension, {}}, Unit{right.dimension, {}})->dimension);
      case NodeKind::divide:
        return number(both(a, b, divide), divide(Unit{left.dimension, {}}, Unit{right.dimension, {1, 1}})->dimension);
      case NodeKind::minimum:
      case NodeKind::maximum: {
        const auto sign = compare(a, b);
        return number(sign ? ((*sign < 0) == (node.kind == NodeKind::minimum) ? a : b) : Part{}, left.dimension);
      }
      case NodeKind::round_down:
      case NodeKind::round_up:
      case NodeKind::round_half_up:
        return number(rounded(node.kind, a, b), right.dimension);
      case NodeKind::logical_not:
        return condition(a ? truth(a->num == 0) : Part{});
      case NodeKind::logical_and:
        return condition(both(a, b, multiply));
      case NodeKind::logical_or:
        return condition(a && b ? truth(a->num + b->num > 0) : Part{});
      case NodeKind::choice:
        return a ? frame.values[a->num != 0 ? node.right : node.third]
                 : Traced{right.kind, std::nullopt, right.dimension, {}};
      default:
        break;
    }
    if (left.kind == Traced::Kind::word)
      return condition(truth((left.text == right.text) == (node.kind == NodeKind::equal)));
    return condition(compared(node.kind, a, b));
  }

  Traced named(const Node& node) {
    const auto symbol = scope_.find(node.name);
    TANPUHUI_REQUIRE(symbol, "a traced formula has been compiled");
    if (symbol->kind == Symbol::Kind::name) return names_[symbol->index];
    const bool constant = symbol->kind == Symbol::Kind::constant;
    const Traced value = constant ? of_constant(symbols_.constants[symbol->index]) : of_input(symbol->index, 0);
    if (met_.insert(node.name).second)
      add(constant ? Step::Kind::parameter : Step::Kind::field, node.at, node.name, {}, value);
    return value;
  }
  static Traced of_constant(const Constant& constant) {
    return {Traced::Kind::number, constant.value, constant.dimension, {}};
  }
  Traced of_input(std::size_t index, std::size_t word) const {
    const Input& from = symbols_.inputs[index];
    const std::int64_t value = inputs_[scope_.column(index) + word];
    if (from.list)
      return {Traced::Kind::word,
              Exact{value, 1},
              {},
              symbols_.lists[*from.list].words.at(static_cast<std::size_t>(value))};
    const auto exact = make_exact(value, power_of_ten(from.decimals));
    return {Traced::Kind::number, both(exact, from.unit.scale, multiply), from.unit.dimension, {}};
  }
  Traced lookup(const Frame& frame, const Node& node) {
    const auto symbol = scope_.find(node.name);
    TANPUHUI_REQUIRE(symbol, "a traced formula has been compiled");
    const bool table = symbol->kind == Symbol::Kind::table;
    const std::size_t list = table ? symbols_.tables[symbol->index].list : symbols_.inputs[symbol->index].per.value();
    const std::size_t word = word_of(node);
    const Traced value = table ? of_table(symbols_.tables[symbol->index], word) : of_input(symbol->index, word);
    add(Step::Kind::lookup, node.at, std::string(frame.syntax.text_of(node)),
        fmt::format("{} = \"{}\"", node.index, symbols_.lists[list].words[word]), value);
    return value;
  }
  static Traced of_table(const Table& table, std::size_t word) {
    return {Traced::Kind::number, table.values.at(word), table.dimension, {}};
  }
  std::size_t word_of(const Node& node) const {
    if (const Binding* binding = scope_.bound(node.index)) return binding->word;
    const auto field = scope_.find(node.index);
    TANPUHUI_REQUIRE(field && field->kind == Symbol::Kind::input, "a traced formula has been compiled");
    return static_cast<std::size_t>(inputs_[scope_.column(field->index)]);
  }

  void add(Step::Kind kind, Position at, std::string text, std::string stands_for, const Traced& value) {
    steps_.push_back({kind, at, std::move(text), std::move(stands_for), shown(value), value.exact, value.dimension});
  }
  static std::string shown(const Traced& value) {
    if (value.kind == Traced::Kind::word) return value.text;
    if (!value.exact) return "beyond 128 bits";
    if (value.kind == Traced::Kind::condition) return value.exact->num != 0 ? "true" : "false";
    return show(*value.exact, value.dimension);
  }

  const Symbols& symbols_;
  Scope scope_;
  std::span<const std::int64_t> inputs_;
  std::vector<Traced> names_;
  std::set<std::string> met_;
  std::vector<Step> steps_;
};

}  // namespace

std::vector<Step> trace(const Syntax& syntax, const Symbols& symbols, std::span<const std::int64_t> inputs) {
  return Tracer(symbols, inputs).run(syntax);
}

std::string show(Exact value, const Dimension& dimension) {
  const ShownUnit unit = shown_unit(dimension);
  const auto in_unit = divide(value, unit.unit.scale);
  const std::string number = decimal_or_fraction(in_unit.value_or(value));
  if (unit.text.empty()) return number;
  return in_unit ? number + " " + unit.text : fmt::format("{} base units of {}", number, describe(dimension));
}

std::string decimal_or_fraction(Exact value) {
  const auto digits = [](int128 number) { return format_integer(number); };
  int128 odd = value.den;
  for (int128 prime : {2, 5})
    while (odd % prime == 0) odd /= prime;
  // Each further digit multiplies the rest by ten.
  if (odd != 1 || value.den > int128_max / 10) return digits(value.num) + "/" + digits(value.den);
  const int128 whole = value.num / value.den;
  int128 rest = value.num % value.den;
  std::string text = (value.num < 0 && whole == 0 ? "-" : "") + digits(whole);
  if (rest < 0) rest = -rest;
  if (rest != 0) text += '.';
  for (; rest != 0; rest = rest * 10 % value.den) text += digits(rest * 10 / value.den);
  return text;
}

}  // namespace tanpuhui::expr
