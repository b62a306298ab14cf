#pragma once
/// The first act of a case that no action of the book allows: it says where the case comes from. None can be taken in a
/// case that has begun, and all that follows is the book's.
#include <optional>
#include <string>

#include "procedure/decide_step.h"

namespace tanpuhui {

/// An act that brings what the scheme made beforehand, e.g. an issue of a publication; the case stays where its
/// procedure starts. `request.action` is how the history names it. Refused: PRO-01 the case has begun, PRO-02 the role
/// does not act for the scheme.
Result<CaseStep> decide_first_act(const Rulebook& book, const Case& matter, const StepRequest& request, Instant now);

inline const std::string bring_in_action = "bring_in";
inline const std::string earlier_decision = "earlier_decision";  ///< kind of the document

/// A case that was decided before it was kept here - a methodology filed years ago, a scenario that is live - enters
/// where it stands, on the paper that says so. Nothing of its way is made up; its effect is that of the actions that
/// lead to the state. Refused: PRO-01 the case has begun, or there is no such state; PRO-02 a role that is neither the
/// operator's nor the authority's; PRO-03 without the paper.
Result<CaseStep> decide_bring_in(const Rulebook& book, const Case& matter, const std::string& state,
                                 const StepRequest& request, Instant now);

/// The first role in which the person may bring a case in; empty: none.
std::string role_to_bring_in(const Rulebook& book, const Actor& actor, Day today);

}  // namespace tanpuhui
