#pragma once
/// The year of rides that is sealed and packed.
#include "bench/rides.h"

namespace tanpuhui {

/// The partner's files where some were given, else drawn ones.
inline RideFiles year_of_rides(const Ground& ground) {
  const std::string& given = ground.options().records;
  if (!given.empty()) return find_rides(given);
  return draw_rides(ground, ground.size(30, 1'000), static_cast<int>(ground.size(60, 365)),
                    static_cast<int>(ground.size(2, 12)));
}

}  // namespace tanpuhui
