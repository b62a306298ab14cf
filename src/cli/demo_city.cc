#include "cli/demo_city.h"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "base/ids.h"

namespace tanpuhui {
namespace {

class Dice {
 public:
  /// 0 to below - 1.
  int below(int limit) { return static_cast<int>((state_ = mix_bits(state_)) % static_cast<unsigned>(limit)); }

 private:
  std::uint64_t state_ = 20250301;
};

struct Trip {
  int citizen = 0;
  Day day;
  int number = 0, start_minute = 0, seconds = 0, metres = 0;
};

std::string clock(Day day, int seconds) {
  return fmt::format("{}T{:02}:{:02}:{:02}+08:00", format_day(day), seconds / 3600, seconds / 60 % 60, seconds % 60);
}

std::string line_of(const Trip& trip) {
  const int start = trip.start_minute * 60;
  return fmt::format(
      R"({{"scenario":"city-bike","record_id":"{}-{:02}{:02}","subject":"rider-{:02}","started_at":"{}","ended_at":"{}","distance_km":"{}.{:03}"}})"
      "\n",
      format_compact_day(trip.day), trip.citizen, trip.number, trip.citizen, clock(trip.day, start),
      clock(trip.day, start + trip.seconds), trip.metres / 1000, trip.metres % 1000);
}

// To work, home, and now and then a third ride; 9 to 17 km/h.
std::vector<Trip> trips_of(Day first_day, int days) {
  Dice dice;
  std::vector<Trip> trips;
  for (int day = 0; day < days; ++day)
    for (int citizen = 1; citizen <= city_citizens; ++citizen)
      for (int number = 0; number < 3; ++number) {
        if (dice.below(100) >= (number < 2 ? 62 : 12)) continue;
        Trip trip{citizen, first_day + day, number, 420 + number * 330 + dice.below(90), 0, 700 + dice.below(5200)};
        trip.seconds = trip.metres * 36 / (90 + dice.below(80));
        trips.push_back(trip);
      }
  return trips;
}

// What partners get wrong, each once, among the last day's rides.
std::vector<std::string> slips(const std::vector<Trip>& trips) {
  const auto last = trips.rbegin();
  Trip overlap = last[0], other_content = last[1], too_fast = last[2], stranger = last[3];
  overlap.number = 7;
  overlap.start_minute += 1;
  other_content.metres += 400;
  too_fast.number = 8;
  too_fast.metres = 9000;
  too_fast.seconds = 600;
  stranger.citizen = city_citizens + 1;
  return {line_of(overlap),  line_of(other_content), line_of(too_fast),
          line_of(stranger), line_of(last[4]),       "{\"scenario\":\"city-bike\",\"record_id\":\n"};
}

}  // namespace

CityFiles draw_city(Day first_day, int days) {
  CityFiles city;
  city.consents = "scenario,subject,person,from_at,until_at,text_version\n";
  for (int citizen = 1; citizen <= city_citizens; ++citizen)
    city.consents += fmt::format("city-bike,rider-{0:02},citizen-{0:02},{1},,v1\n", citizen, clock(first_day, 0));
  const std::vector<Trip> trips = trips_of(first_day, days);
  for (const Trip& trip : trips)
    (trip.day < first_day + days / 2 ? city.first_half : city.second_half) += line_of(trip);
  for (const std::string& slip : slips(trips)) city.second_half += slip;
  return city;
}

}  // namespace tanpuhui
