#pragma once
/// Nothing of a batch is used before the case that issued it released it; and only such batches are marked as held.
/// Basis: sip25.a16p2, AMB-53
#include <map>
#include <optional>

#include "audit/entry_check.h"
#include "store/database.h"

namespace tanpuhui {

class HoldsKept : public EntryCheck {
 public:
  HoldsKept(Database& database, Findings& findings);
  void see(const Entry& entry) override;

 private:
  /// The day of the release of each batch that was or is held; none: not yet.
  std::map<BatchId, std::optional<Day>> released_on_;
};

}  // namespace tanpuhui
