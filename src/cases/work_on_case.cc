#include "cases/work_on_case.h"

#include <variant>

#include "base/cbor.h"
#include "base/check.h"
#include "crypto/hash.h"

namespace tanpuhui {
namespace {

Refusal no_such_procedure(const Office& office, const std::string& procedure) {
  std::string known;
  for (const ProcedureRule& rule : office.book.procedures)
    if (office.book.applies_on(rule, office.today())) known += (known.empty() ? "" : ", ") + rule.id;
  return refuse("PRO-01", office.book.name)
      .because("procedure", procedure)
      .says("规则库没有此程序：" + procedure, "the rulebook has no such procedure: " + procedure)
      .mend("可选程序：" + known, "choose one of: " + known);
}

Refusal no_such_case(std::int64_t number) {
  return refuse("PRO-01")
      .because("case", std::to_string(number))
      .says("没有此案件：" + std::to_string(number), "there is no case " + std::to_string(number))
      .mend("核对案件编号", "look the number up in the list of cases");
}

Refusal nobody() {
  return refuse("ACC-01")
      .says("须写明申请人或其单位", "an applicant is a person or a unit")
      .mend("填写申请人", "name the applicant");
}

Digest digest_of(const CaseOpening& opening) {
  CborWriter out;
  out.array(5).text(opening.procedure).text(opening.applicant.person).text(opening.applicant.unit);
  out.text(opening.applicant.kind).integer(opening.about.value_or(0));
  return sha256(out.result());
}

/// What is asked, so that the same command with another request is told apart.
Digest digest_of(std::int64_t number, const StepRequest& request) {
  CaseAct asked;
  asked.person = request.actor.person;
  asked.unit = request.actor.unit;
  asked.role = request.role;
  asked.action = request.action;
  asked.reason = request.reason;
  asked.fields = request.fields;
  asked.vote = request.vote;
  for (const auto& [kind, digest] : request.documents) asked.documents[kind] = {0, digest};
  CborWriter out;
  out.array(2).integer(number).bytes(encode_act(asked));
  return sha256(out.result());
}

void insert_case(Database& store, EntryId entry, const CaseOpening& opening, const std::string& state, Instant now) {
  auto insert = store.statement(
      "INSERT INTO cases(case_id, procedure, starts, state, person, unit, kind, about, acts, opened_at) VALUES (?, ?, "
      "?, "
      "?, ?, ?, ?, ?, 0, ?)");
  insert.bind(entry.value).bind(opening.procedure).bind(state).bind(state).bind(opening.applicant.person);
  insert.bind(opening.applicant.unit).bind(opening.applicant.kind).bind(opening.about).bind(now.ms).run();
}

// The condition on `acts` makes a step that another one overtook be decided again.
void save_step(Database& store, EntryId entry, const StoredCase& stored, const CaseAct& act, const Files& files) {
  const auto acts = std::ssize(stored.matter.history);
  auto move = store.statement("UPDATE cases SET state = ?, acts = ? WHERE case_id = ? AND acts = ?");
  move.bind(act.to).bind(acts + 1).bind(stored.number).bind(acts).queue(1);
  auto insert = store.statement("INSERT INTO case_acts(case_id, n, entry_id, body) VALUES (?, ?, ?, ?)");
  insert.bind(stored.number).bind(acts).bind(entry.value).bind(encode_act(act)).run();
  for (const auto& [kind, document] : act.documents) {
    auto keep = store.statement("INSERT INTO documents(digest, bytes) VALUES (?, ?) ON CONFLICT (digest) DO NOTHING");
    keep.bind(ByteView(document.digest)).bind(files.at(kind)).run();
  }
}

CaseAct stored_act(Database& database, std::int64_t number, EntryId entry) {
  auto row = database.statement("SELECT body FROM case_acts WHERE case_id = ? AND entry_id = ?");
  row.bind(number).bind(entry.value);
  const auto act = row.step() ? decode_act(row.blob(0)) : std::nullopt;
  TANPUHUI_REQUIRE(act, "a step that was answered is stored");
  return *act;
}

bool is_listed(Database& database, const std::string& list, const std::string& word) {
  auto row = database.statement("SELECT 1 FROM listings WHERE list = ? AND word = ?");
  return row.bind(list).bind(word).step();
}

}  // namespace

Result<std::int64_t> open_case(const Office& office, const CaseOpening& opening, CommandId id) {
  const ProcedureRule* procedure = office.book.find(office.book.procedures, opening.procedure, office.today());
  if (procedure == nullptr) return no_such_procedure(office, opening.procedure);
  if (opening.applicant.person.empty() && opening.applicant.unit.empty()) return office.on_its_basis(nobody());
  if (opening.about && !find_related(office.database, std::to_string(*opening.about)))
    return office.on_its_basis(no_such_case(*opening.about));
  Entry entry = office.entry(EntryKind::register_act, "applicant", procedure->basis);
  entry.notes = {{1, opening.procedure}};
  TANPUHUI_TRY(const EntryId number,
               office.register_act(id, digest_of(opening), std::move(entry), [&](Database& store, EntryId made) {
                 insert_case(store, made, opening, procedure->starts, office.now);
               }));
  return number.value;
}

Result<CaseStep> take_step(const Office& office, const Calendar& calendar, std::int64_t number, StepRequest request,
                           const Files& files, CommandId id) {
  for (const auto& [kind, bytes] : files) request.documents[kind] = sha256(bytes);
  std::optional<CaseStep> taken;
  const auto decide = [&](const AccountState&) -> Result<Decided> {
    const auto stored = find_case(office.database, number);
    if (!stored) return no_such_case(number);
    const CaseFacts facts = find_facts(office.database, office.book, *stored, request.fields);
    TANPUHUI_TRY(CaseStep step, decide_step(office.book, calendar, stored->matter, facts, request, office.now));
    taken = step;
    Entry entry = office.entry(EntryKind::register_act, step.act.role, step.act.basis);
    entry.notes = {{note_case_of_step, std::to_string(number)}, {note_action_of_step, step.act.action}};
    entry.document_digest = sha256(encode_act(step.act));
    return Decided{std::move(entry), [stored = *stored, step = std::move(step), &files](Database& store, EntryId made) {
                     save_step(store, made, stored, step.act, files);
                   }};
  };
  const Command command = office.command(id, system_account(SystemAccount::issued), digest_of(number, request), decide);
  TANPUHUI_TRY(const EntryId entry, office.carry_out(command));
  if (taken) return *taken;
  return CaseStep{stored_act(office.database, number, entry), {}, {}};  // it was taken before: the same answer
}

CaseFacts find_facts(Database& database, const Rulebook& book, const StoredCase& stored,
                     const std::map<std::string, std::string>& more_fields) {
  std::map<std::string, std::string> fields = stored.matter.fields;
  for (const auto& [field, text] : more_fields) fields[field] = text;
  CaseFacts facts;
  for (const GuardRule& guard : book.guards) {
    if (const auto* named = std::get_if<FieldNamesCase>(&guard.test); named && !fields[named->field].empty())
      if (const auto related = find_related(database, fields[named->field])) facts.linked[named->field] = *related;
    if (const auto* listed = std::get_if<FieldNotListed>(&guard.test))
      if (is_listed(database, listed->list, fields[listed->field]))
        facts.lists[listed->list].insert(fields[listed->field]);
  }
  facts.about = find_cases_about(database, stored.number);
  auto rows = database.statement("SELECT person FROM case_conflicts WHERE case_id = ?");
  rows.bind(stored.number);
  while (rows.step()) facts.conflicts.insert(std::string(rows.text(0)));
  return facts;
}

Result<EntryId> record_conflict(const Office& office, std::int64_t number, const std::string& person, CommandId id) {
  if (!find_related(office.database, std::to_string(number))) return office.on_its_basis(no_such_case(number));
  CborWriter content;
  content.array(2).integer(number).text(person);
  Entry entry = office.entry(EntryKind::register_act, "operator", office.book.basis_of("VER-01"));
  entry.notes = {{1, std::to_string(number)}, {2, "conflict"}};
  return office.register_act(id, sha256(content.result()), std::move(entry), [=](Database& store, EntryId) {
    auto insert = store.statement("INSERT INTO case_conflicts(case_id, person) VALUES (?, ?) ON CONFLICT DO NOTHING");
    insert.bind(number).bind(person).run();
  });
}

Result<EntryId> record_listing(const Office& office, const std::string& list, const std::string& word, CommandId id) {
  CborWriter content;
  content.array(2).text(list).text(word);
  const Digest digest = sha256(content.result());
  Entry entry = office.entry(EntryKind::register_act, "operator", office.book.name);
  entry.notes = {{1, list}, {2, to_hex(digest)}};
  return office.register_act(id, digest, std::move(entry), [=](Database& store, EntryId) {
    auto insert = store.statement("INSERT INTO listings(list, word) VALUES (?, ?) ON CONFLICT DO NOTHING");
    insert.bind(list).bind(word).run();
  });
}

}  // namespace tanpuhui
