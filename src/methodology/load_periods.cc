#include <algorithm>

#include <fmt/format.h>

#include "methodology/draft.h"

namespace tanpuhui {
namespace {

bool in_force(const DatedValue& row, Day day) { return row.from <= day && (!row.until || day <= *row.until); }

/// Days on which something changes: each begins a period.
std::set<Day> starts_of(const Methodology& m) {
  std::set<Day> starts = {m.valid_from};
  const auto add = [&](const DatedValue& row) {
    if (row.from > m.valid_from && row.from <= last_day_of(m)) starts.insert(row.from);
  };
  for (const MethodologyParameter& row : m.parameters) add(row);
  for (const MethodologyTable& table : m.tables)
    for (const MethodologyTable::Row& row : table.rows) add(row);
  return starts;
}

void add_parameters(const Draft& draft, CompiledMethodology& period) {
  for (std::size_t i = 0; i < draft.out.parameters.size(); ++i) {
    if (!in_force(draft.out.parameters[i], period.from)) continue;
    const DatedConstant& constant = draft.constants[i];
    period.parameters.push_back(i);
    period.symbols.constants.push_back({constant.name, constant.value, constant.dimension});
  }
}

void add_table(const Draft& draft, std::size_t index, CompiledMethodology& period) {
  const MethodologyTable& from = draft.out.tables[index];
  const auto& lists = draft.out.lists;
  const auto list = std::find_if(lists.begin(), lists.end(), [&](const auto& each) { return each.name == from.list; });
  expr::Table table;
  table.name = from.name, table.list = static_cast<std::size_t>(list - lists.begin());
  auto& rows = period.table_rows.emplace_back();
  for (const MethodologyList::Word& word : list->words)
    for (std::size_t i = 0; i < from.rows.size(); ++i) {
      if (from.rows[i].word != word.id || !in_force(from.rows[i], period.from)) continue;
      const DatedConstant& constant = draft.table_constants[index][i];
      table.values.push_back(constant.value), table.dimension = constant.dimension;
      rows.push_back(i);
    }
  period.symbols.tables.push_back(std::move(table));
}

void add_names(const Draft& draft, CompiledMethodology& period) {
  auto& names = period.symbols.names;
  names = draft.lets;
  if (draft.baseline) names.push_back({"baseline", *draft.baseline});
  if (draft.project) names.push_back({"project", *draft.project});
  if (draft.leakage) names.push_back({"leakage", *draft.leakage});
}

template <class Compiled>
expr::Program take(Compiled compiled, Draft& draft) {
  if (compiled) return std::move(*compiled);
  draft.fail(compiled.error());
  return {};
}

void compile_formulas(Draft& draft, CompiledMethodology& period) {
  for (const Formula& check : draft.checks)
    period.checks.push_back(take(expr::compile_condition(*check, period.symbols), draft));
  for (const MethodologyCheck& check : draft.out.checks)
    period.stages.push_back(check.stage == "seal" ? CheckStage::seal : CheckStage::intake);
  const Formula none = *expr::parse_formula("0 mgCO2e", {});
  const expr::Syntax& reduction = draft.reduction ? *draft.reduction : *none;
  period.reduction = take(expr::compile_quantity(reduction, period.symbols, *expr::find_unit("mgCO2e")), draft);
  if (draft.out.reduction.negative == "carry") period.negative = NegativePolicy::carry;
  period.cap_record_mg = draft.out.reduction.cap_record_mg;
}

void compile_period(Draft& draft, Day from, std::optional<Day> until) {
  CompiledMethodology period;
  period.from = from, period.until = until;
  period.symbols = draft.symbols;
  add_parameters(draft, period);
  for (std::size_t i = 0; i < draft.out.tables.size(); ++i) add_table(draft, i, period);
  add_names(draft, period);
  for (const MethodologyColumn& column : draft.out.columns) period.ranges.emplace_back(column.min, column.max);
  draft.fail(expr::check_names(period.symbols));
  if (draft.sound()) compile_formulas(draft, period);
  draft.out.periods.push_back(std::move(period));
}

/// Names that only the seal can give a value: references, and what is made of them.
std::set<std::string> known_to_the_seal(const Draft& draft) {
  std::set<std::string> names;
  for (const MethodologyReference& input : draft.out.references) names.insert(input.name);
  for (const expr::Named& let : draft.lets)
    for (const expr::Node& node : let.syntax.nodes)
      if (node.kind == expr::NodeKind::name && names.contains(node.name)) names.insert(let.name);
  return names;
}

void check_stages(Draft& draft) {
  const std::set<std::string> late = known_to_the_seal(draft);
  for (std::size_t i = 0; i < draft.checks.size(); ++i) {
    if (!draft.checks[i] || draft.out.checks[i].stage != "intake") continue;
    for (const expr::Node& node : draft.checks[i]->nodes)
      if (node.kind == expr::NodeKind::name && late.contains(node.name))
        draft.fail({node.at.line, node.at.column}, fmt::format("{} is not known at intake", node.name),
                   "write stage = \"seal\"");
  }
}

}  // namespace

void compile_periods(Draft& draft) {
  check_stages(draft);
  const std::set<Day> starts = starts_of(draft.out);
  for (auto start = starts.begin(); start != starts.end() && draft.sound(); ++start) {
    const auto next = std::next(start);
    compile_period(draft, *start, next == starts.end() ? draft.out.valid_until : std::optional(*next - 1));
  }
}

}  // namespace tanpuhui
