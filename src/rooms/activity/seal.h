#pragma once
/// The seal of a day: what only the set of its records can tell. A pure function of that set: neither the order, nor
/// the number, nor the cut of deliveries changes a byte of the result.
///
/// First ids, over all persons: exact copies count once; the highest revision of an id wins; equal highest revisions
/// with different content refuse all of them; an id that has been posted stays as posted. Then for each person, in
/// order of start (ties by record id as text): what overlaps an accepted act, then what is beyond the day's cap.
/// Where the methodology tells subjects apart (meters, devices), overlaps are looked for among the acts of a subject,
/// whosever they are, before any cap. Quantified is what was accepted, by the methodology in force on the day.
/// Basis: js24.a24; decisions D11-D16, D21, D22
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/quantity.h"
#include "methodology/methodology.h"
#include "rooms/activity/acts.h"
#include "rooms/activity/outcomes.h"
#include "rooms/activity/references.h"

namespace tanpuhui {

/// An accepted act that ends after its day: the next day's acts of the same identity must not start before.
struct OpenEnd {
  std::int64_t identity = 0;  ///< see identity_of
  Instant ended_at;
  bool operator==(const OpenEnd&) const = default;
};

/// An accepted act of a closed round.
struct PostedInterval {
  std::int64_t identity = 0;
  Instant started_at, ended_at;
};

/// A consent that ended before the seal and whose unsealed acts are dropped: acts in [from, until).
struct WithdrawnConsent {
  AccountId account;
  Instant from, until;
};

/// An act that another programme credited (exchange.h).
struct CreditedElsewhere {
  AccountId account;
  Instant started_at;
  auto operator<=>(const CreditedElsewhere&) const = default;
};

/// What a person did before the acts that are sealed now, as far as caps ask.
struct PersonBefore {
  AccountId account;
  std::int64_t month_records = 0;       ///< accepted in the month before this day, and in closed rounds of the day
  std::int64_t month_reduction_mg = 0;  ///< likewise
  std::int64_t day_reduction_mg = 0;    ///< in closed rounds of the day
};

/// What the seal of a day knows besides its records. All lists are sorted by account or identity.
struct SealFacts {
  Day day;
  Instant next_day;                              ///< where the day ends
  std::span<const OpenEnd> tail;                 ///< from the days before
  const Acts* posted = nullptr;                  ///< rows of the day's closed rounds; null: none
  std::span<const Outcome> posted_outcomes;      ///< one a row of `posted`
  std::span<const PostedInterval> posted_after;  ///< accepted acts of closed rounds of the following day
  std::span<const WithdrawnConsent> withdrawals;
  std::span<const CreditedElsewhere> elsewhere;
  std::span<const PersonBefore> before;  ///< who is not there did nothing
  ReferenceFacts references;
};

struct SealedRow {
  std::uint32_t index = 0;  ///< into the acts that were sealed
  std::uint32_t n = 0;      ///< the person's rows of the round, from 0, in order of start
  Outcome outcome = Outcome::accepted;
  std::int64_t reduction_mg = 0;  ///< 0 unless accepted
};

struct SealedDay {
  std::vector<SealedRow> rows;           ///< by account, start, record id, revision; exact copies left out
  std::vector<std::int64_t> references;  ///< of the rows, one after another: what the formula took for its references
  std::vector<OpenEnd> tail;             ///< by identity: for the following day, posted acts included
  std::int64_t copies = 0;               ///< exact copies among all records of the day, posted ones included
  OutcomeCounts counts{};                ///< of rows
  Milligrams reduction;
};

/// Does `task` for 0 to `count` - 1, in any order or beside each other; all are done when it returns.
using RunTasks = std::function<void(std::size_t count, const std::function<void(std::size_t)>& task)>;
void one_after_another(std::size_t count, const std::function<void(std::size_t)>& task);

/// `shares`: of the persons, each a task of its own. Their number changes nothing in the result.
SealedDay seal_day(const Acts& acts, const SealFacts& facts, const Methodology& methodology, std::size_t shares = 1,
                   const RunTasks& run = one_after_another);

/// Fields, references, duration of the row at `at`: what its formulas read.
void read_formula_inputs(const Methodology& methodology, const Acts& acts, const SealedDay& sealed, std::size_t at,
                         std::vector<std::int64_t>& inputs);
/// What the formula gives for some of the rows, in their order; caps of persons are not in it.
std::vector<std::int64_t> compute_reductions(const Methodology& methodology, const CompiledMethodology& rule,
                                             const Acts& acts, const SealedDay& sealed,
                                             std::span<const std::uint32_t> rows);

/// What the digest of a sealed round covers: who it is, then each row in order. No arrival, no time of sealing.
struct SealedIdentity {
  std::string_view scenario;
  Day day;
  std::int64_t round = 1;
  Digest methodology_hash{};
};
Bytes canonical_bytes(const SealedIdentity& identity, const SealedDay& sealed, const Acts& acts);

Bytes encode_tail(std::span<const OpenEnd> tail);
/// Those that still reach beyond `from`.
std::vector<OpenEnd> decode_tail(ByteView bytes, Instant from);

}  // namespace tanpuhui
