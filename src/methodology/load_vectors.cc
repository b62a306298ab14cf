#include <algorithm>

#include <fmt/format.h>

#include "methodology/draft.h"

namespace tanpuhui {
namespace {

constexpr std::size_t vectors_min = 3;

std::int64_t read_word(TomlReader& inputs, const MethodologyField& field, const Draft& draft) {
  const std::string word = inputs.text(field.name);
  const auto& words = draft.out.list(field.list)->words;
  const auto found = std::find_if(words.begin(), words.end(), [&](const auto& each) { return each.id == word; });
  if (found != words.end()) return found - words.begin();
  if (inputs.has(field.name))
    inputs.fail(field.name, fmt::format("\"{}\" is no word of the list {}", word.substr(0, 40), field.list),
                "write the id of one of its words");
  return 0;
}

/// mass_kg = { clothes = "2.35" } or "mass_kg.clothes" = "2.35"; words that are left out count 0.
void read_numbers_per_word(TomlReader& inputs, const MethodologyField& field, const Draft& draft,
                           std::vector<std::int64_t>& out) {
  auto nested = inputs.optional_table(field.name);
  for (const MethodologyList::Word& word : draft.out.list(field.per)->words) {
    const std::string flat = field.name + "." + word.id;
    if (nested && nested->has(word.id))
      out.push_back(nested->fixed(word.id, field.decimals));
    else
      out.push_back(inputs.has(flat) ? inputs.fixed(flat, field.decimals) : 0);
  }
  if (nested) nested->finish();
}

std::vector<std::int64_t> read_inputs(TomlReader& inputs, const Draft& draft) {
  std::vector<std::int64_t> values;
  for (const MethodologyField& field : draft.out.fields) {
    if (!field.list.empty())
      values.push_back(read_word(inputs, field, draft));
    else if (!field.per.empty())
      read_numbers_per_word(inputs, field, draft, values);
    else
      values.push_back(inputs.fixed(field.name, field.decimals));
  }
  for (const MethodologyReference& input : draft.out.references)
    values.push_back(inputs.fixed(input.name, input.decimals));
  values.push_back(inputs.fixed("duration_s", 3));
  inputs.finish();
  return values;
}

void read_expectation(TomlReader& table, MethodologyVector& vector, const Draft& draft) {
  vector.refused = table.optional_text("refused").value_or("");
  if (table.has("reduction_mg")) vector.reduction_mg = table.fixed("reduction_mg", 0);
  const bool both = table.has("refused") && table.has("reduction_mg");
  const bool neither = !table.has("refused") && !table.has("reduction_mg");
  if (both || (neither && draft.out.bears_reductions()))
    table.fail("name", "a test vector expects either reduction_mg or refused", "write one of them");
}

MethodologyVector read_vector(TomlReader& table, const Draft& draft) {
  MethodologyVector vector;
  vector.name = table.text("name");
  vector.day = table.day("day");
  if (auto inputs = table.table("inputs")) vector.inputs = read_inputs(*inputs, draft);
  read_expectation(table, vector, draft);
  table.finish();
  return vector;
}

void try_vector(TomlReader& table, const MethodologyVector& vector, const Methodology& m) {
  const CompiledMethodology* rule = m.in_force(vector.day);
  if (rule == nullptr)
    return table.fail("day", "the methodology is not valid on this day", "choose a day of its validity");
  if (const auto input = rule->first_out_of_range(vector.inputs))
    return table.fail("inputs", fmt::format("{} is out of its range", m.columns[*input].name),
                      "choose values within min and max");
  const auto failed = rule->first_failed_check(vector.inputs);
  const std::string code = failed ? m.checks[*failed].code : "";
  const std::int64_t reduction_mg = failed ? 0 : rule->reduction_mg(vector.inputs);
  if (code == vector.refused && reduction_mg == vector.reduction_mg) return;
  table.fail(vector.refused.empty() ? "reduction_mg" : "refused",
             failed ? fmt::format("the engine refuses this record: {}", code)
                    : fmt::format("the engine computes {} mg", reduction_mg),
             "mend the formula or the expectation");
}

}  // namespace

void count_vectors(TomlReader& root) {
  if (root.tables("vector").size() < vectors_min)
    root.fail("vector", fmt::format("fewer than {} test vectors", vectors_min),
              "add [[vector]] blocks, one of them refused");
}

void try_vectors(TomlReader& root, Draft& draft) {
  bool refused = false, accepted = false;
  for (TomlReader& table : root.tables("vector")) {
    const std::size_t before = draft.errors.size();
    const MethodologyVector vector = read_vector(table, draft);
    if (draft.errors.size() == before) try_vector(table, vector, draft.out);
    (vector.refused.empty() ? accepted : refused) = true;
    draft.out.vectors.push_back(vector);
  }
  if (!refused) root.fail("vector", "no test vector is refused", "add one with refused = \"...\"");
  if (!accepted) root.fail("vector", "no test vector is accepted", "add one with reduction_mg = \"...\"");
}

}  // namespace tanpuhui
