#pragma once
/// How many records of a sealed day had which outcome, as it stands in `sealed_days.counts`: a flat JSON object.
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace tanpuhui {

using DayCounts = std::map<std::string, std::int64_t>;

/// A Fault when it cannot be read.
DayCounts read_day_counts(std::string_view json);

}  // namespace tanpuhui
