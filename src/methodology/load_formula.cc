#include <algorithm>

#include <fmt/format.h>

#include "methodology/draft.h"

namespace tanpuhui {
namespace {

constexpr std::size_t lets_max = 64, checks_max = 256;

/// Where the first character of a TOML string stands: behind its quotes, on the next line for a multi-line one.
expr::Position start_of_text(std::string_view file, TextPosition at) {
  std::size_t offset = 0;
  for (int line = 1; line < at.line && offset < file.size(); ++line)
    offset = std::min(file.find('\n', offset), file.size() - 1) + 1;
  // Columns count characters: skip the continuation bytes of UTF-8.
  for (int column = 1; column < at.column && offset < file.size(); ++column) do
      ++offset;
    while (offset < file.size() && (static_cast<unsigned char>(file[offset]) & 0xc0U) == 0x80);
  const std::string_view rest = file.substr(std::min(offset, file.size()));
  if (!rest.starts_with("\"\"\"") && !rest.starts_with("'''")) return {at.line, at.column + 1};
  if (rest.substr(3).starts_with('\n') || rest.substr(3).starts_with("\r\n")) return {at.line + 1, 1};
  return {at.line, at.column + 3};
}

void read_let(TomlReader& table, Draft& draft) {
  MethodologyLet let;
  let.name = table.text("name");
  claim_name(table, let.name, draft);
  Formula formula = read_formula(table, "expression", draft);
  table.finish();
  if (!formula) return;
  let.expression = formula->canonical;
  draft.lets.push_back({let.name, std::move(*formula)});
  draft.out.lets.push_back(std::move(let));
}

void read_check(TomlReader& table, Draft& draft) {
  MethodologyCheck check;
  check.code = table.text("code");
  const auto& known = draft.out.checks;
  if (!expr::is_name(check.code) && table.has("code"))
    table.fail("code", "a code is a word of a-z, 0-9 and _", "for instance distance_too_short");
  if (std::any_of(known.begin(), known.end(), [&](const auto& other) { return other.code == check.code; }))
    table.fail("code", "another check has this code", "choose another code");
  draft.checks.push_back(read_formula(table, "expression", draft));
  if (draft.checks.back()) check.expression = draft.checks.back()->canonical;
  check.stage = table.one_of("stage", Choices<2>{"intake", "seal"});
  check.message = read_bilingual(table, "message");
  table.finish();
  draft.out.checks.push_back(std::move(check));
}

/// baseline, project or leakage: a name for the reduction's formula, where it is given.
void read_part(TomlReader& table, std::string_view key, std::string& text, Formula& out, Draft& draft) {
  if (!table.has(key)) return;
  if (!draft.names.insert(std::string(key)).second)
    table.fail(key, fmt::format("\"{}\" stands for something already", key), "give that another name");
  out = read_formula(table, key, draft);
  if (out) text = out->canonical;
}

/// What the parts say when no expression does.
std::string difference_of(const MethodologyReduction& reduction) {
  return std::string("baseline") + (reduction.project.empty() ? "" : " - project") +
         (reduction.leakage.empty() ? "" : " - leakage");
}

void read_expression(TomlReader& table, Draft& draft) {
  MethodologyReduction& out = draft.out.reduction;
  if (table.has("expression") || !table.has("baseline")) {
    draft.reduction = read_formula(table, "expression", draft);
  } else if (auto difference = expr::parse_formula(difference_of(out), {table.at().line, table.at().column})) {
    draft.reduction = std::move(*difference);
  }
  if (draft.reduction) out.expression = draft.reduction->canonical;
}

void read_policies(TomlReader& table, Draft& draft) {
  MethodologyReduction& out = draft.out.reduction;
  out.unit = table.one_of("unit", Choices<1>{"mgCO2e"});
  out.rounding = table.one_of("rounding", Choices<1>{"down"});
  out.negative = table.one_of("negative", Choices<2>{"zero", "carry"});
  if (out.negative == "carry" && draft.out.kind != "project")
    table.fail("negative", "only projects carry negative results",
               "write zero: a person's record never counts below 0");
  if (table.has("cap_record")) out.cap_record_mg = read_amount(table, "cap_record", "mgCO2e", INT64_MAX, draft);
}

}  // namespace

Formula read_formula(TomlReader& table, std::string_view key, Draft& draft) {
  const std::string text = table.text(key);
  const TomlValue* value = table.raw(key);
  if (value == nullptr || !value->is(TomlKind::text) || text.empty()) return std::nullopt;
  auto syntax = expr::parse_formula(text, start_of_text(draft.text, value->at));
  if (syntax) return std::move(*syntax);
  draft.fail(syntax.error());
  return std::nullopt;
}

std::int64_t read_amount(TomlReader& table, std::string_view key, std::string_view unit, std::int64_t max,
                         Draft& draft) {
  const Formula amount = read_formula(table, key, draft);
  if (!amount) return 0;
  const auto program = expr::compile_quantity(*amount, {}, *expr::find_unit(unit));
  if (!program) return draft.fail(program.error()), 0;
  const std::int64_t value = program->scalar_quantity({});
  if (program->divisor == 1 && value > 0 && value <= max) return value;
  table.fail(key, fmt::format("{} is a whole number of {} from 1 to {}", key, unit, max),
             "write for instance 4 h, 5 kgCO2e");
  return 0;
}

void read_lets(TomlReader& root, Draft& draft) {
  for (TomlReader& table : root.tables("let")) read_let(table, draft);
  if (draft.lets.size() > lets_max)
    root.fail("let", fmt::format("more than {} parts", lets_max), "write the formula in fewer parts");
}

void read_checks(TomlReader& root, Draft& draft) {
  for (TomlReader& table : root.tables("check")) read_check(table, draft);
  if (draft.checks.size() > checks_max)
    root.fail("check", fmt::format("more than {} checks", checks_max), "ask for less");
}

void read_reduction(TomlReader& root, Draft& draft) {
  if (!draft.out.bears_reductions()) {
    if (root.has("reduction"))
      root.fail("reduction", "acts of kind points bear no reduction", "remove it or choose another kind");
    root.raw("reduction");
    return;
  }
  auto table = root.table("reduction");
  if (!table) return;
  MethodologyReduction& out = draft.out.reduction;
  read_part(*table, "baseline", out.baseline, draft.baseline, draft);
  read_part(*table, "project", out.project, draft.project, draft);
  read_part(*table, "leakage", out.leakage, draft.leakage, draft);
  read_expression(*table, draft);
  read_policies(*table, draft);
  table->finish();
}

}  // namespace tanpuhui
