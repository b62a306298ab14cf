#pragma once
/// `tanpuhui pack`: the acts of rounds whose batch is posted go from rows into segments, a round in a transaction. What
/// was written is read back and must give the sealed digest, and every row what it was, before the rows are deleted. A
/// kill leaves each round either in rows or in segments; the same command goes on. Basis: decisions D11, D36
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.h"
#include "base/time.h"
#include "store/database.h"

namespace tanpuhui {

struct PackOptions {
  std::optional<ScenarioId> scenario;                                    ///< none: all
  std::optional<Day> until;                                              ///< the last day, included; none: all
  std::size_t segment_rows = 4096;                                       ///< small, so that one person is found fast
  std::function<void(std::int64_t done, std::int64_t rounds)> progress;  ///< may be empty
};

struct PackReport {
  std::int64_t rounds = 0, acts = 0, bytes = 0;  ///< packed now; bytes of the segments
  /// Rounds that stay in rows since their acts do not give the sealed digest: the audit says more.
  std::vector<std::string> damaged;
};

PackReport pack_rounds(Database& writer, const PackOptions& options);

}  // namespace tanpuhui
