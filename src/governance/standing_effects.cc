#include "governance/standing_effects.h"

#include "procedure/first_act.h"

namespace tanpuhui {
namespace {

enum class NamedBy { its_case, case_it_is_about, holder };

struct StandingRow {
  std::string_view effect, kind, word;
  NamedBy named_by = NamedBy::its_case;
  std::string from_field = {}, until_field = {};
  std::string detail_field = {};
};

const std::vector<StandingRow>& table() {
  using enum NamedBy;
  static const std::vector<StandingRow> rows = {
      {"scenario_filed", scenario_thing, "filed"},
      {"scenario_connecting", scenario_thing, "connecting"},
      {"scenario_live", scenario_thing, "live", its_case, "live_from"},
      {"scenario_suspended", scenario_thing, "suspended"},
      {"scenario_terminated", scenario_thing, "terminated"},
      {"scenario_closed", scenario_thing, "closed"},
      {"project_registered", project_thing, "registered"},
      {"project_live", project_thing, "live", its_case, "live_from"},
      {"project_closed", project_thing, "closed"},
      {"rectification_ordered", "rectification", "ordered", case_it_is_about},
      {"affiliation_confirmed", "affiliation", "confirmed", holder, "begins_on", "ends_on", "institution"},
      {"affiliation_ended", "affiliation", "ended", holder},
      {"agreement_in_force", "agreement", "in_force", holder, "begins_on", "ends_on", "contract_number"},
      {"agreement_ended", "agreement", "ended", holder},
      {"verification_body_designated", "verification_body", "designated", its_case, {}, "qualified_until"},
      {"verification_body_suspended", "verification_body", "suspended"},
      {"verification_body_removed", "verification_body", "removed"},
      {"verification_accepted", verification_thing, "accepted"},
      {"conversion_rule_in_force", "conversion_rule", "in_force", its_case, "effective_from", {}, "grams_per_point"},
      {"conversion_rule_ended", "conversion_rule", "ended"},
      {"issue_published", "issue", "published"},
      {"appeal_upheld", "decision", "overturned", case_it_is_about},
      {"legal_hold", hold_thing, "held", case_it_is_about},
      {"legal_hold_lifted", hold_thing, "lifted", case_it_is_about},
      {"sanction_executed", sanction_thing, "in_force", holder, {}, "until", "measure"},
  };
  return rows;
}

std::string name_of(const StandingRow& row, const StoredCase& stored) {
  if (row.named_by == NamedBy::holder) return holder_of(stored.matter);
  if (row.named_by == NamedBy::case_it_is_about && stored.about) return std::to_string(*stored.about);
  if (row.named_by == NamedBy::case_it_is_about) return holder_of(stored.matter);
  return std::to_string(stored.number);
}

Effect effect_of(const StandingRow& row) {
  return [row](const StepTaken& step) -> Result<RowChange> {
    TANPUHUI_TRY(const Day from, begins_on(step, row.from_field));
    TANPUHUI_TRY(const std::optional<Day> until, day_in(step, row.until_field));
    Standing standing{std::string(row.kind), name_of(row, step.stored), std::string(row.word), from, until};
    standing.case_number = step.stored.number;
    standing.detail = step.stored.matter.field(row.detail_field);
    return RowChange([standing](Database& store, EntryId entry) { add_standing(store, entry, standing); });
  };
}

/// What a book says of scenarios and projects alike is said of whichever the case is.
Effect effect_on_object(const std::string& word) {
  return [word](const StepTaken& step) {
    const StandingRow row{{}, step.stored.matter.procedure, word, NamedBy::its_case, word == "live" ? "live_from" : ""};
    return effect_of(row)(step);
  };
}

}  // namespace

Result<std::optional<Day>> day_in(const StepTaken& step, const std::string& field) {
  const std::string text = step.stored.matter.field(field);
  if (text.empty()) return std::optional<Day>();
  if (const auto day = parse_day(text)) return std::optional(*day);
  return refuse("DAT-06")
      .because("field", field)
      .because("value", text)
      .says("“" + field + "”不是日期：" + text, "the field " + field + " is no day: " + text)
      .mend("写作 2026-12-31", "write it as 2026-12-31");
}

Result<Day> begins_on(const StepTaken& step, const std::string& field) {
  const Day today = step.office.today();
  TANPUHUI_TRY(const std::optional<Day> named, day_in(step, field));
  if (!named) return today;
  return step.act.action == bring_in_action ? *named : std::max(*named, today);
}

const std::string& holder_of(const Case& matter) {
  return matter.applicant.person.empty() ? matter.applicant.unit : matter.applicant.person;
}

Effect both(Effect first, Effect second) {
  return [first = std::move(first), second = std::move(second)](const StepTaken& step) -> Result<RowChange> {
    TANPUHUI_TRY(RowChange one, first(step));
    TANPUHUI_TRY(RowChange other, second(step));
    return RowChange([one = std::move(one), other = std::move(other)](Database& store, EntryId entry) {
      one(store, entry);
      other(store, entry);
    });
  };
}

std::map<std::string, Effect> standing_effects() {
  std::map<std::string, Effect> effects;
  for (const StandingRow& row : table()) effects[std::string(row.effect)] = effect_of(row);
  for (const auto& [effect, word] : std::map<std::string, std::string>{{"object_recognised", "recognised"},
                                                                       {"object_suspended", "suspended"},
                                                                       {"object_resumed", "live"},
                                                                       {"object_deregistered", "deregistered"},
                                                                       {"object_exited", "exited"}})
    effects[effect] = effect_on_object(word);
  return effects;
}

}  // namespace tanpuhui
