#pragma once
/// What the seal of a day looks back on: the month so far of each person, the days before of each identity and the
/// figures frozen for the day, from what stands sealed and recorded. Basis: decisions D16
#include <vector>

#include "base/cbor.h"
#include "base/ids.h"
#include "rooms/activity/seal.h"
#include "store/database.h"

namespace tanpuhui {

struct SealRound {
  ScenarioId scenario;
  Day day;
  std::int64_t round = 1;
};

/// Each empty, without a look at the store, when the methodology asks for none of it.
struct Before {
  std::vector<PersonBefore> persons;
  std::vector<OwnSums> sums;
  std::vector<FrozenFigures> frozen;
  ReferenceFacts references() const { return {sums, frozen}; }
};
Before load_before(Database& database, const Methodology& methodology, const SealRound& round);

void append_before(CborWriter& out, const Before& before);

}  // namespace tanpuhui
