#pragma once
/// Regions by their administrative division codes (GB/T 2260): six digits, two a level - province, city, county - and
/// 00 where a code means the whole level. So 320571 lies in 320500, and that in 320000.
#include <string_view>

namespace tanpuhui {

/// The digits that a code shares with all that lies in it: `320500` -> `3205`; the whole of a code of another form.
constexpr std::string_view region_prefix(std::string_view code) {
  while (code.size() > 2 && code.size() % 2 == 0 && code.ends_with("00")) code.remove_suffix(2);
  return code;
}

/// Nothing lies in a region without a code, and what has no code lies in none.
constexpr bool lies_in(std::string_view region, std::string_view whole) {
  return !region.empty() && !whole.empty() && region.starts_with(region_prefix(whole));
}

}  // namespace tanpuhui
