/// Numbered statements of reductions that left circulation. Those of persons are no rows: persons are shown as totals.
#include <algorithm>
#include <limits>
#include <map>
#include <set>

#include "publications/compilers.h"
#include "publications/suppression.h"
#include "rooms/reduction/purpose.h"
#include "rooms/reduction/shell/find_certificates.h"
#include "rooms/reduction/shell/find_events.h"
#include "rooms/reduction/statement.h"
#include "store/entry_row.h"

namespace tanpuhui {
namespace {

struct UseStatement {
  std::string number;
  StatementContext context;
  Entry entry;
  Milligrams amount;
  bool of_person = false;
};

Entry load_entry(Database& database, EntryId id) {
  auto row = database.statement("SELECT body FROM entries WHERE entry_id = ?");
  row.bind(id.value);
  if (!row.step()) throw Fault(database.path() + ": a statement's entry is missing; run `tanpuhui audit`");
  return read_entry(database, id, row.blob(0));
}

Milligrams taken_out(const Entry& entry) {
  Milligrams sum;
  for (const Leg& leg : entry.posting.legs)
    if (is_final(leg.account)) sum += leg.d_backing_mg + leg.d_free_mg;
  return sum;
}

/// Up to the entry, the oldest first.
std::vector<UseStatement> statements_of(const Compilation& at) {
  Database& database = at.sources.database;
  std::vector<UseStatement> all;
  for (const NumberedStatement& numbered : list_certificates(database, std::numeric_limits<std::int32_t>::max())) {
    if (numbered.entry > at.as_of) continue;
    const auto context = decode_statement(numbered.context);
    if (!context) throw Fault(database.path() + ": statement " + numbered.number + " is damaged; run `tanpuhui audit`");
    UseStatement statement{numbered.number, *context, load_entry(database, numbered.entry), {}, false};
    statement.amount = taken_out(statement.entry);
    statement.of_person = is_person(database, statement.entry.posting.account);
    all.push_back(std::move(statement));
  }
  std::ranges::reverse(all);
  return all;
}

struct Given {
  Milligrams amount;
  PersonGroup persons;
};
using GivenByEvent = std::map<std::string, Given>;  ///< by what statements call it

GivenByEvent given_by_event(const std::vector<UseStatement>& statements, int group_min) {
  GivenByEvent all;
  for (const UseStatement& statement : statements) {
    if (!is_for_event(statement.context.purpose_id)) continue;
    Given& given = all.try_emplace(statement.context.beneficiary, Given{{}, PersonGroup(group_min)}).first->second;
    given.amount += statement.amount;
    if (statement.of_person) given.persons.add(statement.entry.posting.account);
  }
  return all;
}

std::string titles_of(const Event& event) { return event.title_zh + " / " + event.title_en; }

/// What statements call the event that a case names by its id or a title; empty when none is recorded, or two that
/// statements cannot tell apart.
std::string event_of(const Case& matter, const std::vector<Event>& events) {
  const std::string named = matter.field("event");
  const auto found = std::ranges::find_if(
      events, [&](const Event& e) { return named == e.id || named == e.title_zh || named == e.title_en; });
  if (found == events.end() || std::ranges::count(events, titles_of(*found), titles_of) > 1) return "";
  return titles_of(*found);
}

/// Whether the amounts of these events may be shown: what all others were given is no secret of a few. Their sum is
/// among the monthly figures.
bool may_show_events(const GivenByEvent& given, const std::set<std::string>& shown, int group_min) {
  PersonGroup rest(group_min);
  for (const auto& [event, amount] : given)
    if (!shown.contains(event) || amount.persons.few()) rest.add(amount.persons);
  return !rest.few();
}

}  // namespace

Result<Rows> compile_retirements(const Compilation& at) {
  Rows rows;
  for (const UseStatement& statement : statements_of(at)) {
    if (statement.of_person) continue;
    Row row;
    row["number"] = statement.number;
    row["purpose"] = statement.context.purpose_id;
    row["beneficiary"] = statement.context.beneficiary;
    row["amount_t"] = Value(statement.amount);
    row["retired_on"] = format_day(statement.entry.occurred_on);
    row["state"] = std::string(statement.entry.kind == EntryKind::cancel ? "cancelled" : "retired");
    rows.push_back(std::move(row));
  }
  return rows;
}

Result<Rows> compile_neutrality_certificates(const Compilation& at) {
  const GivenByEvent given = given_by_event(statements_of(at), at.group_min());
  const std::vector<Event> events = list_events(at.sources.database);
  std::vector<StoredCase> certified = cases_of(at, "neutrality");
  std::erase_if(certified, [](const StoredCase& stored) { return first_entry(stored.matter, "certified") == nullptr; });
  std::set<std::string> shown;
  for (const StoredCase& stored : certified) shown.insert(event_of(stored.matter, events));
  const bool may_show = may_show_events(given, shown, at.group_min());
  Rows rows;
  for (const StoredCase& stored : certified) {
    const Case& matter = stored.matter;
    const auto found = given.find(event_of(matter, events));
    Row row;
    row["number"] = std::to_string(stored.number);
    row["organiser"] = applicant_of(matter);
    for (const char* field : {"event", "held_on", "emission_t"}) row[field] = field_of(matter, field);
    row["covered_by"] = Cell();
    if (found != given.end())
      row["covered_by"] = may_show && !found->second.persons.few() ? Value(found->second.amount) : Value(Suppressed{});
    row["state"] = matter.state;
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace tanpuhui
