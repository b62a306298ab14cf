#include <algorithm>
#include <array>
#include <set>

#include <fmt/format.h>

#include "expr/syntax.h"
#include "expr/unit.h"
#include "methodology/methodology.h"

namespace tanpuhui {
namespace {

constexpr std::int64_t cap_max = 1'000'000;
constexpr std::size_t vectors_min = 3;
/// Years beyond any register; keeps day arithmetic far from its ends.
const Day last_day = day_of({9999, 12, 31});

template <std::size_t size>
using Choices = std::array<std::string_view, size>;

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

/// distance_km, energy_kwh, speed_km_per_h
std::string suffix_of(std::string_view unit) {
  std::string suffix = "_";
  for (char c : unit) {
    if (c == '/')
      suffix += "_per_";
    else if (c == '*')
      suffix += '_';
    else
      suffix += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return suffix;
}

Decimal without_trailing_zeros(Decimal decimal) {
  while (decimal.scale > 0 && decimal.mantissa % 10 == 0) decimal.mantissa /= 10, --decimal.scale;
  return decimal;
}

struct Formula {
  expr::Syntax syntax;
  bool parsed = false;
};

class Loader {
 public:
  Loader(std::string_view text, std::string_view file, HashFunction hash) : text_(text), file_(file), hash_(hash) {}

  Result<Methodology, TextErrors> run() {
    const auto parsed = parse_toml(text_, file_);
    if (!parsed) return parsed.error();
    TomlReader root(*parsed, file_, errors_);
    read(root);
    if (errors_.empty()) compile(root);
    if (errors_.empty()) try_vectors(root);
    root.finish();
    if (!errors_.empty()) return std::move(errors_);
    result_.canonical = canonical_bytes(result_);
    result_.hash = hash_(result_.canonical);
    return std::move(result_);
  }

 private:
  void read(TomlReader& root) {
    read_identity(root);
    for (TomlReader& table : root.tables("field")) read_field(table);
    for (TomlReader& table : root.tables("parameter")) read_parameter(table);
    for (TomlReader& table : root.tables("check")) read_check(table);
    read_seal(root);
    read_reduction(root);
    if (result_.fields.size() > fields_max)
      root.fail("field", fmt::format("more than {} fields", fields_max), "ask a record for less");
    if (root.tables("vector").size() < vectors_min)
      root.fail("vector", fmt::format("fewer than {} test vectors", vectors_min),
                "add [[vector]] blocks, one of them refused");
  }

  void read_identity(TomlReader& root) {
    Methodology& m = result_;
    m.id = root.text("id");
    m.version = root.text("version");
    m.kind = root.one_of("kind", Choices<2>{"scenario", "project"});
    m.valid_from = root.day("valid_from");
    m.valid_until = root.optional_day("valid_until");
    if (m.valid_until && *m.valid_until < m.valid_from)
      root.fail("valid_until", "the last day is before the first", "write a day not before valid_from");
    const std::pair<const char*, BilingualText*> parts[] = {
        {"title", &m.title},       {"publisher", &m.publisher},     {"applicability", &m.applicability},
        {"baseline", &m.baseline}, {"calculation", &m.calculation}, {"monitoring_plan", &m.monitoring_plan}};
    for (const auto& [key, part] : parts) *part = bilingual(root, key);
  }
  BilingualText bilingual(TomlReader& parent, std::string_view key) {
    auto table = parent.table(key);
    if (!table) return {};
    BilingualText both{table->text("zh"), table->text("en")};
    if (both.zh.empty() && table->has("zh")) table->fail("zh", "the text is empty", "write it");
    if (both.en.empty() && table->has("en")) table->fail("en", "the text is empty", "write it");
    table->finish();
    return both;
  }

  expr::Unit unit(TomlReader& table, const std::string& text) {
    if (!table.has("unit")) return {};
    const auto parsed = expr::parse_unit(text);
    if (parsed) return *parsed;
    table.fail("unit", parsed.error(), "known are, for instance: gCO2e/km km kWh s");
    return {};
  }
  void claim_name(TomlReader& table, const std::string& name) {
    if (!table.has("name")) return;
    if (!expr::is_name(name) || expr::is_reserved(name))
      table.fail("name", fmt::format("\"{}\" cannot be a name", name.substr(0, 40)),
                 "a-z, 0-9 and _, no unit, no word of the language");
    else if (!names_.insert(name).second || name == "duration")
      table.fail("name", fmt::format("\"{}\" stands for something already", name), "choose another name");
  }

  void read_field(TomlReader& table) {
    MethodologyField field;
    field.name = table.text("name");
    claim_name(table, field.name);
    field.unit = table.text("unit");
    const expr::Unit parsed = unit(table, field.unit);
    if (!field.name.ends_with(suffix_of(field.unit)))
      table.fail("name", "the name of a field ends in its unit", fmt::format("end it in {}", suffix_of(field.unit)));
    field.decimals = static_cast<int>(table.integer("decimals", 0, 9));
    field.min = table.fixed("min", field.decimals);
    field.max = table.fixed("max", field.decimals);
    if (field.min > field.max) table.fail("max", "max is below min", "write the larger one as max");
    table.finish();
    symbols_.inputs.push_back({field.name, parsed, field.decimals, field.min, field.max});
    result_.fields.push_back(std::move(field));
  }

  void read_parameter(TomlReader& table) {
    constexpr Choices<5> trusts = {"official", "news", "repositories", "calculated", "demonstration"};
    MethodologyParameter row;
    row.name = table.text("name");
    const bool first = std::none_of(result_.parameters.begin(), result_.parameters.end(),
                                    [&](const auto& other) { return other.name == row.name; });
    if (first) claim_name(table, row.name);
    row.value = without_trailing_zeros(table.decimal("value"));
    row.unit = table.text("unit");
    const expr::Unit parsed = unit(table, row.unit);
    row.from = table.day("from");
    row.until = table.optional_day("until");
    if (row.until && *row.until < row.from) table.fail("until", "until is before from", "write the last day in force");
    row.region = table.text("region");
    row.source = table.text("source");
    if (row.source.empty() && table.has("source"))
      table.fail("source", "the source is empty", "name where the value is from");
    row.trust = table.one_of("trust", trusts);
    table.finish();
    const auto value = expr::multiply(expr::exact_of(row.value), parsed.scale);
    if (!value) table.fail("value", "the value does not fit its unit", "use a larger unit");
    constants_.push_back({row.name, value.value_or(expr::Exact{}), parsed.dimension});
    places_.push_back(table.at());
    result_.parameters.push_back(std::move(row));
  }

  void read_check(TomlReader& table) {
    MethodologyCheck check;
    check.code = table.text("code");
    const auto known = std::find_if(result_.checks.begin(), result_.checks.end(),
                                    [&](const auto& other) { return other.code == check.code; });
    if (!expr::is_name(check.code) && table.has("code"))
      table.fail("code", "a code is a word of a-z, 0-9 and _", "for instance distance_too_short");
    if (known != result_.checks.end()) table.fail("code", "another check has this code", "choose another code");
    check.expression = formula(table, "expression", check_formulas_.emplace_back());
    check.stage = table.one_of("stage", Choices<1>{"intake"});
    check.message = bilingual(table, "message");
    table.finish();
    result_.checks.push_back(std::move(check));
  }

  void read_seal(TomlReader& root) {
    auto table = root.table("seal");
    if (!table) return;
    result_.seal.window = table->one_of("window", Choices<1>{"day"});
    result_.seal.overlap = table->one_of("overlap", Choices<1>{"refuse"});
    result_.seal.max_duration_ms = duration(*table, "max_duration");
    result_.seal.cap_records_person_day = table->integer("cap_records_person_day", 1, cap_max);
    table->finish();
  }
  std::int64_t duration(TomlReader& table, std::string_view key) {
    Formula length;
    formula(table, key, length);
    if (!length.parsed) return 0;
    const auto program = expr::compile_quantity(length.syntax, {}, *expr::find_unit("ms"));
    if (!program) return add(program.error()), 0;
    const std::int64_t ms = program->scalar_quantity({});
    if (program->divisor != 1 || ms <= 0 || ms > duration_limit_ms)
      table.fail(key, "a duration is between 1 ms and 366 days, in whole milliseconds", "write for instance 4 h");
    return ms;
  }

  void read_reduction(TomlReader& root) {
    auto table = root.table("reduction");
    if (!table) return;
    result_.reduction.expression = formula(*table, "expression", reduction_formula_);
    result_.reduction.unit = table->one_of("unit", Choices<1>{"mgCO2e"});
    result_.reduction.rounding = table->one_of("rounding", Choices<1>{"down"});
    result_.reduction.negative = table->one_of("negative", Choices<1>{"zero"});
    table->finish();
  }

  /// Reads and parses; gives the canonical text.
  std::string formula(TomlReader& table, std::string_view key, Formula& out) {
    const std::string text = table.text(key);
    const TomlValue* value = table.raw(key);
    if (value == nullptr || !value->is(TomlKind::text)) return {};
    auto syntax = expr::parse_formula(text, start_of_text(text_, value->at));
    if (!syntax) return add(syntax.error()), std::string();
    out.syntax = std::move(*syntax);
    out.parsed = true;
    return out.syntax.canonical;
  }

  /// The rows of each name must follow each other over the whole validity; each set of rows becomes a period.
  void compile(TomlReader& root) {
    symbols_.inputs.push_back({"duration", *expr::find_unit("s"), 3, 0, duration_limit_ms});
    check_dates();
    if (!errors_.empty()) return;
    std::set<Day> starts = {result_.valid_from};
    for (const MethodologyParameter& row : result_.parameters)
      if (row.from > result_.valid_from && row.from <= end()) starts.insert(row.from);
    for (auto start = starts.begin(); start != starts.end() && errors_.empty(); ++start) {
      const auto next = std::next(start);
      compile_period(*start, next == starts.end() ? result_.valid_until : std::optional(*next - 1));
    }
    if (!reduction_formula_.parsed)
      root.fail("reduction", "the reduction has no formula", "write expression = \"...\"");
  }
  Day end() const { return result_.valid_until.value_or(last_day); }

  void check_dates() {
    std::set<std::string> seen;
    for (const MethodologyParameter& row : result_.parameters)
      if (seen.insert(row.name).second) check_dates_of(row.name);
  }
  void check_dates_of(const std::string& name) {
    std::vector<std::size_t> rows;
    for (std::size_t i = 0; i < result_.parameters.size(); ++i)
      if (result_.parameters[i].name == name) rows.push_back(i);
    std::stable_sort(rows.begin(), rows.end(),
                     [this](auto a, auto b) { return result_.parameters[a].from < result_.parameters[b].from; });
    Day wanted = std::min(result_.valid_from, result_.parameters[rows.front()].from);
    for (std::size_t i : rows) {
      const MethodologyParameter& row = result_.parameters[i];
      if (row.from > wanted)
        fail_at(places_[i], fmt::format("{} has no value on {}", name, format_day(wanted)),
                "close the gap in the dates");
      if (row.from < wanted)
        fail_at(places_[i], fmt::format("{} has two values on {}", name, format_day(row.from)),
                "end the earlier one the day before");
      wanted = row.until.value_or(last_day) + 1;
    }
    if (wanted <= end())
      fail_at(places_[rows.back()], fmt::format("{} has no value on {}", name, format_day(wanted)),
              "let it last as long as the methodology");
    if (dimensions_differ(rows))
      fail_at(places_[rows.back()], fmt::format("{} changes its kind of unit", name),
              "keep the unit of the earlier value");
  }
  bool dimensions_differ(const std::vector<std::size_t>& rows) const {
    return std::any_of(rows.begin(), rows.end(),
                       [&](std::size_t i) { return constants_[i].dimension != constants_[rows[0]].dimension; });
  }

  void compile_period(Day from, std::optional<Day> until) {
    CompiledMethodology period;
    period.from = from, period.until = until;
    symbols_.constants.clear();
    for (std::size_t i = 0; i < result_.parameters.size(); ++i) {
      const MethodologyParameter& row = result_.parameters[i];
      if (row.from > from || row.until.value_or(last_day) < from) continue;
      period.parameters.push_back(i);
      symbols_.constants.push_back(constants_[i]);
    }
    for (const expr::Input& input : symbols_.inputs) period.ranges.emplace_back(input.min, input.max);
    for (const Formula& check : check_formulas_)
      if (auto program = compiled(expr::compile_condition(check.syntax, symbols_)))
        period.checks.push_back(std::move(*program));
    const expr::Unit mg = *expr::find_unit("mgCO2e");
    if (auto program = compiled(expr::compile_quantity(reduction_formula_.syntax, symbols_, mg)))
      period.reduction = std::move(*program);
    result_.periods.push_back(std::move(period));
  }
  std::optional<expr::Program> compiled(Result<expr::Program, expr::FormulaErrors> program) {
    if (program) return std::move(*program);
    add(program.error());
    return std::nullopt;
  }

  void try_vectors(TomlReader& root) {
    bool refused = false, accepted = false;
    for (TomlReader& table : root.tables("vector")) {
      const MethodologyVector vector = read_vector(table);
      if (errors_.empty()) try_vector(table, vector);
      (vector.refused.empty() ? accepted : refused) = true;
      result_.vectors.push_back(vector);
    }
    if (!refused) root.fail("vector", "no test vector is refused", "add one with refused = \"...\"");
    if (!accepted) root.fail("vector", "no test vector is accepted", "add one with reduction_mg = \"...\"");
  }
  MethodologyVector read_vector(TomlReader& table) {
    MethodologyVector vector;
    vector.name = table.text("name");
    vector.day = table.day("day");
    if (auto inputs = table.table("inputs")) {
      for (const MethodologyField& field : result_.fields)
        vector.inputs.push_back(inputs->fixed(field.name, field.decimals));
      vector.inputs.push_back(inputs->fixed("duration_s", 3));
      inputs->finish();
    }
    vector.refused = table.optional_text("refused").value_or("");
    if (table.has("refused") == table.has("reduction_mg"))
      table.fail("name", "a test vector expects either reduction_mg or refused", "write one of them");
    else if (table.has("reduction_mg"))
      vector.reduction_mg = table.fixed("reduction_mg", 0);
    table.finish();
    return vector;
  }
  void try_vector(TomlReader& table, const MethodologyVector& vector) {
    const CompiledMethodology* rule = result_.in_force(vector.day);
    if (rule == nullptr)
      return table.fail("day", "the methodology is not valid on this day", "choose a day of its validity");
    if (rule->first_out_of_range(vector.inputs))
      return table.fail("inputs", "an input is out of the range of its field", "choose values within min and max");
    const auto failed = rule->first_failed_check(vector.inputs);
    const std::string code = failed ? result_.checks[*failed].code : "";
    const std::int64_t reduction_mg = failed ? 0 : rule->reduction_mg(vector.inputs);
    if (code == vector.refused && reduction_mg == vector.reduction_mg) return;
    table.fail(vector.refused.empty() ? "reduction_mg" : "refused",
               failed ? fmt::format("the engine refuses this record: {}", code)
                      : fmt::format("the engine computes {} mg", reduction_mg),
               "mend the formula or the expectation");
  }

  void add(const expr::FormulaErrors& errors) {
    for (const expr::FormulaError& error : errors)
      fail_at({error.at.line, error.at.column}, error.message, error.remedy);
  }
  void fail_at(TextPosition at, std::string message, std::string remedy) {
    errors_.push_back({std::string(file_), at.line, at.column, std::move(message), std::move(remedy)});
  }

  std::string_view text_, file_;
  HashFunction hash_;
  TextErrors errors_;
  Methodology result_;
  std::set<std::string> names_;
  expr::Symbols symbols_;
  std::vector<expr::Constant> constants_;  ///< beside result_.parameters
  std::vector<TextPosition> places_;       ///< likewise
  std::vector<Formula> check_formulas_;    ///< beside result_.checks
  Formula reduction_formula_;
};

}  // namespace

Result<Methodology, TextErrors> load_methodology(std::string_view text, std::string_view file_name, HashFunction hash) {
  return Loader(text, file_name, hash).run();
}

}  // namespace tanpuhui
