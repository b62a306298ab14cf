#pragma once
/// Instants are UTC milliseconds; days are counted in the rulebook's zone. Nothing here reads a clock: `now` is
/// always an argument.
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace tanpuhui {

/// UTC milliseconds since 1970-01-01T00:00:00Z.
struct Instant {
  std::int64_t ms = 0;
  constexpr auto operator<=>(const Instant&) const = default;
};

/// A calendar day, counted from 1970-01-01.
struct Day {
  std::int32_t number = 0;
  constexpr auto operator<=>(const Day&) const = default;
  constexpr Day operator+(std::int32_t days) const { return Day{number + days}; }
  constexpr Day operator-(std::int32_t days) const { return Day{number - days}; }
};

struct Civil {
  std::int32_t year = 1970;
  std::int32_t month = 1;  ///< 1 to 12
  std::int32_t day = 1;    ///< 1 to 31
  bool operator==(const Civil&) const = default;
};

/// A fixed offset from UTC. China has had +08:00 without summer time since 1991; a book names its own.
struct Zone {
  std::int32_t offset_minutes = 480;
};

Day day_of(Civil civil);
Civil civil_of(Day day);
/// 1 Monday ... 7 Sunday.
int weekday(Day day);

Day day_at(Instant instant, Zone zone);
Instant start_of(Day day, Zone zone);

/// The same date `years` later; 29 February becomes 28 February where there is none. Basis: requirements AMB-04
Day add_years(Day day, int years);

enum class TimeError { not_a_time, without_zone };
/// RFC 3339 with seconds, up to three decimals of a second and a zone: 2025-01-01T08:03:06+08:00 or ...Z.
Result<Instant, TimeError> parse_instant(std::string_view text);
/// 2025-01-31
Result<Day, TimeError> parse_day(std::string_view text);
/// 20250131, as record ids begin.
Result<Day, TimeError> parse_compact_day(std::string_view text);

std::string format_day(Day day);                         ///< 2025-01-31
std::string format_compact_day(Day day);                 ///< 20250131
std::string format_instant(Instant instant, Zone zone);  ///< 2025-01-31T08:03:06+08:00, with .mmm where there are ms
std::string format_utc(Instant instant);                 ///< 2025-01-31T00:03:06Z, likewise

}  // namespace tanpuhui
