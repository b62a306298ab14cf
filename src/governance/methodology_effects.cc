#include "governance/methodology_effects.h"

#include "governance/standing_effects.h"

namespace tanpuhui {
namespace {

using ReadFormula = std::function<Result<Methodology, TextErrors>(std::string_view)>;

const std::string in_force = "in_force";

Refusal no_formula() {
  return refuse("MET-01")
      .because("document", formula_document)
      .says("缺少可计算的方法学文件", "the version's formula is missing")
      .mend("附上方法学文件（" + formula_document + "=methodology.toml）",
            "attach the methodology's file as the document " + formula_document);
}

Refusal unsound_formula(const TextErrors& errors) {
  return refuse("MET-01")
      .because("document", formula_document)
      .because("errors", std::to_string(errors.size()))
      .says("方法学文件不能通过检查：" + describe(errors.front()),
            "the formula does not pass its checks: " + describe(errors.front()))
      .mend("用 `tanpuhui methodology check` 检查并更正文件", "correct it: `tanpuhui methodology check` says where");
}

Refusal other_formula(const std::string& version) {
  return refuse("MET-04")
      .because("methodology", version)
      .says("该版本已公布，公式不同：" + version, "another formula was published as " + version)
      .mend("已公布的版本不能更改；修订后使用新的版本号",
            "a published version never changes: give the new one another number");
}

Refusal other_kind(const std::string& stated) {
  return refuse("MET-05")
      .because("kind", stated)
      .says("方法学文件的种类与申请的不同：" + stated, "the formula is not of the kind that was applied for: " + stated)
      .mend("更正申请中的种类，或附上对应的方法学文件", "correct the kind, or attach the formula of that kind");
}

/// What the developer stated; a case that states nothing is of whatever kind its formula is.
bool is_of_stated_kind(const Methodology& formula, const Case& matter) {
  const std::string stated = matter.field("kind");
  return stated.empty() || (stated == "project") == (formula.kind == "project");
}

Result<Methodology> formula_of(const StepTaken& step, const ReadFormula& read) {
  const auto bytes = step.document(formula_document);
  if (!bytes) return no_formula();
  auto formula = read({reinterpret_cast<const char*>(bytes->data()), bytes->size()});
  if (!formula) return unsound_formula(formula.error());
  return *std::move(formula);
}

Effect stands_as(const std::string& word, const ReadFormula& read) {
  return [word, read](const StepTaken& step) -> Result<RowChange> {
    TANPUHUI_TRY(const Methodology formula, formula_of(step, read));
    if (!is_of_stated_kind(formula, step.stored.matter)) return other_kind(step.stored.matter.field("kind"));
    TANPUHUI_TRY(const Day from, begins_on(step, word == in_force ? "effective_from" : ""));
    const std::string hash = to_hex(formula.hash);
    Standing standing{std::string(methodology_thing), formula.id + "/" + formula.version, word, from};
    standing.case_number = step.stored.number;
    standing.detail = hash;
    for (const Standing& earlier : standings_of(step.office.database, methodology_thing, standing.name))
      if (earlier.detail != hash) return other_formula(standing.name);
    return RowChange([standing](Database& store, EntryId entry) { add_standing(store, entry, standing); });
  };
}

}  // namespace

std::map<std::string, Effect> methodology_effects(ReadFormula read) {
  return {{"methodology_published", stands_as(in_force, read)},
          {"methodology_revised", stands_as(in_force, read)},
          {"methodology_suspended", stands_as("suspended", read)},
          {"methodology_superseded", stands_as("superseded", read)},
          {"methodology_withdrawn", stands_as("withdrawn", read)}};
}

}  // namespace tanpuhui
