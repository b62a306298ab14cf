#pragma once
/// Days from one to another, both included; open at the end when there is no last one.
#include <algorithm>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/time.h"

namespace tanpuhui {

struct DaySpan {
  Day from;
  std::optional<Day> until;

  bool holds(Day day) const { return from <= day && (!until || day <= *until); }
  bool operator==(const DaySpan&) const = default;
};

inline constexpr DaySpan all_days{Day{INT32_MIN}, {}};

inline bool any_holds(const std::vector<DaySpan>& spans, Day day) {
  return std::ranges::any_of(spans, [day](const DaySpan& span) { return span.holds(day); });
}

}  // namespace tanpuhui
