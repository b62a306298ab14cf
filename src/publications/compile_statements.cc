/// Numbered statements of reductions that left circulation. Those of persons are no rows: persons are shown as totals.
#include <algorithm>
#include <limits>

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

bool is_person(Database& database, AccountId account) {
  auto row = database.statement("SELECT kind FROM accounts_register WHERE account_id = ?");
  row.bind(account.value);
  return !row.step() || row.integer(0) == static_cast<int>(AccountKind::person);
}

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

/// What was given to an event; unknown while nothing was.
Cell given_to(const std::string& event, const std::vector<UseStatement>& statements, const std::vector<Event>& events,
              int group_min) {
  const auto named = std::ranges::find_if(
      events, [&](const Event& e) { return event == e.id || event == e.title_zh || event == e.title_en; });
  if (named == events.end()) return {};
  Milligrams sum;
  PersonGroup persons(group_min);
  for (const UseStatement& statement : statements) {
    if (!is_for_event(statement.context.purpose_id) || statement.context.beneficiary != named->id) continue;
    sum += statement.amount;
    if (statement.of_person) persons.add(statement.entry.posting.account);
  }
  if (persons.few()) return Value(Suppressed{});
  return sum == Milligrams() ? Cell() : Cell(Value(sum));
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
  const std::vector<UseStatement> statements = statements_of(at);
  const std::vector<Event> events = list_events(at.sources.database);
  Rows rows;
  for (const StoredCase& stored : cases_of(at, "neutrality")) {
    const Case& matter = stored.matter;
    if (first_entry(matter, "certified") == nullptr) continue;
    Row row;
    row["number"] = std::to_string(stored.number);
    row["organiser"] = applicant_of(matter);
    row["event"] = field_of(matter, "event");
    row["held_on"] = field_of(matter, "held_on");
    row["emission_t"] = field_of(matter, "emission_t");
    row["covered_by"] = given_to(matter.field("event"), statements, events, at.group_min());
    row["state"] = matter.state;
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace tanpuhui
