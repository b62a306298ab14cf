#include "procedure/decide_step.h"

#include <algorithm>

#include "base/words.h"
#include "procedure/separation.h"
#include "procedure/terms.h"

namespace tanpuhui {
namespace {

bool available(const Rulebook& book, const Case& matter, const ActionRule& action, Day day) {
  return action.procedure == matter.procedure && is_one_of(action.when, matter.state) && book.applies_on(action, day);
}

/// The case with what the request brings. A document that is the same again is no new version.
Case with_request(Case matter, const StepRequest& request) {
  for (const auto& [field, text] : request.fields) matter.fields[field] = text;
  for (const auto& [kind, digest] : request.documents) {
    const auto [known, is_new] = matter.documents.try_emplace(kind, CaseDocument{1, digest});
    if (!is_new && known->second.digest != digest) known->second = {known->second.version + 1, digest};
  }
  return matter;
}

class StepDecision {
 public:
  StepDecision(const Rulebook& book, const Calendar& calendar, const Case& before, const CaseFacts& facts,
               const StepRequest& request, Instant now)
      : before_(before),
        request_(request),
        after_(with_request(before, request)),
        at_{book, calendar, after_, facts, now},
        today_(day_at(now, book.zone)) {}

  Result<CaseStep> decide() {
    TANPUHUI_TRY(const ActionRule* const action, find_action());
    TANPUHUI_TRY(const RoleRule* const role, find_role(*action));
    if (auto refusal = refuse_by_separation(*action, *role, request_, at_)) return *refusal;
    if (auto refusal = refuse_unsaid(*action)) return *refusal;
    if (auto refusal = refuse_signature(*action)) return *refusal;
    const CaseStep step = make_step(*action);
    if (auto refusal = refuse_by_notice(*action, step)) return *refusal;
    if (auto refusal = refuse_by_guards(*action)) return *refusal;
    return step;
  }

 private:
  Result<const ActionRule*> find_action() const {
    std::string possible_zh, possible_en;
    for (const ActionRule& action : at_.book.actions) {
      if (!available(at_.book, before_, action, today_)) continue;
      if (action.id == request_.action) return &action;
      possible_zh += (possible_zh.empty() ? "" : "、") + action.zh;
      possible_en += (possible_en.empty() ? "" : ", ") + action.id;
    }
    const ProcedureRule* procedure = at_.book.find(at_.book.procedures, before_.procedure, today_);
    const ProcedureState* state = procedure == nullptr ? nullptr : procedure->find_state(before_.state);
    return refuse("PRO-01", procedure == nullptr ? at_.book.name : procedure->basis)
        .because("action", request_.action)
        .because("state", before_.state)
        .says("当前状态“" + (state == nullptr ? before_.state : state->zh) + "”下没有“" + request_.action + "”这一步骤",
              "there is no action " + request_.action + " in the state " + before_.state + " on " + format_day(today_))
        .mend(possible_zh.empty() ? "此状态下没有可办理的步骤" : "可办理的步骤：" + possible_zh,
              possible_en.empty() ? "nothing can be done in this state" : "possible now: " + possible_en);
  }

  Result<const RoleRule*> find_role(const ActionRule& action) const {
    const RoleRule* role = at_.book.find(at_.book.roles, request_.role, today_);
    if (role != nullptr && request_.actor.roles.contains(role->id) && is_one_of(action.by, role->id)) return role;
    std::string zh, en;
    for (const std::string& id : action.by) {
      const RoleRule* named = at_.book.find(at_.book.roles, id, today_);
      zh += (zh.empty() ? "" : "、") + (named == nullptr ? id : named->zh);
      en += (en.empty() ? "" : ", ") + (named == nullptr ? id : named->en);
    }
    return refuse("PRO-02", action.basis)
        .because("action", action.id)
        .because("role", request_.role)
        .says("此角色不能办理“" + action.zh + "”", "this role cannot take the action " + action.id)
        .mend("由下列角色办理：" + zh, "to be done by: " + en);
  }

  std::optional<Refusal> refuse_unsaid(const ActionRule& action) const {
    if (action.needs_reason && request_.reason.empty())
      return refuse("PRO-03", action.basis)
          .because("action", action.id)
          .says("办理“" + action.zh + "”须说明理由", "the action " + action.id + " needs a reason")
          .mend("填写理由后再办理", "state the reason");
    if (action.votes && request_.vote == Vote::none)
      return refuse("PRO-03", action.basis)
          .because("action", action.id)
          .says("办理“" + action.zh + "”须表明赞成或反对", "the action " + action.id + " is a vote: for or against")
          .mend("表明赞成或反对", "say for or against");
    return std::nullopt;
  }

  /// Signatures given since the state was entered, none of them on documents that were replaced since.
  std::vector<const CaseAct*> signatures(const ActionRule& action) const {
    std::vector<const CaseAct*> signatures;
    for (auto act = before_.history.rbegin(); act != before_.history.rend(); ++act) {
      if (act->complete && (act->from != act->to || !act->documents.empty())) break;
      if (act->action == action.id && !act->complete) signatures.push_back(&*act);
    }
    return signatures;
  }

  std::optional<Refusal> refuse_signature(const ActionRule& action) const {
    if (!action.together) return std::nullopt;
    for (const CaseAct* signature : signatures(action)) {
      if (signature->person == request_.actor.person && signature->role != request_.role)
        return refuse("SEP-01", action.basis)
            .because("action", action.id)
            .because("signed_as", signature->role)
            .says("共同办理须由不同人员分别签署", "each of those who act together is another person")
            .mend("由另一名有此角色的人员签署", "let another person who holds this role sign");
      if (signature->role == request_.role)
        return refuse("PRO-01", action.basis)
            .because("action", action.id)
            .because("role", request_.role)
            .says("此角色已签署", "this role has signed already")
            .mend("等待其他角色签署", "wait for the other roles");
    }
    return std::nullopt;
  }

  bool is_complete(const ActionRule& action) const {
    return !action.together || signatures(action).size() + 1 == action.by.size();
  }

  CaseStep make_step(const ActionRule& action) const {
    CaseStep step;
    CaseAct& act = step.act;
    act.person = request_.actor.person;
    act.unit = request_.actor.unit;
    act.role = request_.role;
    act.action = action.id;
    act.complete = is_complete(action);
    act.from = before_.state;
    act.to = action.to.empty() || !act.complete ? before_.state : action.to;
    act.at = at_.now;
    act.reason = request_.reason;
    act.fields = request_.fields;
    act.vote = request_.vote;
    act.basis = action.basis;
    for (const auto& [kind, digest] : request_.documents) {
      const auto known = before_.documents.find(kind);
      if (known == before_.documents.end() || known->second.digest != digest)
        act.documents[kind] = after_.documents.at(kind);
    }
    if (act.complete) {
      step.publishes = action.publishes;
      step.effect = action.effect;
    }
    return step;
  }

  std::optional<Refusal> refuse_by_notice(const ActionRule& action, const CaseStep& step) {
    Case stepped = before_;
    apply_step(stepped, step);
    for (const NoticeRule& rule : at_.book.notices) {
      if (rule.procedure != before_.procedure || !at_.book.applies_on(rule, today_)) continue;
      if (is_one_of(rule.closes, action.id)) {
        Case unclosed = stepped;
        unclosed.history.back().complete = false;
        if (auto refusal = refuse_closing(at_.book, at_.calendar, unclosed, rule, at_.now)) return refusal;
      }
      if (!is_one_of(rule.before, step.act.to)) continue;
      const auto notice = notice_of(at_.book, at_.calendar, stepped, rule);
      if (auto refusal = notice ? refuse_changed_documents(*notice) : std::nullopt) return refusal;
    }
    return std::nullopt;
  }

  std::optional<Refusal> refuse_by_guards(const ActionRule& action) const {
    for (const std::string& id : action.needs) {
      const GuardRule* guard = at_.book.find(at_.book.guards, id, today_);
      if (guard == nullptr) continue;
      if (auto refusal = refuse_by_guard(*guard, at_)) return refusal;
    }
    return std::nullopt;
  }

  const Case& before_;
  const StepRequest& request_;
  Case after_;
  Circumstances at_;
  Day today_;
};

/// The first of the person's roles that the action names.
std::string role_for(const ActionRule& action, const Actor& actor) {
  for (const std::string& role : action.by)
    if (actor.roles.contains(role)) return role;
  return "";
}

}  // namespace

std::string role_for(const Rulebook& book, const std::string& procedure, const std::string& action,
                     const Actor& actor) {
  for (const ActionRule& rule : book.actions)
    if (rule.procedure == procedure && rule.id == action)
      if (std::string role = role_for(rule, actor); !role.empty()) return role;
  return "";
}

std::string scheme_role_of(const Rulebook& book, const Actor& actor, Day today) {
  for (const RoleRule& role : book.roles)
    if (role.acts_for_scheme() && book.applies_on(role, today) && actor.roles.contains(role.id)) return role.id;
  return "";
}

Result<CaseStep> decide_step(const Rulebook& book, const Calendar& calendar, const Case& matter, const CaseFacts& facts,
                             const StepRequest& request, Instant now) {
  return StepDecision(book, calendar, matter, facts, request, now).decide();
}

void apply_step(Case& matter, const CaseStep& step) {
  matter.state = step.act.to;
  for (const auto& [field, text] : step.act.fields) matter.fields[field] = text;
  for (const auto& [kind, document] : step.act.documents) matter.documents[kind] = document;
  matter.history.push_back(step.act);
}

std::vector<OfferedAction> actions_of(const Rulebook& book, const Calendar& calendar, const Case& matter,
                                      const CaseFacts& facts, const Actor& actor, Instant now) {
  std::vector<OfferedAction> offered;
  for (const ActionRule& action : book.actions) {
    if (!available(book, matter, action, day_at(now, book.zone))) continue;
    StepRequest request{action.id, actor, role_for(action, actor), "?", {}, {}, Vote::for_it};
    const auto step = decide_step(book, calendar, matter, facts, request, now);
    offered.push_back({&action, request.role, step ? std::nullopt : std::optional(step.error())});
  }
  return offered;
}

}  // namespace tanpuhui
