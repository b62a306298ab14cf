#pragma once
/// The demonstration city's citizens and rides, as its bike partner would send them. Drawn from one fixed sequence: the
/// same every time. Nothing in it is real.
#include <string>

#include "base/time.h"

namespace tanpuhui {

inline constexpr int city_citizens = 40;

struct CityFiles {
  std::string consents;     ///< CSV
  std::string first_half;   ///< NDJSON
  std::string second_half;  ///< NDJSON; repeats some of the first half, and holds what partners get wrong
};

/// Rides of one month, from its first day on. Consents begin with the month.
CityFiles draw_city(Day first_day, int days);

}  // namespace tanpuhui
