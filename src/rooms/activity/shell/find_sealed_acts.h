#pragma once
/// The acts of sealed rounds, whichever way they lie: as rows of sealed_acts, or packed into segments after their batch
/// was posted. Nobody else reads either of the two tables, save where only open rounds are asked for: those are rows.
///
///   for (const SealedRound& round : list_rounds(database, scenario, from, until))
///     for_each_act(database, round, [&](const SealedAct& act) { sum += act.reduction_mg; });
///
/// One segment is in memory at a time. Where another process may pack meanwhile, a ReadTransaction keeps one state.
/// Basis: decisions D36
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "base/fault.h"
#include "base/ids.h"
#include "rooms/activity/act_segment.h"
#include "store/database.h"

namespace tanpuhui {

struct SealedRound {
  ScenarioId scenario;
  Day day;
  std::int64_t round = 1;
  std::optional<BatchId> batch = std::nullopt;  ///< none: the round is open
  std::int64_t segments = 0;                    ///< 0: rows
};

/// Segments that are missing or cannot be read.
struct DamagedActs : Fault {
  using Fault::Fault;
};

/// By day and round; both ends included.
std::vector<SealedRound> list_rounds(Database& database, ScenarioId scenario, Day from, Day until);
/// Those that a batch closed.
std::vector<SealedRound> list_rounds(Database& database, BatchId batch);
/// Those up to a day in which an account has acts, or may have while their acts are rows; the newest day first.
std::vector<SealedRound> list_rounds(Database& database, AccountId account, Day until);
/// None: nothing of the kind was sealed.
std::optional<SealedRound> find_round(Database& database, ScenarioId scenario, Day day, std::int64_t round);

/// Valid while it is shown.
using SeeAct = std::function<void(const SealedAct& act)>;
/// By account and `n`.
void for_each_act(Database& database, const SealedRound& round, const SeeAct& see);
/// Those of one account alone, of several rounds, which come in no particular order; asked for in two questions however
/// many rounds there are.
using SeeActOf = std::function<void(const SealedRound& round, const SealedAct& act)>;
void for_each_act_of(Database& database, std::span<const SealedRound> rounds, AccountId account, const SeeActOf& see);

/// The inputs of an act of a methodology that has so many; a Fault when it has not.
void read_inputs(const Database& database, const SealedAct& act, std::span<std::int64_t> inputs);

/// Which row of account_days tells of a day, and which bit of it.
struct DayBit {
  std::int64_t span = 0, bit = 0;
};
inline constexpr int days_a_span = 32;
DayBit day_bit(Day day);
Day day_of_bit(std::int64_t span, int number);

}  // namespace tanpuhui
