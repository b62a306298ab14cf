#include "methodology/diff.h"

#include <fmt/format.h>

namespace tanpuhui {
namespace {

/// A version as a list of named facts, in order; what is equal in both versions is left out of the difference.
struct Fact {
  std::string where, value;
};
using Facts = std::vector<Fact>;

std::string day_text(std::optional<Day> day) { return day ? format_day(*day) : ""; }
std::string cap_text(std::int64_t cap, std::string_view unit = "") {
  return cap == 0 ? "" : fmt::format("{}{}{}", cap, unit.empty() ? "" : " ", unit);
}

void add(Facts& out, const std::string& where, const BilingualText& text) {
  out.push_back({where + ", zh", text.zh});
  out.push_back({where + ", en", text.en});
}

void add_texts(Facts& out, const Methodology& m) {
  out.push_back({"id", m.id});
  out.push_back({"version", m.version});
  out.push_back({"kind", m.kind});
  out.push_back({"valid_from", format_day(m.valid_from)});
  out.push_back({"valid_until", day_text(m.valid_until)});
  add(out, "title", m.title);
  add(out, "publisher", m.publisher);
  add(out, "applicability", m.applicability);
  add(out, "baseline", m.baseline);
  add(out, "calculation", m.calculation);
  add(out, "monitoring_plan", m.monitoring_plan);
  add(out, "additionality", m.additionality);
}

void add_list(Facts& out, const MethodologyList& list) {
  std::string order;
  for (const MethodologyList::Word& word : list.words) order += (order.empty() ? "" : ", ") + word.id;
  out.push_back({"list " + list.name, order});
  for (const MethodologyList::Word& word : list.words)
    add(out, fmt::format("list {}, word {}", list.name, word.id), word.text);
}

template <class Number>
void add_number(Facts& out, const std::string& where, const Number& number) {
  out.push_back({where + ", unit", number.unit});
  out.push_back({where + ", decimals", std::to_string(number.decimals)});
  out.push_back({where + ", min", format_fixed(number.min, number.decimals)});
  out.push_back({where + ", max", format_fixed(number.max, number.decimals)});
}

void add_field(Facts& out, const MethodologyField& field) {
  const std::string where = "field " + field.name;
  out.push_back({where + ", list", field.list});
  out.push_back({where + ", per", field.per});
  if (field.list.empty()) add_number(out, where, field);
}

void add_inputs(Facts& out, const Methodology& m) {
  for (const MethodologyList& list : m.lists) add_list(out, list);
  for (const MethodologyField& field : m.fields) add_field(out, field);
  for (const MethodologyReference& input : m.references) {
    const std::string where = "reference " + input.name;
    out.push_back({where + ", kind", input.kind});
    out.push_back({where + ", of", input.of});
    out.push_back({where + ", by", input.by});
    out.push_back({where + ", days", input.days == 0 ? "" : std::to_string(input.days)});
    add_number(out, where, input);
  }
  std::string order;
  for (const std::string& name : m.input_names()) order += (order.empty() ? "" : ", ") + name;
  out.push_back({"inputs in order", order});
}

void add_value(Facts& out, const std::string& what, const std::string& unit, const DatedValue& row) {
  const std::string where = fmt::format("{} from {}", what, format_day(row.from));
  out.push_back({where + ", value", fmt::format("{} {}", format_fixed(row.value.mantissa, row.value.scale), unit)});
  out.push_back({where + ", until", day_text(row.until)});
  out.push_back({where + ", region", row.region});
  out.push_back({where + ", data year", row.data_year == 0 ? "" : std::to_string(row.data_year)});
  out.push_back({where + ", factor", row.factor});
  out.push_back({where + ", source", row.source});
  out.push_back({where + ", trust", row.trust});
}

void add_formulas(Facts& out, const Methodology& m) {
  for (const MethodologyLet& let : m.lets) out.push_back({"let " + let.name, let.expression});
  for (const MethodologyCheck& check : m.checks) {
    out.push_back({"check " + check.code, check.expression});
    out.push_back({"check " + check.code + ", stage", check.stage});
    add(out, "check " + check.code + ", message", check.message);
  }
  std::string order;
  for (const MethodologyCheck& check : m.checks) order += (order.empty() ? "" : ", ") + check.code;
  out.push_back({"checks in order", order});
  const MethodologyReduction& reduction = m.reduction;
  out.push_back({"reduction, baseline", reduction.baseline});
  out.push_back({"reduction, project", reduction.project});
  out.push_back({"reduction, leakage", reduction.leakage});
  out.push_back({"reduction, expression", reduction.expression});
  out.push_back({"reduction, rounding", reduction.rounding});
  out.push_back({"reduction, negative", reduction.negative});
  out.push_back({"reduction, cap_record", cap_text(reduction.cap_record_mg, "mgCO2e")});
}

void add_seal(Facts& out, const MethodologySeal& seal) {
  out.push_back({"seal, window", seal.window});
  out.push_back({"seal, identity", seal.identity});
  out.push_back({"seal, overlap", seal.overlap});
  out.push_back({"seal, max_duration", format_fixed(seal.max_duration_ms, 3) + " s"});
  out.push_back({"seal, cap_records_person_day", cap_text(seal.cap_records_person_day)});
  out.push_back({"seal, cap_records_person_month", cap_text(seal.cap_records_person_month)});
  out.push_back({"seal, cap_reduction_person_day", cap_text(seal.cap_reduction_person_day_mg, "mgCO2e")});
  out.push_back({"seal, cap_reduction_person_month", cap_text(seal.cap_reduction_person_month_mg, "mgCO2e")});
}

void add_vectors(Facts& out, const Methodology& m) {
  for (const MethodologyVector& vector : m.vectors) {
    std::string text = format_day(vector.day);
    for (std::size_t i = 0; i < vector.inputs.size(); ++i)
      text += fmt::format(", {} = {}", m.columns[i].name, format_input(m, i, vector.inputs[i]));
    text += vector.refused.empty() ? fmt::format(": {} mg", vector.reduction_mg) : ": " + vector.refused;
    out.push_back({"vector " + vector.name, text});
  }
}

Facts facts_of(const Methodology& m) {
  Facts out;
  add_texts(out, m);
  add_inputs(out, m);
  for (const MethodologyParameter& row : m.parameters) add_value(out, "parameter " + row.name, row.unit, row);
  for (const MethodologyTable& table : m.tables)
    for (const MethodologyTable::Row& row : table.rows)
      add_value(out, fmt::format("table {} of {}", table.name, row.word), table.unit, row);
  add_formulas(out, m);
  add_seal(out, m.seal);
  add_vectors(out, m);
  return out;
}

std::map<std::string, std::string> by_place(const Facts& facts) {
  std::map<std::string, std::string> map;
  for (const Fact& fact : facts) map.emplace(fact.where, fact.value);
  return map;
}

}  // namespace

std::vector<Difference> diff(const Methodology& a, const Methodology& b) {
  const Facts before = facts_of(a), after = facts_of(b);
  const auto old_values = by_place(before), new_values = by_place(after);
  const auto at = [](const auto& values, const std::string& where) {
    const auto found = values.find(where);
    return found == values.end() ? std::string() : found->second;
  };
  std::vector<Difference> out;
  // The order of the new version, with what is gone at the place where it stood in the old one.
  std::size_t next = 0;
  const auto tell_gone = [&](std::size_t until) {
    for (; next < until; ++next)
      if (const Fact& fact = before[next]; !new_values.contains(fact.where) && !fact.value.empty())
        out.push_back({fact.where, fact.value, ""});
  };
  for (const Fact& fact : after) {
    for (std::size_t i = next; i < before.size(); ++i)
      if (before[i].where == fact.where) tell_gone(i + 1);
    if (const std::string old = at(old_values, fact.where); old != fact.value)
      out.push_back({fact.where, old, fact.value});
  }
  tell_gone(before.size());
  return out;
}

}  // namespace tanpuhui
