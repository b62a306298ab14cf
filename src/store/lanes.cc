#include "store/lanes.h"

#include <fmt/format.h>

#include "base/check.h"

namespace tanpuhui {

int count_lanes(Database& database) {
  return static_cast<int>(database.statement("SELECT count(*) FROM entry_lanes").run_integer());
}

void make_lanes(Database& writer, int lanes) {
  TANPUHUI_REQUIRE(lanes > 0 && part_count % lanes == 0, "lanes are equal ranges of parts");
  auto insert = writer.statement(
      "INSERT INTO entry_lanes(lane, last_entry, holder, epoch, held_until) VALUES (?, 0, '', 0, 0) ON CONFLICT DO "
      "NOTHING");
  for (int lane = 0; lane < lanes; ++lane) insert.bind(lane).add();
  insert.run();
}

// One after another in rising order, so that no two writers wait for each other.
std::int64_t hold_lanes(Database& writer, const std::set<int>& lanes) {
  for (const int lane : lanes)
    writer.statement("UPDATE entry_lanes SET last_entry = last_entry WHERE lane = ?").bind(lane).queue(1);
  return writer.statement("SELECT max(last_entry) FROM entry_lanes").run_integer();
}

void leave_lanes(Database& writer, const std::map<int, std::int64_t>& last_entries) {
  auto update = writer.statement("UPDATE entry_lanes SET last_entry = ? WHERE lane = ?");
  for (const auto& [lane, last] : last_entries) update.bind(last).bind(lane).add();
  update.queue();
}

EntryId complete_entries(Database& writer) {
  Transaction transaction(writer, Transaction::Kind::beside_others);
  std::set<int> all;
  for (int lane = count_lanes(writer); lane-- > 0;) all.insert(lane);
  // Nothing changed: it is rolled back, so that nobody waits for the disk.
  return EntryId{hold_lanes(writer, all)};
}

std::optional<LaneLease> lease_lane(Database& writer, int lane, std::string_view holder, Instant now, Instant until) {
  auto take = writer.statement(
      "UPDATE entry_lanes SET holder = ?, epoch = epoch + 1, held_until = ? WHERE lane = ? AND held_until < ? "
      "RETURNING "
      "epoch");
  take.bind(holder).bind(until.ms).bind(lane).bind(now.ms);
  if (!take.step()) return std::nullopt;
  return LaneLease{lane, take.integer(0)};
}

void keep_lease(Database& writer, const LaneLease& lease, Instant until) {
  auto keep = writer.statement("UPDATE entry_lanes SET held_until = ? WHERE lane = ? AND epoch = ?");
  if (keep.bind(until.ms).bind(lease.lane).bind(lease.epoch).run() == 1) return;
  throw LeaseLost(
      fmt::format("{}: lane {} went to another process, since this one was silent for too long; run the "
                  "same command again",
                  writer.path(), lease.lane));
}

void end_lease(Database& writer, const LaneLease& lease) {
  writer.statement("UPDATE entry_lanes SET holder = '', held_until = 0 WHERE lane = ? AND epoch = ?")
      .bind(lease.lane)
      .bind(lease.epoch)
      .run();
}

}  // namespace tanpuhui
