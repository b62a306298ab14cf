#include "server/methodology_json.h"

namespace tanpuhui {
namespace {

namespace json = boost::json;

json::value day_or_null(const std::optional<Day>& day) {
  return day ? json::value(format_day(*day)) : json::value(nullptr);
}

json::object head_json(const Methodology& methodology) {
  return {{"id", methodology.id},
          {"version", methodology.version},
          {"kind", methodology.kind},
          {"title_zh", methodology.title.zh},
          {"title_en", methodology.title.en},
          {"publisher_zh", methodology.publisher.zh},
          {"publisher_en", methodology.publisher.en},
          {"valid_from", format_day(methodology.valid_from)},
          {"valid_until", day_or_null(methodology.valid_until)},
          {"hash", to_hex(methodology.hash)},
          {"has_demonstration_factors", methodology.has_demonstration_factors()}};
}

json::object text_json(std::string_view id, const BilingualText& text) {
  return {{"id", id}, {"zh", text.zh}, {"en", text.en}};
}

json::object field_json(const MethodologyField& field) {
  return {{"name", field.name},
          {"unit", field.unit},
          {"decimals", field.decimals},
          {"min", format_fixed(field.min, field.decimals)},
          {"max", format_fixed(field.max, field.decimals)},
          {"per", field.per},
          {"list", field.list}};
}

json::object list_json(const MethodologyList& list) {
  json::array words;
  for (const MethodologyList::Word& word : list.words)
    words.push_back({{"id", word.id}, {"zh", word.text.zh}, {"en", word.text.en}});
  return {{"name", list.name}, {"words", std::move(words)}};
}

json::object reference_json(const MethodologyReference& reference) {
  return {{"name", reference.name}, {"kind", reference.kind}, {"of", reference.of},
          {"days", reference.days}, {"by", reference.by},     {"unit", reference.unit}};
}

json::object let_json(const MethodologyLet& let) { return {{"name", let.name}, {"expression", let.expression}}; }

json::object factor_json(const DatedValue& factor, const std::string& name, const std::string& unit) {
  return {{"name", name},
          {"value", format_fixed(factor.value.mantissa, factor.value.scale)},
          {"unit", unit},
          {"from", format_day(factor.from)},
          {"until", day_or_null(factor.until)},
          {"region", factor.region},
          {"source", factor.source},
          {"trust", factor.trust}};
}

/// Parameters, then the rows of tables as `table["word"]`.
json::array factors_json(const Methodology& methodology) {
  json::array out;
  for (const MethodologyParameter& row : methodology.parameters) out.push_back(factor_json(row, row.name, row.unit));
  for (const MethodologyTable& table : methodology.tables)
    for (const MethodologyTable::Row& row : table.rows)
      out.push_back(factor_json(row, table.name + "[\"" + row.word + "\"]", table.unit));
  return out;
}

json::object check_json(const MethodologyCheck& check) {
  return {{"code", check.code},
          {"expression", check.expression},
          {"stage", check.stage},
          {"message_zh", check.message.zh},
          {"message_en", check.message.en}};
}

json::object vector_json(const Methodology& methodology, const MethodologyVector& vector) {
  json::object inputs;
  for (std::size_t i = 0; i + 1 < vector.inputs.size(); ++i)
    inputs[methodology.columns[i].name] = format_input(methodology, i, vector.inputs[i]);
  inputs["duration_s"] = format_fixed(vector.inputs.back(), 3);
  const bool refused = !vector.refused.empty();
  return {{"name", vector.name},
          {"day", format_day(vector.day)},
          {"inputs", std::move(inputs)},
          {"refused", refused ? json::value(vector.refused) : json::value(nullptr)},
          {"reduction_kg", refused ? json::value(nullptr) : json::value(format_fixed(vector.reduction_mg, 6))}};
}

template <class Rows, class Row>
json::array array_of(const Rows& rows, Row row_json) {
  json::array out;
  for (const auto& row : rows) out.push_back(row_json(row));
  return out;
}

json::object seal_json(const MethodologySeal& seal) {
  return {{"window", seal.window},
          {"overlap", seal.overlap},
          {"max_duration_s", format_fixed(seal.max_duration_ms, 3)},
          {"cap_records_person_day", seal.cap_records_person_day},
          {"cap_records_person_month", seal.cap_records_person_month},
          {"cap_reduction_person_day_kg", format_fixed(seal.cap_reduction_person_day_mg, 6)},
          {"cap_reduction_person_month_kg", format_fixed(seal.cap_reduction_person_month_mg, 6)}};
}

json::object reduction_json(const MethodologyReduction& reduction) {
  return {{"baseline", reduction.baseline},
          {"project", reduction.project},
          {"leakage", reduction.leakage},
          {"expression", reduction.expression},
          {"cap_record_kg", format_fixed(reduction.cap_record_mg, 6)},
          {"unit", reduction.unit},
          {"rounding", reduction.rounding},
          {"negative", reduction.negative}};
}

}  // namespace

json::object methodology_list_json(const std::map<std::string, Methodology>& methodologies) {
  return {{"methodologies", array_of(methodologies, [](const auto& row) { return head_json(row.second); })}};
}

json::object methodology_json(const Methodology& methodology) {
  json::object out = head_json(methodology);
  out["texts"] = json::array{
      text_json("applicability", methodology.applicability), text_json("baseline", methodology.baseline),
      text_json("calculation", methodology.calculation), text_json("monitoring_plan", methodology.monitoring_plan)};
  if (!methodology.additionality.zh.empty())
    out["texts"].as_array().push_back(text_json("additionality", methodology.additionality));
  out["lists"] = array_of(methodology.lists, list_json);
  out["fields"] = array_of(methodology.fields, field_json);
  out["references"] = array_of(methodology.references, reference_json);
  out["factors"] = factors_json(methodology);
  out["lets"] = array_of(methodology.lets, let_json);
  out["checks"] = array_of(methodology.checks, check_json);
  out["seal"] = seal_json(methodology.seal);
  out["reduction"] = reduction_json(methodology.reduction);
  out["vectors"] =
      array_of(methodology.vectors, [&](const MethodologyVector& row) { return vector_json(methodology, row); });
  return out;
}

}  // namespace tanpuhui
