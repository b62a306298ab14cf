#include "cases/sight.h"

#include <algorithm>

#include "procedure/decide_step.h"

namespace tanpuhui {

bool acts_for_scheme(const Rulebook& book, const Actor& actor, Day today) {
  return !scheme_role_of(book, actor, today).empty();
}

Sight sight_of(const Rulebook& book, const Case& matter, const Actor& actor, Day today) {
  const Applicant& applicant = matter.applicant;
  const bool own = !applicant.person.empty() && applicant.person == actor.person;
  const bool own_unit = !applicant.unit.empty() && applicant.unit == actor.unit;
  if (own || own_unit) return Sight::as_applicant;
  return acts_for_scheme(book, actor, today) ? Sight::as_officer : Sight::none;
}

CaseFilter visible_to(const Rulebook& book, const Actor& actor, Day today) {
  CaseFilter filter;
  if (!acts_for_scheme(book, actor, today)) filter.applicant = Applicant{actor.person, actor.unit, ""};
  return filter;
}

// The role may have ended since: on whose side it was does not change.
bool is_schemes(const Rulebook& book, const CaseAct& act) {
  return std::ranges::any_of(book.roles,
                             [&](const RoleRule& role) { return role.id == act.role && role.acts_for_scheme(); });
}

}  // namespace tanpuhui
