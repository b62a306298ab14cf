#include <fmt/format.h>

#include "methodology/explain.h"

namespace tanpuhui {
namespace {

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\')
      out += '\\', out += c;
    else if (static_cast<unsigned char>(c) < 0x20)
      out += fmt::format("\\u{:04x}", static_cast<unsigned char>(c));
    else
      out += c;
  }
  return out + '"';
}

/// Members of an object, in the order in which they are added.
class JsonObject {
 public:
  JsonObject& raw(std::string_view key, std::string_view value) {
    text_ += (text_.empty() ? "" : ",") + quoted(key) + ':';
    text_ += value;
    return *this;
  }
  JsonObject& text(std::string_view key, std::string_view value) { return raw(key, quoted(value)); }
  JsonObject& truth(std::string_view key, bool value) { return raw(key, value ? "true" : "false"); }
  JsonObject& day(std::string_view key, std::optional<Day> day) {
    return day ? text(key, format_day(*day)) : raw(key, "null");
  }
  JsonObject& number_text(std::string_view key, std::int64_t value) { return text(key, std::to_string(value)); }
  std::string str() const { return '{' + text_ + '}'; }

 private:
  std::string text_;
};

template <class Items, class Write>
std::string array_of(const Items& items, Write write) {
  std::string out;
  for (const auto& item : items) out += (out.empty() ? "" : ",") + write(item);
  return '[' + out + ']';
}

std::string input_json(const WorkedInput& input) {
  return JsonObject().text("name", input.name).text("value", input.value).text("unit", input.unit).str();
}

std::string factor_json(const WorkedFactor& factor) {
  const DatedValue& row = factor.row;
  JsonObject out;
  out.text("name", factor.name).text("value", format_fixed(row.value.mantissa, row.value.scale));
  out.text("unit", factor.unit).day("from", row.from).day("until", row.until).text("region", row.region);
  if (row.data_year != 0) out.raw("data_year", std::to_string(row.data_year));
  if (!row.factor.empty()) out.text("factor", row.factor);
  return out.text("source", row.source).text("trust", row.trust).str();
}

std::string step_json(const WorkedStep& step) {
  JsonObject out;
  out.text("text", step.text);
  if (!step.note.empty()) out.text("note", step.note);
  return out.text("value", step.value).str();
}

std::string formula_json(const WorkedFormula& formula) {
  JsonObject out;
  out.text("name", formula.name).text("expression", formula.expression).text("value", formula.value);
  return out.raw("steps", array_of(formula.steps, step_json)).str();
}

std::string check_json(const Methodology& m, const WorkedCheck& worked) {
  const MethodologyCheck& check = m.checks[worked.index];
  JsonObject out;
  out.text("code", check.code).text("expression", check.expression).text("stage", check.stage);
  out.truth("holds", worked.holds);
  return out.text("message_zh", check.message.zh).text("message_en", check.message.en).str();
}

/// Caps that are not set are left out.
std::string caps_json(const Methodology& m) {
  JsonObject out;
  const auto add = [&](std::string_view key, std::int64_t cap) {
    if (cap != 0) out.number_text(key, cap);
  };
  add("record_mg", m.reduction.cap_record_mg);
  add("records_person_day", m.seal.cap_records_person_day);
  add("records_person_month", m.seal.cap_records_person_month);
  add("reduction_person_day_mg", m.seal.cap_reduction_person_day_mg);
  add("reduction_person_month_mg", m.seal.cap_reduction_person_month_mg);
  return out.str();
}

void add_result(JsonObject& out, const Methodology& m, const WorkedCalculation& worked) {
  out.raw("refused", worked.refused ? quoted(m.checks[worked.checks.back().index].code) : "null");
  out.raw("parts", array_of(worked.parts, formula_json));
  out.raw("reduction", worked.reduction ? formula_json(*worked.reduction) : "null");
  if (worked.reduction) {
    out.text("exact_mg", worked.exact_mg).text("rounding", m.reduction.rounding);
    out.text("negative", m.reduction.negative).number_text("rounded_mg", worked.rounded_mg);
    out.truth("capped", worked.capped).number_text("reduction_mg", worked.reduction_mg);
  }
  out.raw("caps", caps_json(m));
}

}  // namespace

std::string explain_json(const Methodology& methodology, std::span<const std::int64_t> inputs, Day day) {
  const WorkedCalculation worked = work_out(methodology, inputs, day);
  JsonObject out;
  out.text("methodology", methodology.id).text("version", methodology.version).text("kind", methodology.kind);
  out.text("hash", to_hex(methodology.hash));
  out.text("title_zh", methodology.title.zh).text("title_en", methodology.title.en);
  out.day("day", day).truth("valid", worked.valid);
  if (!worked.valid) return out.str();
  out.raw("inputs", array_of(worked.inputs, input_json));
  out.raw("factors", array_of(worked.factors, factor_json));
  out.raw("lets", array_of(worked.lets, formula_json));
  out.raw("checks", array_of(worked.checks, [&](const auto& check) { return check_json(methodology, check); }));
  add_result(out, methodology, worked);
  return out.str();
}

}  // namespace tanpuhui
