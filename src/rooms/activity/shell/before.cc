#include "rooms/activity/shell/before.h"

#include <algorithm>
#include <map>

#include "rooms/activity/shell/find_sealed_acts.h"
#include "rooms/activity/shell/frozen_tables.h"

namespace tanpuhui {
namespace {

bool asks_caps(const MethodologySeal& seal) {
  return seal.cap_records_person_month > 0 || seal.cap_reduction_person_day_mg > 0 ||
         seal.cap_reduction_person_month_mg > 0;
}

Day first_of_month(Day day) {
  const Civil civil = civil_of(day);
  return day_of({civil.year, civil.month, 1});
}

// The month up to the day, and the day's own earlier rounds.
std::vector<PersonBefore> load_persons(Database& database, const SealRound& round) {
  std::map<std::int64_t, PersonBefore> persons;
  for (const SealedRound& before : list_rounds(database, round.scenario, first_of_month(round.day), round.day)) {
    if (before.day == round.day && before.round >= round.round) continue;
    for_each_act(database, before, [&](const SealedAct& act) {
      if (act.outcome != Outcome::accepted) return;
      PersonBefore& found = persons.try_emplace(act.account.value, PersonBefore{act.account, 0, 0, 0}).first->second;
      ++found.month_records;
      found.month_reduction_mg += act.reduction_mg;
      if (before.day == round.day) found.day_reduction_mg += act.reduction_mg;
    });
  }
  std::vector<PersonBefore> sorted;
  for (const auto& [account, person] : persons) sorted.push_back(person);
  return sorted;
}

// Sums of fields over the days before; an identity that lacks one of them gets no value. A day that had no reference of
// its own counts: else there would never be a first one.
class SumsBefore {
 public:
  SumsBefore(Database& database, const Methodology& methodology, const SealRound& round)
      : database_(database), methodology_(methodology), round_(round), inputs_(methodology.sealed_columns()) {}

  std::vector<OwnSums> run() {
    for (std::size_t number = 0; number < methodology_.references.size(); ++number)
      if (methodology_.references[number].kind == "own_sum") add(number);
    std::vector<OwnSums> sums;
    for (auto& [identity, values] : found_) sums.push_back({identity, std::move(values)});
    return sums;
  }

 private:
  struct Sum {
    std::int64_t total = 0, days = 0, last_day = 0;
  };

  void add(std::size_t number) {
    const MethodologyReference& reference = methodology_.references[number];
    const std::size_t column = methodology_.column_of(reference.of);
    std::map<std::int64_t, Sum> sums;
    const Day from{static_cast<std::int32_t>(round_.day.number - reference.days)};
    for (const SealedRound& before : list_rounds(database_, round_.scenario, from, round_.day - 1))
      for_each_act(database_, before, [&](const SealedAct& act) {
        if (!stands(act.outcome)) return;
        read_inputs(database_, act, inputs_);
        const bool by_subject = methodology_.tells_subjects_apart();
        Sum& sum = sums[by_subject ? inputs_[methodology_.field_columns] : act.account.value];
        sum.total += inputs_[column];
        if (sum.last_day != before.day.number) ++sum.days;
        sum.last_day = before.day.number;
      });
    for (const auto& [identity, sum] : sums) {
      auto& values = found_[identity];
      values.resize(methodology_.references.size());
      const bool fits = sum.total >= reference.min && sum.total <= reference.max;
      if (sum.days == reference.days && fits) values[number] = sum.total;
    }
  }

  Database& database_;
  const Methodology& methodology_;
  const SealRound& round_;
  std::vector<std::int64_t> inputs_;
  std::map<std::int64_t, std::vector<std::optional<std::int64_t>>> found_;
};

void append_values(CborWriter& out, const std::vector<std::optional<std::int64_t>>& values) {
  out.array(values.size());
  for (const auto& value : values) out.array(value ? 1 : 0).integer(value.value_or(0));
}

}  // namespace

Before load_before(Database& database, const Methodology& methodology, const SealRound& round) {
  Before before;
  if (asks_caps(methodology.seal)) before.persons = load_persons(database, round);
  before.sums = SumsBefore(database, methodology, round).run();
  const auto frozen = [](const MethodologyReference& reference) { return reference.kind == "frozen"; };
  if (std::ranges::any_of(methodology.references, frozen))
    before.frozen = figures_on(round.day, list_frozen_tables(database, round.scenario), methodology);
  return before;
}

void append_before(CborWriter& out, const Before& before) {
  for (const PersonBefore& person : before.persons)
    out.integer(person.account.value).integer(person.month_records).integer(person.month_reduction_mg),
        out.integer(person.day_reduction_mg);
  out.text("sums");
  for (const OwnSums& sums : before.sums) out.integer(sums.identity), append_values(out, sums.values);
  out.text("frozen");
  for (const FrozenFigures& figures : before.frozen) append_values(out, figures);
}

}  // namespace tanpuhui
