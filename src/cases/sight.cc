#include "cases/sight.h"

#include <algorithm>

#include "base/region.h"
#include "procedure/decide_step.h"

namespace tanpuhui {

bool acts_for_scheme(const Rulebook& book, const Actor& actor, Day today) {
  return !scheme_role_of(book, actor, today).empty();
}

namespace {

/// Acts for the scheme, and in no role that is not bound to a region.
bool is_local(const Rulebook& book, const Actor& actor, Day today) {
  return acts_for_scheme(book, actor, today) && std::ranges::none_of(book.roles, [&](const RoleRule& role) {
           return role.acts_for_scheme() && role.party != Party::local && book.applies_on(role, today) &&
                  actor.roles.contains(role.id);
         });
}

}  // namespace

Sight sight_of(const Rulebook& book, const Case& matter, const Actor& actor, Day today) {
  const Applicant& applicant = matter.applicant;
  const bool own = !applicant.person.empty() && applicant.person == actor.person;
  const bool own_unit = !applicant.unit.empty() && applicant.unit == actor.unit;
  if (own || own_unit) return Sight::as_applicant;
  if (is_local(book, actor, today) && !lies_in(matter.field(region_field), actor.region)) return Sight::none;
  return acts_for_scheme(book, actor, today) ? Sight::as_officer : Sight::none;
}

CaseFilter visible_to(const Rulebook& book, const Actor& actor, Day today) {
  CaseFilter filter;
  if (!acts_for_scheme(book, actor, today)) filter.applicant = Applicant{actor.person, actor.unit, ""};
  if (is_local(book, actor, today)) filter.region = actor.region.empty() ? "-" : actor.region;
  return filter;
}

// The role may have ended since: on whose side it was does not change.
bool is_schemes(const Rulebook& book, const CaseAct& act) {
  return std::ranges::any_of(book.roles,
                             [&](const RoleRule& role) { return role.id == act.role && role.acts_for_scheme(); });
}

}  // namespace tanpuhui
