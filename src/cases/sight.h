#pragma once
/// Who may look into a case, and how far. Its applicant (the person, or whoever stands for the unit) and those who act
/// for the scheme; to anybody else it does not exist: an application holds trade secrets and personal data, and the
/// public is told by notices and publications, not by files. Even that a number is taken would tell who is under
/// investigation, so the answer is that of a case that is not there.
///
/// An applicant sees all of the case but who acted for the scheme and how experts voted: they are to decide without
/// being sought out. An officer of the applicant's own unit is an applicant in this. Who acts for the scheme in one
/// region only (party `local`) sees the cases of that region. Basis: js24.a5p4, js24.a44p1, sip25.a24
#include "cases/stored_case.h"
#include "rulebook/rulebook.h"

namespace tanpuhui {

enum class Sight { none, as_applicant, as_officer };

Sight sight_of(const Rulebook& book, const Case& matter, const Actor& actor, Day today);
/// Holds a role that is on the scheme's side.
bool acts_for_scheme(const Rulebook& book, const Actor& actor, Day today);
/// The same as `sight_of`, as a filter of lists.
CaseFilter visible_to(const Rulebook& book, const Actor& actor, Day today);
/// Whether the act is one of the scheme's, whose person and vote an applicant is not told.
bool is_schemes(const Rulebook& book, const CaseAct& act);

}  // namespace tanpuhui
