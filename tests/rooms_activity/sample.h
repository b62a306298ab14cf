#pragma once
/// A methodology like the one for bike rides, and a short way to write acts down.
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "methodology/methodology.h"
#include "rooms/activity/seal.h"

namespace tanpuhui {

inline Digest plain_digest(ByteView data) {
  Digest digest{};
  std::uint64_t state = data.size();
  for (std::uint8_t byte : data) state = mix_bits(state ^ byte);
  for (std::uint8_t& byte : digest) byte = static_cast<std::uint8_t>(state = mix_bits(state));
  return digest;
}

inline const Methodology& bike() {
  static const Methodology methodology = [] {
    std::ifstream file(std::string(TANPUHUI_ROOT) + "/methodologies/bike-demo/v1/methodology.toml");
    std::stringstream text;
    text << file.rdbuf();
    auto loaded = load_methodology(text.str(), "methodology.toml", plain_digest);
    if (!loaded) throw std::runtime_error("the bike methodology does not load");
    return *std::move(loaded);
  }();
  return methodology;
}

constexpr Zone zone{480};
inline const Day monday = *parse_day("2025-03-03");

inline Instant at(std::string_view clock, Day day = monday) {
  return *parse_instant(format_day(day) + "T" + std::string(clock) + "+08:00");
}

struct Ride {
  std::string id;
  std::int64_t person = 1000;
  std::string from = "08:00:00";
  std::int64_t minutes = 20;
  std::int64_t metres = 3000;
  std::int64_t revision = 0;
  bool withdrawn = false;
};

inline Acts acts_of(const std::vector<Ride>& rides, Day day = monday) {
  Acts acts(1);
  for (const Ride& ride : rides) {
    const std::int64_t fields[] = {ride.metres};
    acts.append(
        {AccountId{ride.person}, at(ride.from, day), ride.minutes * 60'000, ride.id, ride.revision, ride.withdrawn},
        fields);
  }
  return acts;
}

}  // namespace tanpuhui
