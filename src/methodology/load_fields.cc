#include <algorithm>

#include <fmt/format.h>

#include "methodology/draft.h"

namespace tanpuhui {
namespace {

constexpr std::size_t words_max = 256;

/// What numbers of records and of the seal have in common: unit, decimals, range.
template <class Number>
expr::Unit read_number(TomlReader& table, Number& out) {
  out.unit = table.text("unit");
  const expr::Unit unit = read_unit(table, "unit", out.unit);
  require_suffix(table, out.name, out.unit);
  out.decimals = static_cast<int>(table.integer("decimals", 0, 9));
  out.min = table.fixed("min", out.decimals);
  out.max = table.fixed("max", out.decimals);
  if (out.min > out.max) table.fail("max", "max is below min", "write the larger one as max");
  return unit;
}

MethodologyList::Word read_word(TomlReader& table, const MethodologyList& list) {
  MethodologyList::Word word{table.text("id"), {table.text("zh"), table.text("en")}};
  if (!expr::is_name(word.id) && table.has("id"))
    table.fail("id", "the id of a word is made of a-z, 0-9 and _", "for instance used_clothes");
  if (std::any_of(list.words.begin(), list.words.end(), [&](const auto& other) { return other.id == word.id; }))
    table.fail("id", "the list has this word already", "keep one of them");
  table.finish();
  return word;
}

void read_list(TomlReader& table, Draft& draft) {
  MethodologyList list;
  list.name = table.text("name");
  claim_name(table, list.name, draft);
  for (TomlReader& each : table.tables("words")) list.words.push_back(read_word(each, list));
  if (list.words.empty()) table.fail("words", "a list has at least one word", "add words = [ { id = \"...\" } ]");
  if (list.words.size() > words_max)
    table.fail("words", fmt::format("a list of more than {} words", words_max), "divide it");
  table.finish();
  draft.out.lists.push_back(std::move(list));
}

void read_field(TomlReader& table, Draft& draft) {
  MethodologyField field;
  expr::Unit unit;
  field.name = table.text("name");
  claim_name(table, field.name, draft);
  field.list = table.optional_text("list").value_or("");
  field.per = table.optional_text("per").value_or("");
  if (table.has("per") && !table.has("list")) find_list(table, "per", field.per, draft);
  if (table.has("list")) {
    // A word has neither unit nor range: whatever else stands here is reported as unknown.
    if (table.has("per")) table.fail("per", "a field is a word or one number for each word", "keep list or per");
    if (const auto list = find_list(table, "list", field.list, draft))
      field.max = static_cast<std::int64_t>(draft.out.lists[*list].words.size()) - 1;
  } else {
    unit = read_number(table, field);
  }
  table.finish();
  draft.field_units.push_back(unit);
  draft.out.fields.push_back(std::move(field));
}

void require_summed_field(TomlReader& table, const MethodologyReference& input, const expr::Unit& unit,
                          const Draft& draft) {
  const auto& fields = draft.out.fields;
  const auto of = std::find_if(fields.begin(), fields.end(), [&](const auto& field) { return field.name == input.of; });
  if (of == fields.end() || !of->list.empty() || !of->per.empty())
    return table.fail("of", "a sum or a mean is of a field that is one number", "name such a field");
  const auto& field_unit = draft.field_units[static_cast<std::size_t>(of - fields.begin())];
  if (field_unit.dimension != unit.dimension)
    table.fail("unit",
               fmt::format("{} is {}, this is {}", of->name, expr::describe(field_unit.dimension),
                           expr::describe(unit.dimension)),
               "give it the unit of its field");
  else if (of->unit != input.unit)
    table.fail("unit", fmt::format("{} is in {}, this in {}", of->name, of->unit, input.unit),
               "give it the unit of its field");
  if (input.kind == "own_sum" && of->decimals != input.decimals)
    table.fail("decimals", fmt::format("{} has {} decimals, its sum {}", of->name, of->decimals, input.decimals),
               "give the sum the decimals of its field");
}

void require_word_field(TomlReader& table, const MethodologyReference& input, const Draft& draft) {
  const auto& fields = draft.out.fields;
  if (std::ranges::none_of(fields, [&](const auto& field) { return field.name == input.by && !field.list.empty(); }))
    table.fail("by", "a figure is by a field that is a word", "name a field with list = \"...\"");
}

void read_reference(TomlReader& table, Draft& draft) {
  MethodologyReference input;
  input.name = table.text("name");
  claim_name(table, input.name, draft);
  input.kind = table.one_of("kind", Choices<2>{"own_sum", "frozen"});
  const expr::Unit unit = read_number(table, input);
  if (input.kind == "own_sum") {
    input.of = table.text("of");
    input.days = table.integer("days", 1, 366);
  } else {
    input.of = table.optional_text("of").value_or("");
    input.by = table.optional_text("by").value_or("");
    if (table.has("by")) require_word_field(table, input, draft);
  }
  if (table.has("of")) require_summed_field(table, input, unit, draft);
  table.finish();
  draft.reference_units.push_back(unit);
  draft.out.references.push_back(std::move(input));
}

std::optional<std::size_t> place_of(const Draft& draft, const std::string& list) {
  for (std::size_t i = 0; i < draft.out.lists.size(); ++i)
    if (draft.out.lists[i].name == list) return i;
  return std::nullopt;
}

void add_columns(const MethodologyField& field, std::size_t place, Draft& draft) {
  const MethodologyColumn column{field.name, field.unit, field.decimals, field.min, field.max, place};
  const MethodologyList* list = draft.out.list(field.per);
  if (list == nullptr) return draft.out.columns.push_back(column);
  for (const MethodologyList::Word& word : list->words)
    draft.out.columns.push_back(column), draft.out.columns.back().name += "." + word.id;
}

template <class Number>
expr::Input input_of(const Number& number, const expr::Unit& unit) {
  expr::Input input;
  input.name = number.name, input.unit = unit, input.decimals = number.decimals;
  input.min = number.min, input.max = number.max;
  return input;
}

}  // namespace

void read_lists(TomlReader& root, Draft& draft) {
  for (TomlReader& table : root.tables("list")) read_list(table, draft);
}

void read_fields(TomlReader& root, Draft& draft) {
  for (TomlReader& table : root.tables("field")) read_field(table, draft);
}

void read_references(TomlReader& root, Draft& draft) {
  for (TomlReader& table : root.tables("reference")) read_reference(table, draft);
  if (draft.out.references.size() > references_max)
    root.fail("reference", fmt::format("more than {} reference inputs", references_max), "ask the seal for less");
}

void lay_out_columns(TomlReader& root, Draft& draft) {
  Methodology& out = draft.out;
  for (const MethodologyList& list : out.lists) {
    auto& words = draft.symbols.lists.emplace_back();
    words.name = list.name;
    for (const MethodologyList::Word& word : list.words) words.words.push_back(word.id);
  }
  for (std::size_t i = 0; i < out.fields.size(); ++i) {
    expr::Input input = input_of(out.fields[i], draft.field_units[i]);
    input.list = place_of(draft, out.fields[i].list), input.per = place_of(draft, out.fields[i].per);
    draft.symbols.inputs.push_back(std::move(input));
    add_columns(out.fields[i], i, draft);
  }
  out.field_columns = out.columns.size();
  if (out.field_columns > fields_max)
    root.fail("field", fmt::format("a record brings more than {} values", fields_max), "ask a record for less");
  for (std::size_t i = 0; i < out.references.size(); ++i) {
    const MethodologyReference& from = out.references[i];
    draft.symbols.inputs.push_back(input_of(from, draft.reference_units[i]));
    out.columns.push_back({from.name, from.unit, from.decimals, from.min, from.max, out.fields.size() + i});
  }
  const MethodologyColumn duration{"duration", "s", 3, 0, duration_limit_ms, out.fields.size() + out.references.size()};
  draft.symbols.inputs.push_back(input_of(duration, *expr::find_unit("s")));
  out.columns.push_back(duration);
}

}  // namespace tanpuhui
