#pragma once
/// The stretch of time that an issue is about, written as the `every` of its publication asks.
///
///   month 2026-10      quarter 2026-Q4      year 2026      at_once: none
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"

namespace tanpuhui {

struct Period {
  std::string text;
  Day first, last;  ///< both included
  bool contains(Day day) const { return first <= day && day <= last; }
  bool operator==(const Period&) const = default;
};

/// None: it is not written so.
std::optional<Period> parse_period(std::string_view every, std::string_view text);
/// The one of this day; none for what is published at once.
std::optional<Period> period_of(std::string_view every, Day day);
/// How such a period is written, for messages: `2026-10`.
std::string period_example(std::string_view every);

}  // namespace tanpuhui
