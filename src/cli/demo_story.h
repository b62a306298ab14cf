#pragma once
/// The demonstration city: each chapter is an act or two of the real platform, at its own time, told with its numbers.
#include <string>

#include "cli/values.h"

namespace tanpuhui {

/// Plays the city in a folder, its programme at `store` or, when that is empty, in a file; an earlier one is replaced.
/// Gives the options under which its programme opens. A Fault when the city is refused what it should get.
SharedOptions tell_demo_story(const SharedOptions& shared, const std::string& folder, const std::string& store);

}  // namespace tanpuhui
