#include "rooms/activity/shell/before.h"

#include <map>

#include "base/fault.h"

namespace tanpuhui {
namespace {

using Persons = std::map<AccountId, PersonBefore>;

bool asks_caps(const MethodologySeal& seal) {
  return seal.cap_records_person_month > 0 || seal.cap_reduction_person_day_mg > 0 ||
         seal.cap_reduction_person_month_mg > 0;
}

Day first_of_month(Day day) {
  const Civil civil = civil_of(day);
  return day_of({civil.year, civil.month, 1});
}

PersonBefore& person(Persons& persons, AccountId account, std::size_t references) {
  PersonBefore& found = persons[account];
  found.account = account;
  found.references.resize(references);
  return found;
}

// The month up to the day, and the day's own earlier rounds.
void add_month(Database& database, const SealRound& round, std::size_t references, Persons& persons) {
  auto rows = database.statement(
      "SELECT account_id, day, count(*), sum(reduction_mg) FROM sealed_acts WHERE scenario_id = ? AND day BETWEEN ? "
      "AND "
      "? AND (day < ? OR round < ?) AND outcome = ? GROUP BY account_id, day");
  rows.bind(round.scenario.value).bind(first_of_month(round.day).number).bind(round.day.number);
  rows.bind(round.day.number).bind(round.round).bind(slot(Outcome::accepted));
  while (rows.step()) {
    PersonBefore& found = person(persons, AccountId{rows.integer(0)}, references);
    found.month_records += rows.integer(2);
    found.month_reduction_mg += rows.integer(3);
    if (rows.integer(1) == round.day.number) found.day_reduction_mg += rows.integer(3);
  }
}

std::size_t column_of(const Methodology& methodology, const std::string& field) {
  for (std::size_t i = 0; i < methodology.field_columns; ++i)
    if (methodology.columns[i].name == field) return i;
  raise_defect("a reference sums a field of the methodology", __FILE__, __LINE__);
}

// Sum of a field over the days before; a person who lacks one of them gets no value. A day that had no reference of its
// own counts: else there would never be a first one.
void add_own_sum(Database& database, const Methodology& methodology, const SealRound& round, std::size_t number,
                 Persons& persons) {
  const MethodologyReference& reference = methodology.references[number];
  const std::size_t column = column_of(methodology, reference.of);
  std::vector<std::int64_t> inputs(methodology.column_count() - 1);
  struct Sum {
    std::int64_t total = 0, days = 0, last_day = 0;
  };
  std::map<AccountId, Sum> sums;
  auto rows = database.scan(
      "SELECT account_id, day, inputs FROM sealed_acts WHERE scenario_id = ? AND day BETWEEN ? AND ? AND outcome IN "
      "(?, ?) ORDER BY day");
  rows.bind(round.scenario.value).bind(round.day.number - reference.days).bind(round.day.number - 1);
  rows.bind(slot(Outcome::accepted)).bind(slot(Outcome::reference_missing));
  while (rows.step()) {
    if (!read_fields(rows.blob(2), inputs)) throw Fault(database.path() + ": sealed_acts.inputs cannot be read");
    Sum& sum = sums[AccountId{rows.integer(0)}];
    sum.total += inputs[column];
    if (sum.last_day != rows.integer(1)) ++sum.days;
    sum.last_day = rows.integer(1);
  }
  for (const auto& [account, sum] : sums) {
    PersonBefore& found = person(persons, account, methodology.references.size());
    const bool fits = sum.total >= reference.min && sum.total <= reference.max;
    if (sum.days == reference.days && fits) found.references[number] = sum.total;
  }
}

}  // namespace

std::vector<PersonBefore> load_before(Database& database, const Methodology& methodology, const SealRound& round) {
  Persons persons;
  if (asks_caps(methodology.seal)) add_month(database, round, methodology.references.size(), persons);
  for (std::size_t i = 0; i < methodology.references.size(); ++i)
    if (methodology.references[i].kind == "own_sum") add_own_sum(database, methodology, round, i, persons);
  std::vector<PersonBefore> before;
  before.reserve(persons.size());
  for (auto& [account, found] : persons) before.push_back(std::move(found));
  return before;
}

void append_before(CborWriter& out, const PersonBefore& person) {
  out.integer(person.account.value).integer(person.month_records).integer(person.month_reduction_mg);
  out.integer(person.day_reduction_mg).array(person.references.size());
  for (const auto& value : person.references) out.array(value ? 1 : 0).integer(value.value_or(0));
}

}  // namespace tanpuhui
