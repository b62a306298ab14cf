#include "office/share_lanes.h"

#include <array>
#include <optional>
#include <set>
#include <string>
#include <thread>

#include <unistd.h>

#include "base/bytes.h"
#include "crypto/random.h"
#include "store/programme.h"

namespace tanpuhui {
namespace {

constexpr std::chrono::milliseconds pause{100};  // while others have all that is left

std::string new_holder() {
  std::array<std::uint8_t, 8> random{};
  fill_random(random);
  return std::to_string(::getpid()) + "-" + to_hex(random);
}

/// Empty when another process has the lane, from the start or by now.
std::optional<Result<Done>> go_through(Database& writer, int lane, PartRange parts, const std::string& holder,
                                       const WorkInParts& work, std::chrono::milliseconds term) {
  const auto end_of_term = [term] { return Instant{clock_now().ms + term.count()}; };
  const auto lease = lease_lane(writer, lane, holder, clock_now(), end_of_term());
  if (!lease) return std::nullopt;
  Shared shared;
  shared.load = [&] { keep_lease(writer, *lease, end_of_term()); };
  try {
    const Result<Done> done = work(parts, shared);
    end_lease(writer, *lease);
    return done;
  } catch (const LeaseLost&) {
    return std::nullopt;
  }
}

}  // namespace

Result<Done> share_lanes(Database& writer, const WorkInParts& work, std::chrono::milliseconds term) {
  const int lanes = count_lanes(writer);
  const std::string holder = new_holder();
  std::set<int> left;
  for (int lane = 0; lane < lanes; ++lane) left.insert(lane);
  while (!left.empty()) {
    const std::size_t before = left.size();
    for (auto lane = left.begin(); lane != left.end();) {
      const auto done = go_through(writer, *lane, parts_of(*lane, lanes), holder, work, term);
      if (done && !*done) return done->error();
      lane = done ? left.erase(lane) : std::next(lane);
    }
    if (left.size() == before) std::this_thread::sleep_for(pause);
  }
  return Done{};
}

}  // namespace tanpuhui
