#pragma once
/// What a guard asks, answered for one case.
#include <optional>

#include "calendar/calendar.h"
#include "procedure/case.h"
#include "rulebook/rulebook.h"

namespace tanpuhui {

/// What every decision about a case looks at. The request's documents and fields are already in the case.
struct Circumstances {
  const Rulebook& book;
  const Calendar& calendar;
  const Case& matter;
  const CaseFacts& facts;
  Instant now;
};

/// The guard's refusal, with what is missing among its facts; none when what it asks is so.
std::optional<Refusal> refuse_by_guard(const GuardRule& guard, const Circumstances& at);

/// The last word of each person on the documents as they are: votes from before one was replaced do not count.
struct VoteTally {
  int for_it = 0, against = 0;
};
VoteTally tally_of(const Case& matter, const std::string& action);

}  // namespace tanpuhui
