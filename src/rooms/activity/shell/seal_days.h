#pragma once
/// `tanpuhui seal`: the days of a scenario, in order, each whole in one transaction. A day whose inputs changed is
/// sealed again together with the open days that follow and depend on it; a day whose round was closed by a batch opens
/// its next round with what is new. A kill leaves whole days; the same command goes on. One thread decides days while
/// another writes those before; the persons of a large day are shared out among threads.
///
/// A round is open while sealed_days.batch_id is null. The room that closes a batch sets it, for the rounds whose
/// digests the batch names. Basis: decisions D11, D12, D13, D15, D22
#include <cstdint>
#include <functional>
#include <map>
#include <string>

#include "base/ids.h"
#include "base/quantity.h"
#include "rooms/activity/seal.h"
#include "store/database.h"

namespace tanpuhui {

struct SealOptions {
  ScenarioId scenario;
  std::string scenario_name;
  const Methodology* methodology = nullptr;
  Zone zone;
  Day until;  ///< the last day, included
  Instant now;
  std::function<void(std::int64_t done, std::int64_t days)> progress;  ///< may be empty
  std::size_t threads = 2;            ///< at most; their number changes nothing in the result
  std::size_t acts_a_commit = 8'192;  ///< at least, of whole days
};

struct SealReport {
  std::int64_t days_sealed = 0;
  std::int64_t days_unchanged = 0;
  std::map<std::string, std::int64_t> counts;  ///< rows of the days sealed now by outcome; `duplicate`: exact copies
  std::int64_t rows = 0;
  Milligrams reduction;  ///< of the days sealed now
};

SealReport seal_days(Database& writer, const SealOptions& options);

/// What stands sealed: rows by outcome over all rounds of the days, both ends included.
std::map<std::string, std::int64_t> count_sealed(Database& database, ScenarioId scenario, Day from, Day until);

/// SHA-256 over the digests of all rounds, by day and round: two programmes that sealed the same sets agree.
Digest sealed_digest(Database& database, ScenarioId scenario, Day from, Day until);

}  // namespace tanpuhui
