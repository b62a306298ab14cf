#pragma once
/// Sealing again, in memory, what stands sealed: round by round in the order in which batches closed them. Nothing is
/// written. A day at a time: beyond the acts of a round it holds what persons did in a month where a cap asks for it,
/// and an outcome an act of days that were sealed in several rounds. For the files of this folder.
///
///   Replay replay(reader, {scenario, &in_force, &draft, zone, from, {}}, translation, rounds);
///   for (const ReplayRound& round : rounds) replay.seal(round, load_stored_acts(reader, scenario, in_force, ...));
#include <functional>
#include <limits>
#include <memory>
#include <string_view>
#include <vector>

#include "methodology/methodology.h"
#include "rooms/activity/acts.h"
#include "rooms/activity/outcomes.h"
#include "rooms/activity/translation.h"
#include "store/database.h"

namespace tanpuhui {

struct ReplayRound {
  Day day;
  std::int64_t round = 1;
  std::int64_t batch = std::numeric_limits<std::int64_t>::max();  ///< open: behind all that are closed
  Instant sealed_at;
  bool is_open() const { return batch == std::numeric_limits<std::int64_t>::max(); }
};
/// In the order in which batches closed them, then by day: what a round was sealed after has been gone through before.
/// Both days included.
std::vector<ReplayRound> load_replay_rounds(Database& reader, ScenarioId scenario, Day from, Day until);

/// Acts of a round as they stand, by account and start.
struct StoredActs {
  StoredActs(std::size_t fields, std::size_t per_act) : acts(fields), reference_count(per_act) {}
  Acts acts;
  std::size_t reference_count;
  std::vector<std::int64_t> references;  ///< one after another
  std::vector<Outcome> outcomes;
  std::vector<std::int64_t> reduction_mg;
};
StoredActs load_stored_acts(Database& reader, ScenarioId scenario, const Methodology& methodology, Day day,
                            std::int64_t round);

/// What became of a stored act when it was sealed again.
struct Replayed {
  Outcome outcome = Outcome::duplicate;
  std::int32_t check = no_failed_check;  ///< of check_failed
  std::int64_t reduction_mg = 0;
};

struct ReplayTerms {
  ScenarioId scenario;
  const Methodology* in_force = nullptr;  ///< under which the acts were sealed
  const Methodology* under = nullptr;     ///< under which they are sealed again
  Zone zone;
  Day from;  ///< of the first round; days before count as they stand
  /// Acts that are not there this time; empty: none.
  std::function<bool(Day day, std::string_view record_suffix, Outcome stored)> leaves_out = {};
};

class Replay {
 public:
  Replay(Database& reader, const ReplayTerms& terms, Translation translation, const std::vector<ReplayRound>& rounds);
  ~Replay();
  /// One a stored act. Rounds in the order in which they were listed.
  std::vector<Replayed> seal(const ReplayRound& round, const StoredActs& stored);

 private:
  class Sealing;
  std::unique_ptr<Sealing> sealing_;
};

}  // namespace tanpuhui
