#include "rooms/activity/shell/find_acts.h"

#include <algorithm>

#include "rooms/activity/shell/find_sealed_acts.h"

namespace tanpuhui {
namespace {

constexpr std::size_t id_prefix = 9;  // 20250131-

FoundAct found_act(const SealedRound& round, const SealedAct& act) {
  return {round.scenario,
          round.day,
          round.round,
          format_compact_day(round.day) + "-" + std::string(act.record_suffix),
          act.started_at,
          act.duration_ms,
          act.revision,
          act.outcome,
          Bytes(act.inputs.begin(), act.inputs.end()),
          Milligrams(act.reduction_mg),
          round.batch};
}

/// A round in which the person may have acts.
struct Place {
  Day day;
  ScenarioId scenario;
  std::int64_t round = 1;
  bool operator<(const Place& other) const {
    if (day != other.day) return day > other.day;
    return std::pair(scenario.value, round) < std::pair(other.scenario.value, other.round);
  }
};

// Rounds in rows are few, the days not posted yet, and each is asked; of packed ones account_days tells which.
std::vector<Place> places_of(Database& database, AccountId account, Day until) {
  std::vector<Place> places;
  auto rows = database.statement("SELECT day, scenario_id, round FROM sealed_days WHERE segments = 0 AND day <= ?");
  rows.bind(until.number);
  while (rows.step())
    places.push_back({Day{static_cast<std::int32_t>(rows.integer(0))}, ScenarioId{rows.integer(1)}, rows.integer(2)});
  auto packed = database.statement("SELECT span, scenario_id, round, days FROM account_days WHERE account_id = ?");
  packed.bind(account.value);
  while (packed.step())
    for (int number = 0; number < days_a_span; ++number) {
      const Day day = day_of_bit(packed.integer(0), number);
      if ((packed.integer(3) >> number & 1) != 0 && day <= until)
        places.push_back({day, ScenarioId{packed.integer(1)}, packed.integer(2)});
    }
  std::ranges::sort(places, std::less<>());
  return places;
}

}  // namespace

std::vector<FoundAct> find_acts(Database& database, AccountId account, std::size_t limit, std::optional<Day> until) {
  std::vector<FoundAct> found;
  for (const Place& place : places_of(database, account, until.value_or(Day{INT32_MAX}))) {
    if (found.size() >= limit && (found.empty() || place.day != found.back().day)) break;
    const auto round = find_round(database, place.scenario, place.day, place.round);
    if (!round) continue;
    for_each_act_of(database, *round, account, [&](const SealedAct& act) { found.push_back(found_act(*round, act)); });
  }
  std::stable_sort(found.begin(), found.end(), [](const FoundAct& a, const FoundAct& b) {
    return a.day != b.day ? a.day > b.day : a.started_at > b.started_at;
  });
  if (found.size() > limit) found.resize(limit);
  return found;
}

std::vector<FoundAct> find_record(Database& database, ScenarioId scenario, std::string_view record_id) {
  std::vector<FoundAct> found;
  const auto day = parse_compact_day(record_id.substr(0, id_prefix - 1));
  if (!day || record_id.size() <= id_prefix) return found;
  for (const SealedRound& round : list_rounds(database, scenario, *day, *day))
    for_each_act(database, round, [&](const SealedAct& act) {
      if (act.record_suffix == record_id.substr(id_prefix)) found.push_back(found_act(round, act));
    });
  return found;
}

}  // namespace tanpuhui
