#pragma once
/// The conformance test before a scenario goes live: a sample of the partner's records, computed by its methodology
/// without anything being stored, of which every one would count. Basis: js24.a21, sip25.a13
#include <cstdint>

#include "office/office.h"

namespace tanpuhui {

struct ConformanceSample {
  std::int64_t case_number = 0;  ///< of the scenario
  std::int64_t records = 0;
  std::int64_t accepted = 0;  ///< that would count
  Digest file{};
};
inline constexpr std::int64_t conformance_records_min = 10;

/// Refuses SCN-05: no such case, too few records, or one that would not count.
Result<EntryId> record_conformance(const Office& office, const ConformanceSample& sample, CommandId id);

}  // namespace tanpuhui
