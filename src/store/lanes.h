#pragma once
/// Lanes: equal ranges of parts, so that several writers commit beside each other. Whoever writes entries holds their
/// lanes from numbering to the commit.
///
/// An entry's number belongs to its lane (number mod lanes) and is above every number that was committed when it was
/// taken. So numbers are unique, an entry stands after all that its decision can have read, and no number comes in
/// below `complete_entries`. With one lane, as in a file, numbers have no gaps.
///
///   std::int64_t last = hold_lanes(database, lanes);        // inside a transaction
///   for (Entry& entry : entries) entry.entry_id = EntryId{last = number_after(last, lane_of(entry.part, count),
///   count)}; leave_lanes(database, {{lane, last_of_lane}, ...});
/// Basis: decisions D27, D28
#include <map>
#include <optional>
#include <set>
#include <string_view>

#include "base/ids.h"
#include "base/time.h"
#include "store/database.h"

namespace tanpuhui {

/// A number of lanes that a server's programme has room for: a power of two, well above the writers it will see.
inline constexpr int server_lanes = 16;

int count_lanes(Database& database);
/// Before the first entry; `lanes` is a power of two, at most the number of parts.
void make_lanes(Database& writer, int lanes);

constexpr int lane_of(Part part, int lanes) { return part.value / (part_count / lanes); }

/// Both ends included.
struct PartRange {
  Part first, last;
};
constexpr PartRange parts_of(int lane, int lanes) {
  const std::int32_t count = part_count / lanes;
  return {Part{lane * count}, Part{(lane + 1) * count - 1}};
}

/// The next number of a lane.
constexpr std::int64_t number_after(std::int64_t last, int lane, int lanes) {
  const std::int64_t first = last + 1;
  return first + (lane - first % lanes + lanes) % lanes;
}

/// Waits for the lanes; nobody else numbers entries of them until the transaction ends. Gives the last number that was
/// committed in any lane.
std::int64_t hold_lanes(Database& writer, const std::set<int>& lanes);
/// The last number that was given in each.
void leave_lanes(Database& writer, const std::map<int, std::int64_t>& last_entries);

/// Every entry up to this number is committed, and none will come in below it. Waits for the commits under way; not
/// for use inside a transaction.
EntryId complete_entries(Database& writer);

/// A lane is lent to one holder at a time, so that those who share a long job do not race each other. It makes nothing
/// safe - the `version` of an account does - and it ends by itself: a holder that died is replaced after its term, and
/// one that merely slept finds another epoch.
struct LaneLease {
  int lane = 0;
  std::int64_t epoch = 0;
};

/// Another holder has the lane by now.
struct LeaseLost : Fault {
  using Fault::Fault;
};

/// Empty while another holder has it. Times are those of the machines' clocks.
std::optional<LaneLease> lease_lane(Database& writer, int lane, std::string_view holder, Instant now, Instant until);
/// Inside the transaction that it covers, and before anything is decided: the lane stays ours to the end of it, and the
/// lease until then. LeaseLost when it is not ours any more.
void keep_lease(Database& writer, const LaneLease& lease, Instant until);
void end_lease(Database& writer, const LaneLease& lease);

}  // namespace tanpuhui
