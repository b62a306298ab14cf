#pragma once
/// What the seal of a day looks back on: the month so far of each person, the days before of each identity and the
/// figures frozen for the day, from what stands sealed and recorded. Basis: decisions D16
#include <optional>
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
/// True when `load_before` reads acts of days before.
bool asks_days_before(const Methodology& methodology);

void append_before(CborWriter& out, const Before& before);

/// Caps ask what persons did in the month and on the day before.
bool asks_persons_before(const MethodologySeal& seal);
Day first_of_month(Day day);

/// Acts that reach beyond a sealed day.
struct Tail {
  Day day;
  Bytes ends;  ///< `decode_tail` reads them
};
/// Of the last sealed day before this one. Asked of the store and not of the day that was visited before: between the
/// two may lie sealed days whose runs were deleted after their term.
std::optional<Tail> find_tail_before(Database& database, ScenarioId scenario, Day day);
std::vector<OpenEnd> load_tail_before(Database& database, ScenarioId scenario, Day day, Zone zone);

/// Consents that ended until `now` and drop what was not sealed, by account.
std::vector<WithdrawnConsent> load_withdrawals(Database& database, ScenarioId scenario, Instant now);
/// Those of them that had ended at `cut` and concern the day.
std::vector<WithdrawnConsent> withdrawals_of(std::span<const WithdrawnConsent> all, Day day, Instant cut, Zone zone);

}  // namespace tanpuhui
