#include <algorithm>

#include "procedure/lapse.h"
#include "procedure/law_case.h"

namespace tanpuhui {
namespace {

constexpr const char* applicants_unit = "applicant";
constexpr std::int64_t ms_per_minute = 60'000;

/// Tells the story of one case step by step.
class CasePlay {
 public:
  CasePlay(const Rulebook& book, const Calendar& calendar, const LawCase& told)
      : book_(book),
        calendar_(calendar),
        told_(told),
        first_day_(told.given.empty() ? told.asks.on : told.given[0].on) {}

  Played run() {
    begin();
    for (const ToldStep& step : told_.given) {
      if (!problem_.empty()) break;
      const auto answer = take(step);
      if (!answer && problem_.empty())
        problem_ = "the story stops at " + step.does + " on " + format_day(step.on) + ": " + answer.error().code +
                   ", " + answer.error().message_en;
    }
    if (!problem_.empty()) return {"", problem_, ""};
    const auto answer = take(told_.asks);
    if (!problem_.empty()) return {"", problem_, ""};
    return {answer ? "granted" : answer.error().code, "", answer ? "" : answer.error().message_en};
  }

 private:
  void begin() {
    const ProcedureRule* procedure = book_.find(book_.procedures, told_.procedure, first_day_);
    if (procedure == nullptr) {
      problem_ = "there is no procedure " + told_.procedure + " on " + format_day(first_day_);
      return;
    }
    matter_ = begin_case(*procedure, applicant());
    if (!told_.state.empty()) matter_.state = told_.state;
    if (procedure->find_state(matter_.state) == nullptr) problem_ = "there is no state " + told_.state;
    matter_.fields = told_.fields;
    matter_.fields.try_emplace(region_field, book_.region);
    for (const std::string& kind : told_.documents) matter_.documents[kind] = {1, next_digest()};
    facts_.said.insert(told_.facts.begin(), told_.facts.end());
    for (const auto& [name, words] : told_.lists) facts_.lists[name].insert(words.begin(), words.end());
    for (const auto& [field, state] : told_.linked) link(field, state);
    for (const auto& [other, state] : told_.about) {
      know_state(other, state);
      facts_.about.push_back({other, state});
    }
  }

  /// Whoever acts first as an applicant or as the public.
  Applicant applicant() const {
    std::vector<ToldStep> steps = told_.given;
    steps.push_back(told_.asks);
    for (const ToldStep& step : steps) {
      const RoleRule* role = book_.find(book_.roles, step.by, step.on);
      if (role != nullptr && !role->acts_for_scheme())
        return {person_of(step), step.unit.empty() ? applicants_unit : step.unit, told_.applicant};
    }
    return {applicants_unit, applicants_unit, told_.applicant};
  }

  static std::string person_of(const ToldStep& step) { return step.as.empty() ? "the " + step.by : step.as; }

  std::string unit_of(const ToldStep& step, const RoleRule& role) const {
    if (!step.unit.empty()) return step.unit;
    return role.acts_for_scheme() ? "unit of party " + std::to_string(static_cast<int>(role.party))
                                  : matter_.applicant.unit;
  }

  void know_state(const std::string& procedure, const std::string& state) {
    const ProcedureRule* rule = book_.find(book_.procedures, procedure, first_day_);
    if (rule == nullptr || rule->find_state(state) == nullptr)
      problem_ = "there is no state " + state + " of a procedure " + procedure;
  }

  /// The procedure of the case that a field names is the one for which a guard of the asked action looks there.
  void link(const std::string& field, const std::string& state) {
    if (matter_.field(field).empty()) matter_.fields[field] = "one";
    const ActionRule* asked = book_.find(book_.actions, told_.procedure, told_.asks.does, told_.asks.on);
    std::string procedure;
    for (const GuardRule& guard : book_.guards) {
      const auto* test = std::get_if<FieldNamesCase>(&guard.test);
      if (test == nullptr || test->field != field) continue;
      const bool needed = asked != nullptr && std::ranges::find(asked->needs, guard.id) != asked->needs.end();
      if (procedure.empty() || needed) procedure = test->procedure;
    }
    if (procedure.empty()) {
      problem_ = "no guard asks which case the field " + field + " names";
      return;
    }
    know_state(procedure, state);
    facts_.linked[field] = {procedure, state};
  }

  Digest next_digest() {
    ++documents_;
    return Digest{static_cast<std::uint8_t>(documents_), static_cast<std::uint8_t>(documents_ >> 8U)};
  }

  bool knows_action(const ToldStep& step) const {
    return std::ranges::any_of(book_.actions, [&](const ActionRule& action) {
      return action.procedure == told_.procedure && action.id == step.does;
    });
  }

  static Instant instant_of(const ToldStep& step, Zone zone) {
    return {start_of(step.on, zone).ms + step.minute * ms_per_minute};
  }

  /// What the platform does by itself.
  Result<Done> take_lapse(const ToldStep& step) {
    const auto lapse = decide_lapse(book_, calendar_, matter_, facts_, instant_of(step, book_.zone));
    if (!lapse || lapse->act.action != step.does)
      return refuse("PRO-01", book_.name).says("条件均满足", "no condition has lapsed that asks for " + step.does);
    apply_step(matter_, *lapse);
    return Done{};
  }

  Result<Done> take(const ToldStep& step) {
    if (!knows_action(step)) problem_ = "the procedure " + told_.procedure + " has no action " + step.does;
    if (step.by == platform_role && problem_.empty()) return take_lapse(step);
    const RoleRule* role = book_.find(book_.roles, step.by, step.on);
    if (role == nullptr) problem_ = "there is no role " + step.by;
    if (!problem_.empty()) return Done{};
    StepRequest request{
        step.does, {person_of(step), unit_of(step, *role), {role->id}}, role->id, step.reason, {}, step.fields,
        step.vote};
    request.actor.region = book_.region;
    for (const std::string& kind : step.documents) request.documents[kind] = next_digest();
    if (step.conflict) facts_.conflicts.insert(request.actor.person);
    TANPUHUI_TRY(const CaseStep decided,
                 decide_step(book_, calendar_, matter_, facts_, request, instant_of(step, book_.zone)));
    apply_step(matter_, decided);
    return Done{};
  }

  const Rulebook& book_;
  const Calendar& calendar_;
  const LawCase& told_;
  Day first_day_;
  Case matter_;
  CaseFacts facts_;
  std::string problem_;
  unsigned documents_ = 0;
};

}  // namespace

Played play_case(const Rulebook& book, const Calendar& calendar, const LawCase& told) {
  if (!told.value) return CasePlay(book, calendar, told).run();
  const auto answer = ask_value(book, calendar, *told.value);
  return {answer ? "granted" : answer.error().code, "", answer ? "" : answer.error().message_en};
}

}  // namespace tanpuhui
