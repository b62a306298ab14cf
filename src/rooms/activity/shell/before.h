#pragma once
/// What persons did before the acts of a day that is sealed: the month so far and the references of the methodology,
/// from what stands sealed. Basis: decisions D16
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

/// By account. Empty, without a look at the store, when the methodology asks for none of it.
std::vector<PersonBefore> load_before(Database& database, const Methodology& methodology, const SealRound& round);

void append_before(CborWriter& out, const PersonBefore& person);

}  // namespace tanpuhui
