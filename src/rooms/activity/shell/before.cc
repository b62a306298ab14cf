#include "rooms/activity/shell/before.h"

#include <algorithm>
#include <map>

#include "base/fault.h"
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
  std::vector<PersonBefore> persons;
  auto rows = database.statement(
      "SELECT account_id, day, count(*), CAST(sum(reduction_mg) AS BIGINT) FROM sealed_acts WHERE scenario_id = ? AND "
      "day BETWEEN ? AND ? AND (day < ? OR round < ?) AND outcome = ? GROUP BY account_id, day ORDER BY account_id");
  rows.bind(round.scenario.value).bind(first_of_month(round.day).number).bind(round.day.number);
  rows.bind(round.day.number).bind(round.round).bind(slot(Outcome::accepted));
  while (rows.step()) {
    const AccountId account{rows.integer(0)};
    if (persons.empty() || persons.back().account != account) persons.push_back({account, 0, 0, 0});
    PersonBefore& found = persons.back();
    found.month_records += rows.integer(2);
    found.month_reduction_mg += rows.integer(3);
    if (rows.integer(1) == round.day.number) found.day_reduction_mg += rows.integer(3);
  }
  return persons;
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
    auto rows = database_.scan(
        "SELECT account_id, day, inputs FROM sealed_acts WHERE scenario_id = ? AND day BETWEEN ? AND ? AND outcome IN "
        "(?, ?) ORDER BY day");
    rows.bind(round_.scenario.value).bind(round_.day.number - reference.days).bind(round_.day.number - 1);
    rows.bind(slot(Outcome::accepted)).bind(slot(Outcome::reference_missing));
    while (rows.step()) {
      if (!read_fields(rows.blob(2), inputs_)) throw Fault(database_.path() + ": sealed_acts.inputs cannot be read");
      const bool by_subject = methodology_.tells_subjects_apart();
      Sum& sum = sums[by_subject ? inputs_[methodology_.field_columns] : rows.integer(0)];
      sum.total += inputs_[column];
      if (sum.last_day != rows.integer(1)) ++sum.days;
      sum.last_day = rows.integer(1);
    }
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
