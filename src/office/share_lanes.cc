#include "office/share_lanes.h"

#include <array>
#include <set>
#include <string>
#include <thread>

#include <unistd.h>

#include "base/bytes.h"
#include "crypto/random.h"

namespace tanpuhui {
namespace {

constexpr std::chrono::milliseconds pause{100};  // while others have all that is left

Instant clock_now() {
  const auto since = std::chrono::system_clock::now().time_since_epoch();
  return Instant{std::chrono::duration_cast<std::chrono::milliseconds>(since).count()};
}

std::string new_holder() {
  std::array<std::uint8_t, 8> random{};
  fill_random(random);
  return std::to_string(::getpid()) + "-" + to_hex(random);
}

/// True when the lane was gone through to its end.
bool go_through(Database& writer, const LaneLease& lease, PartRange parts,
                const std::function<void(PartRange, const Shared&)>& work, std::chrono::milliseconds term) {
  Shared shared;
  shared.load = [&] { keep_lease(writer, lease, {clock_now().ms + term.count()}); };
  try {
    work(parts, shared);
  } catch (const LeaseLost&) {
    return false;
  }
  end_lease(writer, lease);
  return true;
}

}  // namespace

void share_lanes(Database& writer, const std::function<void(PartRange, const Shared&)>& work,
                 std::chrono::milliseconds term) {
  const int lanes = count_lanes(writer);
  const std::string holder = new_holder();
  std::set<int> left;
  for (int lane = 0; lane < lanes; ++lane) left.insert(lane);
  while (!left.empty()) {
    const std::size_t before = left.size();
    for (auto lane = left.begin(); lane != left.end();) {
      const Instant now = clock_now();
      const auto lease = lease_lane(writer, *lane, holder, now, {now.ms + term.count()});
      const bool done = lease && go_through(writer, *lease, parts_of(*lane, lanes), work, term);
      lane = done ? left.erase(lane) : std::next(lane);
    }
    if (left.size() == before) std::this_thread::sleep_for(pause);
  }
}

}  // namespace tanpuhui
