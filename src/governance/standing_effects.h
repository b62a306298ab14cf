#pragma once
/// Effects that are a standing of a thing, and nothing else.
#include "cases/case_rooms.h"
#include "cases/standings.h"

namespace tanpuhui {

/// Every effect of this table, by its word.
std::map<std::string, Effect> standing_effects();

/// The first day of what a step gives: today, or a later day that the field names. Who brings in what was decided
/// earlier may name an earlier day.
Result<Day> begins_on(const StepTaken& step, const std::string& field);
/// The day in a field of the case; none when it is empty. DAT-06 when it is no day.
Result<std::optional<Day>> day_in(const StepTaken& step, const std::string& field);
/// The person or else the unit whom the case is about.
const std::string& holder_of(const Case& matter);

/// `first`, then `second`, in one commit; the refusal of either.
Effect both(Effect first, Effect second);

}  // namespace tanpuhui
