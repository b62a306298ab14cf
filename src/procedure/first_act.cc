#include "procedure/first_act.h"

#include "base/words.h"

namespace tanpuhui {
namespace {

Refusal refuse_begun(const Case& matter) {
  return refuse("PRO-01")
      .because("procedure", matter.procedure)
      .says("案件已开始办理，不能再补录", "the case has begun: it can no longer be brought in")
      .mend("另开案件补录", "open another case and bring that in");
}

Refusal refuse_outsider(const ProcedureRule& procedure, const Actor& actor) {
  return refuse("PRO-02", procedure.basis)
      .because("person", actor.person)
      .says("此人今日没有管理角色：" + actor.person, actor.person + " holds no role of the scheme today")
      .mend("先登记其角色，或由有角色的人员办理", "record the role first, or let somebody do it who holds one");
}

Refusal refuse_state(const ProcedureRule& procedure, const std::string& state) {
  return refuse("PRO-01", procedure.basis)
      .because("state", state)
      .says("此程序没有状态：" + state, "the procedure has no state " + state)
      .mend("可选状态：" + joined(procedure.states, &ProcedureState::zh),
            "choose one of: " + joined(procedure.states, &ProcedureState::id));
}

Refusal refuse_role(const ProcedureRule& procedure, const std::string& role) {
  return refuse("PRO-02", procedure.basis)
      .because("role", role)
      .says("只有运营机构或主管部门可以补录", "only the operator or the authority brings a case in")
      .mend("由运营机构或主管部门的人员办理", "let an officer of either do it");
}

Refusal refuse_without_paper(const ProcedureRule& procedure) {
  return refuse("PRO-03", procedure.basis)
      .because("document", earlier_decision)
      .says("补录须附原决定文件", "the paper of the earlier decision must be attached")
      .mend("附上原备案、批准或签署文件（" + earlier_decision + "）",
            "attach the filing, approval or agreement as the document " + earlier_decision);
}

bool brings_in(const RoleRule& role) { return role.party == Party::operator_ || role.party == Party::authority; }

/// What the request says, where the case stands.
CaseStep first_step(const ProcedureRule& procedure, const Case& matter, const StepRequest& request, Instant now) {
  CaseStep step;
  CaseAct& act = step.act;
  act.person = request.actor.person;
  act.unit = request.actor.unit;
  act.role = request.role;
  act.action = request.action;
  act.from = act.to = matter.state;
  act.at = now;
  act.reason = request.reason;
  act.fields = request.fields;
  act.basis = procedure.basis;
  for (const auto& [kind, digest] : request.documents) act.documents[kind] = {1, digest};
  return step;
}

std::string effect_of_standing_in(const Rulebook& book, const std::string& procedure, const std::string& state,
                                  Day today) {
  for (const ActionRule& action : book.actions)
    if (action.procedure == procedure && action.to == state && !action.effect.empty() && book.applies_on(action, today))
      return action.effect;
  return "";
}

}  // namespace

Result<CaseStep> decide_first_act(const Rulebook& book, const Case& matter, const StepRequest& request, Instant now) {
  const Day today = day_at(now, book.zone);
  const ProcedureRule* procedure = book.find(book.procedures, matter.procedure, today);
  if (procedure == nullptr || !matter.history.empty()) return refuse_begun(matter);
  const RoleRule* role = book.find(book.roles, request.role, today);
  if (role == nullptr || !role->acts_for_scheme() || !request.actor.roles.contains(role->id))
    return refuse_outsider(*procedure, request.actor);
  return first_step(*procedure, matter, request, now);
}

Result<CaseStep> decide_bring_in(const Rulebook& book, const Case& matter, const std::string& state,
                                 const StepRequest& request, Instant now) {
  const Day today = day_at(now, book.zone);
  const ProcedureRule* procedure = book.find(book.procedures, matter.procedure, today);
  if (procedure == nullptr || !matter.history.empty()) return refuse_begun(matter);
  if (procedure->find_state(state) == nullptr) return refuse_state(*procedure, state);
  const RoleRule* role = book.find(book.roles, request.role, today);
  if (role == nullptr || !brings_in(*role) || !request.actor.roles.contains(role->id))
    return refuse_role(*procedure, request.role);
  if (!request.documents.contains(earlier_decision)) return refuse_without_paper(*procedure);
  CaseStep step = first_step(*procedure, matter, request, now);
  step.act.action = bring_in_action;
  step.act.to = state;
  step.effect = effect_of_standing_in(book, matter.procedure, state, today);
  return step;
}

std::string role_to_bring_in(const Rulebook& book, const Actor& actor, Day today) {
  for (const RoleRule& role : book.roles)
    if (brings_in(role) && book.applies_on(role, today) && actor.roles.contains(role.id)) return role.id;
  return "";
}

}  // namespace tanpuhui
