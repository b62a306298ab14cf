#pragma once
/// A case that was decided before it was kept here - a methodology filed years ago, a scenario that is live - enters
/// where it stands, on the paper that says so. Nothing of its way is made up.
#include "procedure/decide_step.h"

namespace tanpuhui {

inline const std::string bring_in_action = "bring_in";
inline const std::string earlier_decision = "earlier_decision";  ///< kind of the document

/// The first act of a new case. Its effect is that of the actions that lead to the state. Refused: PRO-01 the case has
/// begun, or there is no such state; PRO-02 a role that is neither the operator's nor the authority's; PRO-03 without
/// the paper.
Result<CaseStep> decide_bring_in(const Rulebook& book, const Case& matter, const std::string& state,
                                 const StepRequest& request, Instant now);

}  // namespace tanpuhui
