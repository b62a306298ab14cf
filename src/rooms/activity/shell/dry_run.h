#pragma once
/// `tanpuhui methodology dry-run`: what a draft would have made of acts that are sealed already. They are sealed again
/// in memory, round by round in the order in which batches closed them; nothing is written.
///
///   auto report = dry_run(reader, {scenario, &in_force, &draft, zone, from, until});   // or why it cannot be tried
///   report->reduction_after - report->reduction_before
///
/// A day at a time: beyond the acts of a round it holds what persons did in a month where a cap asks for it, and an
/// outcome an act of days that were sealed in several rounds. What it cannot know is listed in `dry_run_limits`.
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include "base/ids.h"
#include "base/quantity.h"
#include "methodology/methodology.h"
#include "store/database.h"

namespace tanpuhui {

struct DryRunOptions {
  ScenarioId scenario;
  const Methodology* in_force = nullptr;  ///< under which the acts were sealed
  const Methodology* draft = nullptr;
  Zone zone;
  Day from, until;                                                       ///< both included
  std::function<void(std::int64_t done, std::int64_t rounds)> progress;  ///< may be empty
};

struct DryRunChange {
  std::int64_t acts = 0;
  Milligrams reduction;  ///< after less before
};

struct DryRunReport {
  std::int64_t days = 0, acts = 0;
  std::int64_t accepted_before = 0, accepted_after = 0;
  Milligrams reduction_before, reduction_after;
  /// By outcome before and after; also where only the reduction of an accepted act is another one.
  std::map<std::pair<std::string, std::string>, DryRunChange> changes;
  std::int64_t persons = 0;  ///< with a change
  /// Acts whose stored outcome does not come out under the methodology in force either: some record or consent that
  /// it hung on came at a time that can no longer be told. 0 but for days sealed in several rounds.
  std::int64_t not_derivable = 0;
};

/// The error says, in both languages, which field or reference of the draft the acts lack.
Result<DryRunReport, BilingualText> dry_run(Database& reader, const DryRunOptions& options);

/// What no dry run can know, for whoever reads its figures.
std::span<const BilingualText> dry_run_limits();

/// First and last day of a scenario that stand sealed; none: nothing does.
std::optional<std::pair<Day, Day>> find_sealed_days(Database& reader, ScenarioId scenario);

}  // namespace tanpuhui
