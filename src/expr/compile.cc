#include "expr/compile.h"

#include <utility>

#include <fmt/format.h>

#include "base/check.h"
#include "expr/arithmetic.h"
#include "expr/scope.h"

namespace tanpuhui::expr {
namespace {

/// Nodes of a formula, counted once for each word of each sum around them.
constexpr std::size_t most_steps = 16'384;

std::string listed(const std::vector<std::string>& words) {
  std::string all;
  for (const std::string& word : words) all += (all.empty() ? "\"" : " \"") + word + "\"";
  return all;
}

class Compiler {
 public:
  explicit Compiler(const Symbols& symbols) : symbols_(symbols), scope_(symbols), names_(symbols.names.size()) {}

  Result<Program, FormulaErrors> condition(const Syntax& syntax) {
    const Value result = whole(syntax);
    if (result.usable() && !result.is_condition())
      calc_.fail(syntax.nodes.back().at, fmt::format("a condition is needed, this is {}", kind_of(result)),
                 "compare it with something: >= 3 km");
    return finish(syntax, result, 1);
  }
  Result<Program, FormulaErrors> quantity(const Syntax& syntax, const Unit& wanted) {
    Value result = whole(syntax);
    if (result.usable() && (!result.is_number() || result.dimension != wanted.dimension))
      calc_.fail(syntax.nodes.back().at,
                 fmt::format("the result is {}, wanted is {}", kind_of(result), describe(wanted.dimension)),
                 "multiply or divide by a factor with the missing unit");
    const int128 divisor = calc_.errors().empty() ? calc_.to_unit(syntax.nodes.back(), result, wanted) : 1;
    return finish(syntax, result, divisor);
  }
  FormulaErrors names() {
    for (std::size_t i = 0; i < names_.size(); ++i) name(i);
    return std::move(calc_.errors());
  }

 private:
  Value whole(const Syntax& syntax) {
    for (std::size_t i : scope_.needed_names(syntax, names_.size())) name(i);
    return formula(syntax, names_.size());
  }
  void name(std::size_t index) {
    const Syntax& syntax = symbols_.names[index].syntax;
    names_[index] = formula(syntax, index);
    if (names_[index].usable() && !names_[index].is_number() && !names_[index].is_condition())
      names_[index] = calc_.fail(syntax.nodes.back().at, "a name stands for a number or a condition",
                                 "compare the word where it is needed: fuel == \"petrol\"");
  }
  Result<Program, FormulaErrors> finish(const Syntax& syntax, const Value& result, int128 divisor) {
    if (!calc_.errors().empty()) return std::move(calc_.errors());
    auto program = calc_.finish(result);
    if (!program) {
      calc_.fail(syntax.nodes.back().at, "the formula needs too many intermediate values", "split it into parts");
      return std::move(calc_.errors());
    }
    program->divisor = divisor;
    return std::move(*program);
  }

  /// One formula: its nodes, and how many of the names it may use.
  struct Frame {
    const Syntax& syntax;
    std::size_t visible;
    std::vector<Value> values;
    const Node& node(std::size_t index) const { return syntax.nodes[index]; }
  };
  Value formula(const Syntax& syntax, std::size_t visible) {
    TANPUHUI_REQUIRE(!syntax.nodes.empty(), "a formula that was not parsed cannot be compiled");
    Frame frame{syntax, visible, std::vector<Value>(syntax.nodes.size())};
    run(frame, 0, syntax.nodes.size());
    return frame.values.back();
  }
  void run(Frame& frame, std::size_t from, std::size_t to) {
    for (std::size_t i = from; i < to; ++i) {
      if (exhausted(frame.node(i))) return;
      if (frame.node(i).kind == NodeKind::sum_open)
        i = expand(frame, i);
      else
        frame.values[i] = compile(frame, frame.node(i));
    }
  }
  bool exhausted(const Node& node) {
    if (steps_++ == most_steps)
      calc_.fail(node.at, fmt::format("written out, the formula has more than {} steps", most_steps),
                 "put fewer sums into sums, or shorten their lists");
    return steps_ > most_steps;
  }

  /// The body once a word; gives the index of the sum itself.
  std::size_t expand(Frame& frame, std::size_t open) {
    const Node& head = frame.node(open);
    const Node& sum = frame.node(head.partner);
    Value& result = frame.values[head.partner] = {};
    const auto list = scope_.find_list(head.name);
    if (!list) {
      calc_.fail(head.index_at, fmt::format("there is no list \"{}\"", head.name), known_lists());
    } else if (scope_.bound(head.index)) {
      calc_.fail(head.at, fmt::format("\"{}\" is already the variable of a sum around this one", head.index),
                 "choose another variable");
    } else if (auto terms = terms_of(frame, head, *list)) {
      result = calc_.total(sum, std::move(*terms));
    }
    return head.partner;
  }
  std::optional<std::vector<Value>> terms_of(Frame& frame, const Node& head, std::size_t list) {
    std::vector<Value> terms;
    const Node& sum = frame.node(head.partner);
    const std::size_t body = sum.left, errors = calc_.errors().size();
    for (std::size_t word = 0; word < symbols_.lists[list].words.size(); ++word) {
      scope_.bindings.push_back({head.index, list, word});
      run(frame, sum.partner + 1, head.partner);
      scope_.bindings.pop_back();
      const Value& term = frame.values[body];
      if (term.usable() && !term.is_number())
        calc_.fail(sum.at, fmt::format("a sum adds numbers, this is {}", kind_of(term)), "write if(condition, a, b)");
      if (calc_.errors().size() != errors || !term.usable()) return std::nullopt;
      terms.push_back(term);
    }
    return terms;
  }

  Value compile(const Frame& frame, const Node& node) {
    switch (node.kind) {
      case NodeKind::number:
        return Arithmetic::constant(node.value, node.dimension);
      case NodeKind::name:
        return named(frame, node);
      case NodeKind::word:
        return quoted(node);
      case NodeKind::lookup:
        return lookup(node);
      default:
        break;
    }
    const Value &left = frame.values[node.left], &right = frame.values[node.right];
    if (!left.usable() || !right.usable()) return rounded_part(frame, node);
    switch (node.kind) {
      case NodeKind::logical_and:
        return calc_.logical(node, Op::both, left, right);
      case NodeKind::logical_or:
        return calc_.logical(node, Op::either, left, right);
      case NodeKind::logical_not:
        return calc_.logical(node, Op::equal, left, Arithmetic::truth(false));
      case NodeKind::choice:
        return frame.values[node.third].usable() ? calc_.choice(node, left, right, frame.values[node.third]) : Value{};
      default:
        break;
    }
    if ((node.kind == NodeKind::equal || node.kind == NodeKind::not_equal) && !(left.is_number() && right.is_number()))
      return same_word(node, left, right);
    if (!left.is_number() || !right.is_number()) return no_number(node, left.is_number() ? right : left);
    return arithmetic(node, left, right);
  }
  Value no_number(const Node& node, const Value& value) {
    if (value.is_condition())
      return calc_.fail(node.at, "a condition cannot be calculated with", "join conditions with and, or, not");
    return calc_.fail(node.at, fmt::format("{} cannot be calculated with", kind_of(value)),
                      "compare it with == or !=, or look it up in a table: factor_of[fuel]");
  }
  Value arithmetic(const Node& node, const Value& left, const Value& right) {
    switch (node.kind) {
      case NodeKind::negate:
        return calc_.negative(node, left);
      case NodeKind::add:
        return calc_.additive(node, Op::add, left, right);
      case NodeKind::subtract:
        return calc_.additive(node, Op::subtract, left, right);
      case NodeKind::minimum:
        return calc_.additive(node, Op::minimum, left, right);
      case NodeKind::maximum:
        return calc_.additive(node, Op::maximum, left, right);
      case NodeKind::multiply:
        return calc_.product(node, left, right);
      case NodeKind::divide:
        return node.rounded && !right.constant() ? Value{} : calc_.quotient(node, left, right);
      case NodeKind::less:
        return calc_.comparison(node, Op::less, left, right);
      case NodeKind::less_equal:
        return calc_.comparison(node, Op::less_equal, left, right);
      case NodeKind::greater:
        return calc_.comparison(node, Op::less, right, left);
      case NodeKind::greater_equal:
        return calc_.comparison(node, Op::less_equal, right, left);
      case NodeKind::equal:
        return calc_.comparison(node, Op::equal, left, right);
      case NodeKind::not_equal:
        return calc_.comparison(node, Op::not_equal, left, right);
      default:
        return rounding(node, node, left, Arithmetic::constant({1, 1}, {}), right);
    }
  }
  Value rounding(const Node& node, const Node& division, const Value& left, const Value& right, const Value& step) {
    const Op op = node.kind == NodeKind::round_down ? Op::divide_down
                  : node.kind == NodeKind::round_up ? Op::divide_up
                                                    : Op::divide_half_up;
    return calc_.rounding(node, division, op, left, right, step);
  }
  /// A quotient of two fields has no value of its own: the rounding around it takes both sides.
  Value rounded_part(const Frame& frame, const Node& node) {
    if (node.kind != NodeKind::round_down && node.kind != NodeKind::round_up && node.kind != NodeKind::round_half_up)
      return {};
    const Node& division = frame.node(node.left);
    if (!division.rounded) return {};
    const Value &left = frame.values[division.left], &right = frame.values[division.right];
    const Value& step = frame.values[node.right];
    if (!left.is_number() || !right.is_number() || right.constant() || !step.usable()) return {};
    return rounding(node, division, left, right, step);
  }

  Value named(const Frame& frame, const Node& node) {
    const auto symbol = scope_.find(node.name);
    if (!symbol) return unknown(frame, node);
    switch (symbol->kind) {
      case Symbol::Kind::constant:
        return Arithmetic::constant(symbols_.constants[symbol->index].value,
                                    symbols_.constants[symbol->index].dimension);
      case Symbol::Kind::input:
        return input(node, symbol->index);
      case Symbol::Kind::name:
        if (symbol->index < frame.visible) return names_[symbol->index];
        return calc_.fail(node.at, fmt::format("\"{}\" does not stand above this formula", node.name),
                          "a name may use only what stands above it");
      case Symbol::Kind::table:
        break;
    }
    return calc_.fail(node.at, fmt::format("\"{}\" has a value for each word of a list", node.name),
                      fmt::format("say of which word: {}[field]", node.name));
  }
  Value unknown(const Frame& frame, const Node& node) {
    if (scope_.bound(node.name))
      return calc_.fail(node.at, fmt::format("\"{}\" stands for a word, not for a value", node.name),
                        fmt::format("look something up by it: mass_kg[{}]", node.name));
    std::string known = "known are:";
    for (const Input& each : symbols_.inputs) known += " " + each.name;
    for (const Constant& each : symbols_.constants) known += " " + each.name;
    for (std::size_t i = 0; i < frame.visible; ++i) known += " " + symbols_.names[i].name;
    return calc_.fail(node.at, fmt::format("\"{}\" is neither a field nor a parameter", node.name), std::move(known));
  }
  std::string known_lists() const {
    std::string known = "known are:";
    for (const WordList& each : symbols_.lists) known += " " + each.name;
    return known;
  }
  Value input(const Node& node, std::size_t index) {
    const Input& from = symbols_.inputs[index];
    if (from.per)
      return calc_.fail(node.at, fmt::format("\"{}\" has a value for each word of a list", node.name),
                        fmt::format("sum them: sum(x in {}, {}[x])", symbols_.lists[*from.per].name, node.name));
    if (from.list) return Arithmetic::word(*from.list, words(*from.list), scope_.column(index));
    return calc_.column(node, scope_.column(index), from.unit, from.decimals, from.min, from.max);
  }
  std::size_t words(std::size_t list) const { return symbols_.lists[list].words.size(); }

  static Value quoted(const Node& node) {
    Value value;
    value.kind = Value::Kind::quoted;
    value.text = node.name;
    return value;
  }
  Value same_word(const Node& node, const Value& left, const Value& right) {
    const bool turned = left.kind == Value::Kind::quoted;
    const Value &word = turned ? right : left, &text = turned ? left : right;
    if (word.kind != Value::Kind::word || text.kind != Value::Kind::quoted)
      return calc_.fail(node.at, fmt::format("{} and {} cannot be compared", kind_of(left), kind_of(right)),
                        "compare numbers with numbers, a field of words with a word in quotes");
    const WordList& list = symbols_.lists[word.list];
    const auto found = std::find(list.words.begin(), list.words.end(), text.text);
    if (found == list.words.end())
      return calc_.fail(node.at, fmt::format("{} is not in the list {}", kind_of(text), list.name),
                        "its words are: " + listed(list.words));
    Value place = word;
    place.low = place.high = found - list.words.begin();
    return calc_.comparison(node, node.kind == NodeKind::equal ? Op::equal : Op::not_equal, word, place);
  }

  /// vector[variable], table[variable], table[field]
  Value lookup(const Node& node) {
    const auto symbol = scope_.find(node.name);
    const bool table = symbol && symbol->kind == Symbol::Kind::table;
    const bool vector = symbol && symbol->kind == Symbol::Kind::input && symbols_.inputs[symbol->index].per.has_value();
    if (!table && !vector)
      return calc_.fail(node.at, fmt::format("\"{}\" has no value for each word of a list", node.name),
                        "look up in a table, or in a field that is `per` a list");
    const std::size_t list = table ? symbols_.tables[symbol->index].list : *symbols_.inputs[symbol->index].per;
    if (const Binding* binding = scope_.bound(node.index)) {
      if (binding->list != list) return other_list(node, binding->list, list);
      return table ? of_table(symbols_.tables[symbol->index], binding->word)
                   : of_vector(node, symbol->index, binding->word);
    }
    return lookup_by_field(node, *symbol, list);
  }
  Value lookup_by_field(const Node& node, Symbol symbol, std::size_t list) {
    const auto field = scope_.find(node.index);
    if (!field || field->kind != Symbol::Kind::input || !symbols_.inputs[field->index].list)
      return calc_.fail(node.index_at,
                        fmt::format("\"{}\" is neither a field of words nor the variable of a sum", node.index),
                        fmt::format("write sum(x in {}, ... {}[x] ...)", symbols_.lists[list].name, node.name));
    if (*symbols_.inputs[field->index].list != list) return other_list(node, *symbols_.inputs[field->index].list, list);
    if (symbol.kind != Symbol::Kind::table)
      return calc_.fail(node.index_at, fmt::format("\"{}\" is looked up only by the variable of a sum", node.name),
                        fmt::format("write sum(x in {}, ... {}[x] ...)", symbols_.lists[list].name, node.name));
    const Table& table = symbols_.tables[symbol.index];
    const Value index = Arithmetic::word(list, words(list), scope_.column(field->index));
    return calc_.gather(node, index, table.values, table.dimension);
  }
  Value other_list(const Node& node, std::size_t given, std::size_t wanted) {
    return calc_.fail(node.index_at,
                      fmt::format("\"{}\" is a word of {}, but {} goes by {}", node.index, symbols_.lists[given].name,
                                  node.name, symbols_.lists[wanted].name),
                      fmt::format("look up by a word of {}", symbols_.lists[wanted].name));
  }
  static Value of_table(const Table& table, std::size_t word) {
    return Arithmetic::constant(table.values[word], table.dimension);
  }
  Value of_vector(const Node& node, std::size_t index, std::size_t word) {
    const Input& from = symbols_.inputs[index];
    return calc_.column(node, scope_.column(index) + word, from.unit, from.decimals, from.min, from.max);
  }

  const Symbols& symbols_;
  Scope scope_;
  Arithmetic calc_;
  std::vector<Value> names_;
  std::size_t steps_ = 0;
};

}  // namespace

Result<Program, FormulaErrors> compile_condition(const Syntax& syntax, const Symbols& symbols) {
  return Compiler(symbols).condition(syntax);
}

Result<Program, FormulaErrors> compile_quantity(const Syntax& syntax, const Symbols& symbols, const Unit& wanted) {
  return Compiler(symbols).quantity(syntax, wanted);
}

FormulaErrors check_names(const Symbols& symbols) { return Compiler(symbols).names(); }

}  // namespace tanpuhui::expr
