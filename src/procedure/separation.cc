#include "procedure/separation.h"

#include <algorithm>

#include "base/region.h"

namespace tanpuhui {
namespace {

/// The roles a person holds now, and those in which the person has acted in this case.
std::set<std::string> roles_of(const Actor& actor, const Case& matter) {
  std::set<std::string> roles = actor.roles;
  for (const CaseAct& act : matter.history)
    if (act.person == actor.person) roles.insert(act.role);
  return roles;
}

std::optional<Refusal> refuse_maker(const ActionRule& action, const StepRequest& request, const Circumstances& at) {
  for (const CaseAct& act : at.matter.history) {
    if (act.person != request.actor.person ||
        std::ranges::find(action.apart_from, act.action) == action.apart_from.end())
      continue;
    const std::string day = format_day(day_at(act.at, at.book.zone));
    return refuse("SEP-01", action.basis)
        .because("action", action.id)
        .because("earlier_action", act.action)
        .because("on", day)
        .says("经办与审核须分离：本人已于 " + day + " 办理本案的“" + act.action + "”，不得再办理“" + action.zh + "”",
              "whoever made it does not check it: this person took " + act.action + " in this case on " + day +
                  " and cannot take " + action.id)
        .mend("由另一名有此角色的人员办理", "let another person who holds the role do it");
  }
  return std::nullopt;
}

std::optional<Refusal> refuse_own_case(const ActionRule& action, const RoleRule& role, const StepRequest& request,
                                       const Circumstances& at) {
  const Applicant& applicant = at.matter.applicant;
  const bool own = !applicant.person.empty() && request.actor.person == applicant.person;
  const bool own_unit = !applicant.unit.empty() && request.actor.unit == applicant.unit;
  if (role.acts_for_scheme() && (own || own_unit))
    return refuse("SEP-02", action.basis)
        .because("action", action.id)
        .because(own ? "person" : "unit", own ? request.actor.person : request.actor.unit)
        .says(own ? "不得办理本人的事项" : "不得办理本单位的事项",
              own ? "nobody decides about a case of their own" : "nobody decides about a case of their own unit")
        .mend("由与申请人无关的人员办理", "let somebody do it who has nothing to do with the applicant");
  if (role.party == Party::applicant && !own && !own_unit)
    return refuse("PRO-02", action.basis)
        .because("action", action.id)
        .says("这不是您的事项：只有申请人可以办理“" + action.zh + "”",
              "this is somebody else's case: only its applicant may take " + action.id)
        .mend("由申请人或其单位办理", "let the applicant or the applicant's unit do it");
  return std::nullopt;
}

std::optional<Refusal> refuse_excluded_roles(const ActionRule& action, const StepRequest& request,
                                             const Circumstances& at) {
  const std::set<std::string> held = roles_of(request.actor, at.matter);
  for (const RoleRule& role : at.book.roles) {
    if (!held.contains(role.id)) continue;
    for (const std::string& other : role.excludes)
      if (held.contains(other))
        return refuse("SEP-03", role.basis)
            .because("action", action.id)
            .because("roles", role.id + ", " + other)
            .says("同一人不得兼任“" + role.id + "”和“" + other + "”",
                  "one person cannot hold both " + role.id + " and " + other)
            .mend("撤销其中一个角色，由另一人担任", "withdraw one of the roles and give it to another person");
  }
  return std::nullopt;
}

std::optional<Refusal> refuse_conflict(const ActionRule& action, const RoleRule& role, const StepRequest& request,
                                       const Circumstances& at) {
  const bool expert = role.party == Party::expert || role.party == Party::verifier;
  if (!expert || !at.facts.conflicts.contains(request.actor.person)) return std::nullopt;
  return refuse("VER-01", action.basis)
      .because("action", action.id)
      .because("person", request.actor.person)
      .says("与本案有利益关系的专家或核查人员须回避",
            "an expert or verifier with a conflict of interest takes no part in the case")
      .mend("另派无利益关系的人员", "appoint somebody without a conflict");
}

std::optional<Refusal> refuse_other_region(const ActionRule& action, const RoleRule& role, const StepRequest& request,
                                           const Circumstances& at) {
  const std::string region = at.matter.field(region_field);
  if (role.party != Party::local || lies_in(region, request.actor.region)) return std::nullopt;
  return refuse("PRO-02", action.basis)
      .because("action", action.id)
      .because("region", region.empty() ? "-" : region)
      .because("region_of_the_officer", request.actor.region.empty() ? "-" : request.actor.region)
      .says("该事项不在本地区", "what the case is about lies in another region")
      .mend("由所在地区的管理部门办理；案件未写明地区的先填写（" + region_field + "）",
            "let the department of that region do it; where the case names no region, fill in " + region_field);
}

}  // namespace

std::optional<Refusal> refuse_by_separation(const ActionRule& action, const RoleRule& role, const StepRequest& request,
                                            const Circumstances& at) {
  if (auto refusal = refuse_maker(action, request, at)) return refusal;
  if (auto refusal = refuse_own_case(action, role, request, at)) return refusal;
  if (auto refusal = refuse_other_region(action, role, request, at)) return refusal;
  if (auto refusal = refuse_excluded_roles(action, request, at)) return refusal;
  return refuse_conflict(action, role, request, at);
}

}  // namespace tanpuhui
