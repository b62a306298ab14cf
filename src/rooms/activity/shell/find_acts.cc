#include "rooms/activity/shell/find_acts.h"

#include <algorithm>
#include <tuple>

#include "rooms/activity/shell/find_sealed_acts.h"

namespace tanpuhui {
namespace {

constexpr std::size_t id_prefix = 9;  // 20250131-

FoundAct found_act(const SealedRound& round, const SealedAct& act) {
  return {round.scenario,
          round.day,
          round.round,
          act.n,
          format_compact_day(round.day) + "-" + std::string(act.record_suffix),
          act.started_at,
          act.duration_ms,
          act.revision,
          act.outcome,
          Bytes(act.inputs.begin(), act.inputs.end()),
          Milligrams(act.reduction_mg),
          round.batch};
}

}  // namespace

std::vector<FoundAct> find_acts(Database& database, AccountId account, std::size_t limit, std::optional<Day> until) {
  const std::vector<SealedRound> rounds = list_rounds(database, account, until.value_or(Day{INT32_MAX}));
  std::vector<FoundAct> found;
  // Half as many days as acts are wanted: few questions, and few segments opened in vain.
  for (auto next = rounds.begin(); next != rounds.end() && found.size() < limit;) {
    auto end = next + std::min<std::ptrdiff_t>(rounds.end() - next, (limit - found.size() + 1) / 2);
    while (end != rounds.end() && end->day == (end - 1)->day) ++end;  // a day is read as a whole
    for_each_act_of(database, {next, end}, account,
                    [&](const SealedRound& round, const SealedAct& act) { found.push_back(found_act(round, act)); });
    next = end;
  }
  std::ranges::sort(found, std::less<>(), [](const FoundAct& act) {
    return std::tuple(-act.day.number, -act.started_at.ms, act.scenario.value, act.round, act.n);
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
