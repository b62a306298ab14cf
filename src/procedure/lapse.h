#pragma once
/// What the platform does by itself when a condition is no longer met: an action that names it in `lapses` is taken on
/// the day it fails, e.g. a verification body whose qualification has expired is suspended.
/// Basis: js24.a40
#include <optional>

#include "procedure/decide_step.h"

namespace tanpuhui {

/// The role that the history names for such a step; nobody holds it.
inline const std::string platform_role = "platform";

/// The book has such an action for the state that the case is in.
bool may_lapse(const Rulebook& book, const Case& matter, Day today);

/// The step, with what failed as its reason; none while everything holds.
std::optional<CaseStep> decide_lapse(const Rulebook& book, const Calendar& calendar, const Case& matter,
                                     const CaseFacts& facts, Instant now);

}  // namespace tanpuhui
