#include <algorithm>

#include <fmt/format.h>

#include "base/check.h"
#include "expr/trace.h"
#include "methodology/explain.h"

namespace tanpuhui {
namespace {

using Inputs = std::span<const std::int64_t>;

/// value / divisor for people: exact up to nine decimals, `...` where more follow.
std::string decimal_of(int128 value, int128 divisor) {
  const bool negative = value < 0;
  int128 rest = negative ? -value : value;
  std::string text = (negative ? "-" : "") + expr::format_integer(rest / divisor);
  rest %= divisor;
  if (rest != 0) text += '.';
  for (int i = 0; i < 9 && rest != 0 && rest <= expr::int128_max / 10; ++i) {
    text += expr::format_integer(rest * 10 / divisor);
    rest = rest * 10 % divisor;
  }
  return rest == 0 ? text : text + "...";
}

class Worker {
 public:
  Worker(const Methodology& methodology, const CompiledMethodology& rule, Inputs inputs)
      : m_(methodology), rule_(rule), inputs_(inputs) {}

  WorkedCalculation run() {
    out_.valid = true;
    add_inputs();
    add_factors();
    for (const MethodologyLet& let : m_.lets) out_.lets.push_back(formula(let.name, let.expression));
    add_checks();
    if (!out_.refused && m_.bears_reductions()) add_reduction();
    return std::move(out_);
  }

 private:
  void add_inputs() {
    for (std::size_t i = 0; i < inputs_.size(); ++i)
      out_.inputs.push_back({m_.columns[i].name, format_input(m_, i, inputs_[i]), m_.columns[i].unit});
  }

  void add_factors() {
    for (std::size_t row : rule_.parameters)
      out_.factors.push_back({m_.parameters[row].name, m_.parameters[row].unit, m_.parameters[row]});
    for (std::size_t i = 0; i < m_.tables.size(); ++i) add_rows(m_.tables[i], rule_.table_rows[i]);
  }
  void add_rows(const MethodologyTable& table, const std::vector<std::size_t>& rows) {
    const std::vector<bool> asked = asked_words(table.list, rows.size());
    for (std::size_t word = 0; word < rows.size(); ++word) {
      const MethodologyTable::Row& row = table.rows[rows[word]];
      if (asked[word]) out_.factors.push_back({fmt::format("{}[\"{}\"]", table.name, row.word), table.unit, row});
    }
  }
  /// The words that the record names or has a number for; all of them when it has nothing to do with the list.
  std::vector<bool> asked_words(const std::string& list, std::size_t words) const {
    std::vector<bool> asked(words, false);
    bool met = false;
    for (std::size_t column = 0; column < m_.field_columns;) {
      const MethodologyField& field = m_.fields[m_.columns[column].field];
      const std::size_t width = field.per.empty() ? 1 : m_.list(field.per)->words.size();
      if (field.list == list) met = asked[static_cast<std::size_t>(inputs_[column])] = true;
      for (std::size_t i = 0; field.per == list && i < width; ++i)
        if (met = true; inputs_[column + i] != 0) asked[i] = true;
      column += width;
    }
    return met ? asked : std::vector<bool>(words, true);
  }

  WorkedFormula formula(std::string name, const std::string& expression) const {
    const auto syntax = expr::parse_formula(expression, {});
    TANPUHUI_REQUIRE(syntax.has_value(), "a formula that was loaded can be read again");
    const std::vector<expr::Step> trace = expr::trace(*syntax, rule_.symbols, inputs_);
    WorkedFormula out{std::move(name), expression, trace.back().value, {}};
    // What belongs to the names that the formula uses is shown with them.
    const auto own = std::find_if(trace.rbegin(), trace.rend(),
                                  [](const expr::Step& step) { return step.kind == expr::Step::Kind::name; });
    for (auto step = own.base(); step != trace.end() && step + 1 != trace.end(); ++step)
      if (step->kind == expr::Step::Kind::operation || step->kind == expr::Step::Kind::lookup)
        out.steps.push_back({step->text, step->stands_for, step->value});
    return out;
  }

  void add_checks() {
    const auto failed = rule_.first_failed_check(inputs_);
    for (std::size_t i = 0; i < failed.value_or(m_.checks.size()); ++i) out_.checks.push_back({i, true});
    if (!failed) return;
    out_.checks.push_back({*failed, false});
    out_.refused = true;
  }

  void add_reduction() {
    const MethodologyReduction& reduction = m_.reduction;
    if (!reduction.baseline.empty()) out_.parts.push_back(formula("baseline", reduction.baseline));
    if (!reduction.project.empty()) out_.parts.push_back(formula("project", reduction.project));
    if (!reduction.leakage.empty()) out_.parts.push_back(formula("leakage", reduction.leakage));
    out_.reduction = formula("reduction", reduction.expression);
    const int128 exact = rule_.reduction.scalar(inputs_);
    out_.exact_mg = decimal_of(exact, rule_.reduction.divisor);
    out_.negative = exact < 0;
    out_.rounded_mg = rule_.negative == NegativePolicy::carry ? rule_.reduction.scalar_signed_quantity(inputs_)
                                                              : rule_.reduction.scalar_quantity(inputs_);
    out_.reduction_mg = rule_.reduction_mg(inputs_);
    out_.capped = out_.reduction_mg < out_.rounded_mg;
  }

  const Methodology& m_;
  const CompiledMethodology& rule_;
  Inputs inputs_;
  WorkedCalculation out_;
};

}  // namespace

WorkedCalculation work_out(const Methodology& methodology, std::span<const std::int64_t> inputs, Day day) {
  const CompiledMethodology* rule = methodology.in_force(day);
  if (rule == nullptr) return {};
  return Worker(methodology, *rule, inputs).run();
}

}  // namespace tanpuhui
