#include "rooms/activity/shell/before.h"

#include <algorithm>
#include <map>

#include "rooms/activity/shell/find_sealed_acts.h"
#include "rooms/activity/shell/frozen_tables.h"

namespace tanpuhui {
namespace {

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
    std::int64_t days = 0;
    for (const MethodologyReference& reference : methodology_.references) days = std::max(days, reference.days);
    if (days > 0) add_rounds(Day{static_cast<std::int32_t>(round_.day.number - days)});
    std::vector<OwnSums> all;
    for (const auto& [identity, sums] : found_) all.push_back({identity, values_of(sums)});
    return all;
  }

 private:
  struct Sum {
    std::int64_t total = 0, days = 0, last_day = 0;
  };
  using Sums = std::vector<Sum>;  // beside the references

  void add_rounds(Day from) {
    std::vector<std::size_t> columns;
    for (const MethodologyReference& reference : methodology_.references)
      columns.push_back(is_sum(reference) ? methodology_.column_of(reference.of) : 0);
    for (const SealedRound& before : list_rounds(database_, round_.scenario, from, round_.day - 1))
      for_each_act(database_, before, [&](const SealedAct& act) {
        if (stands(act.outcome)) add(before.day, act, columns);
      });
  }

  void add(Day day, const SealedAct& act, const std::vector<std::size_t>& columns) {
    read_inputs(database_, act, inputs_);
    const bool by_subject = methodology_.tells_subjects_apart();
    Sums& sums = found_[by_subject ? inputs_[methodology_.field_columns] : act.account.value];
    sums.resize(columns.size());
    for (std::size_t i = 0; i < columns.size(); ++i) {
      const MethodologyReference& reference = methodology_.references[i];
      if (!is_sum(reference) || day.number < round_.day.number - reference.days) continue;
      sums[i].total += inputs_[columns[i]];
      if (sums[i].last_day != day.number) ++sums[i].days;
      sums[i].last_day = day.number;
    }
  }

  std::vector<std::optional<std::int64_t>> values_of(const Sums& sums) const {
    std::vector<std::optional<std::int64_t>> values(sums.size());
    for (std::size_t i = 0; i < sums.size(); ++i) {
      const MethodologyReference& reference = methodology_.references[i];
      const bool fits = sums[i].total >= reference.min && sums[i].total <= reference.max;
      if (is_sum(reference) && sums[i].days == reference.days && fits) values[i] = sums[i].total;
    }
    return values;
  }

  static bool is_sum(const MethodologyReference& reference) { return reference.kind == "own_sum"; }

  Database& database_;
  const Methodology& methodology_;
  const SealRound& round_;
  std::vector<std::int64_t> inputs_;
  std::map<std::int64_t, Sums> found_;
};

void append_values(CborWriter& out, const std::vector<std::optional<std::int64_t>>& values) {
  out.array(values.size());
  for (const auto& value : values) out.array(value ? 1 : 0).integer(value.value_or(0));
}

}  // namespace

bool asks_persons_before(const MethodologySeal& seal) {
  return seal.cap_records_person_month > 0 || seal.cap_reduction_person_day_mg > 0 ||
         seal.cap_reduction_person_month_mg > 0;
}

bool asks_days_before(const Methodology& methodology) {
  return asks_persons_before(methodology.seal) ||
         std::ranges::any_of(methodology.references, [](const auto& reference) { return reference.days > 0; });
}

Day first_of_month(Day day) {
  const Civil civil = civil_of(day);
  return day_of({civil.year, civil.month, 1});
}

std::optional<Tail> find_tail_before(Database& database, ScenarioId scenario, Day day) {
  auto row = database.statement(
      "SELECT day, tail FROM sealed_days WHERE scenario_id = ? AND day < ? ORDER BY day DESC, round DESC LIMIT 1");
  row.bind(scenario.value).bind(day.number);
  if (!row.step()) return std::nullopt;
  const ByteView ends = row.blob(1);
  return Tail{Day{static_cast<std::int32_t>(row.integer(0))}, Bytes(ends.begin(), ends.end())};
}

std::vector<OpenEnd> load_tail_before(Database& database, ScenarioId scenario, Day day, Zone zone) {
  const auto tail = find_tail_before(database, scenario, day);
  return tail ? decode_tail(tail->ends, start_of(day, zone)) : std::vector<OpenEnd>{};
}

std::vector<WithdrawnConsent> load_withdrawals(Database& database, ScenarioId scenario, Instant now) {
  std::vector<WithdrawnConsent> withdrawals;
  auto rows = database.statement(
      "SELECT account_id, from_at, until_at FROM consents WHERE scenario_id = ? AND until_at IS NOT NULL AND "
      "until_at <= ? AND drop_unsealed = 1 ORDER BY account_id, from_at, until_at");
  rows.bind(scenario.value).bind(now.ms);
  while (rows.step())
    withdrawals.push_back({AccountId{rows.integer(0)}, Instant{rows.integer(1)}, Instant{rows.integer(2)}});
  return withdrawals;
}

std::vector<WithdrawnConsent> withdrawals_of(std::span<const WithdrawnConsent> all, Day day, Instant cut, Zone zone) {
  std::vector<WithdrawnConsent> own;
  for (const WithdrawnConsent& consent : all)
    if (consent.until <= cut && consent.from < start_of(day + 1, zone) && consent.until > start_of(day, zone))
      own.push_back(consent);
  return own;
}

Before load_before(Database& database, const Methodology& methodology, const SealRound& round) {
  Before before;
  if (asks_persons_before(methodology.seal)) before.persons = load_persons(database, round);
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
