#include "cases/work_on_case.h"

#include <set>
#include <variant>

#include "base/cbor.h"
#include "base/check.h"
#include "base/words.h"
#include "cases/conflicts.h"
#include "cases/lapse.h"
#include "cases/listings.h"
#include "cases/standings.h"
#include "cases/store_step.h"
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

void insert_case(Database& store, EntryId entry, const CaseOpening& opening, const std::string& state, Instant now) {
  auto insert = store.statement(
      "INSERT INTO cases(case_id, procedure, starts, state, person, unit, kind, about, acts, opened_at) VALUES (?, ?, "
      "?, "
      "?, ?, ?, ?, ?, 0, ?)");
  insert.bind(entry.value).bind(opening.procedure).bind(state).bind(state).bind(opening.applicant.person);
  insert.bind(opening.applicant.unit).bind(opening.applicant.kind).bind(opening.about).bind(now.ms).run();
}

std::set<std::string> measures_against(Database& database, const Applicant& applicant, Day today) {
  std::set<std::string> measures;
  for (const std::string& name : {applicant.person, applicant.unit})
    if (const auto sanction = standing_now(database, sanction_thing, name, today); sanction && !name.empty())
      measures.insert(sanction->detail);
  return measures;
}

void add_vouched(Database& database, std::int64_t number, CaseFacts& facts) {
  auto rows = database.statement("SELECT fact FROM case_facts WHERE case_id = ?");
  rows.bind(number);
  while (rows.step()) facts.said.insert(std::string(rows.text(0)));
}

/// Those that an action of the case's state needs; with an action, only that one's.
std::set<const GuardRule*> guards_asked(const Rulebook& book, const Case& matter, const std::string& asked, Day today) {
  std::set<const GuardRule*> guards;
  for (const ActionRule& action : book.actions) {
    if (action.procedure != matter.procedure || !is_one_of(action.when, matter.state)) continue;
    if (!asked.empty() && action.id != asked) continue;
    for (const auto& asks : {action.needs, action.lapses})
      for (const std::string& id : asks)
        if (const GuardRule* guard = book.find(book.guards, id, today)) guards.insert(guard);
  }
  return guards;
}

const GuardRule* find_guard_of_fact(const Rulebook& book, const std::string& procedure, const std::string& fact,
                                    Day today) {
  for (const ActionRule& action : book.actions)
    if (action.procedure == procedure)
      for (const std::string& need : action.needs) {
        const GuardRule* guard = book.find(book.guards, need, today);
        const auto* said = guard == nullptr ? nullptr : std::get_if<FactSaid>(&guard->test);
        if (said != nullptr && said->fact == fact) return guard;
      }
  return nullptr;
}

Refusal not_to_be_vouched(const std::string& fact) {
  return refuse("PRO-01")
      .because("fact", fact)
      .says("此事项不由人员证明：" + fact, "nobody is asked to vouch for this: " + fact)
      .mend("查看案件各操作的条件；平台自行核对的事项无须证明",
            "look at the conditions of the case's actions; what the platform finds out by itself needs no voucher");
}

Refusal no_officer(const std::string& person) {
  return refuse("PRO-02")
      .because("person", person)
      .says("只有登记的工作人员可以证明：" + person, "only a recorded officer can vouch: " + person)
      .mend("由工作人员办理，或先登记其角色", "let an officer do it, or record the role first");
}

Refusal no_proof() {
  return refuse("PRO-03")
      .says("须附证明材料", "the proof must be attached")
      .mend("附上证明文件", "attach the paper that proves it");
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

Result<CaseStep> take_step(const CaseOffice& at, std::int64_t number, StepRequest request, const Files& files,
                           CommandId id) {
  const Office& office = at.office;
  TANPUHUI_TRY(CaseStep step, store_step(at.office, at.rooms, number, std::move(request), files, id,
                                         [&](const StoredCase& stored, const StepRequest& asked) -> Result<CaseStep> {
                                           const CaseFacts facts = find_facts(at.ground(), stored, asked);
                                           return decide_step(office.book, at.calendar, stored.matter, facts, asked,
                                                              office.now);
                                         }));
  TANPUHUI_TRY([[maybe_unused]] const auto lapsed, take_lapse(at, number));
  return step;
}

CaseFacts find_facts(const FactGround& at, const StoredCase& stored, const StepRequest& request) {
  Database& database = at.database;
  StoredCase asked = stored;
  std::map<std::string, std::string>& fields = asked.matter.fields;
  for (const auto& [field, text] : request.fields) fields[field] = text;
  CaseFacts facts;
  for (const GuardRule* guard : guards_asked(at.book, stored.matter, request.action, at.today)) {
    if (const auto* named = std::get_if<FieldNamesCase>(&guard->test); named && !fields[named->field].empty())
      if (const auto related = find_related(database, fields[named->field])) facts.linked[named->field] = *related;
    if (const auto* listed = std::get_if<FieldNotListed>(&guard->test))
      if (is_listed(database, listed->list, fields[listed->field], stored.number))
        facts.lists[listed->list].insert(fields[listed->field]);
    if (std::holds_alternative<ApplicantFree>(guard->test))
      facts.lists[sanctions_list] = measures_against(database, stored.matter.applicant, at.today);
    if (const auto* said = std::get_if<FactSaid>(&guard->test)) {
      const auto finder = at.rooms.facts.find(said->fact);
      if (finder != at.rooms.facts.end() && finder->second({database, at.book, asked, request, at.calendar, at.today}))
        facts.said.insert(said->fact);
    }
  }
  add_vouched(database, stored.number, facts);
  facts.about = find_cases_about(database, stored.number);
  facts.conflicts = find_conflicts(database, stored.number);
  return facts;
}

Result<EntryId> vouch_for(const CaseOffice& at, std::int64_t number, const std::string& fact, const Actor& actor,
                          const Bytes& proof, CommandId id) {
  const Office& office = at.office;
  const auto stored = find_case(office.database, number);
  if (!stored) return office.on_its_basis(no_such_case(number));
  const GuardRule* guard = find_guard_of_fact(office.book, stored->matter.procedure, fact, office.today());
  if (guard == nullptr || at.rooms.facts.contains(fact)) return office.on_its_basis(not_to_be_vouched(fact));
  const std::string role = scheme_role_of(office.book, actor, office.today());
  if (role.empty()) return office.on_its_basis(no_officer(actor.person));
  if (proof.empty()) return office.on_its_basis(no_proof());
  Entry entry = office.entry(EntryKind::register_act, role, guard->basis);
  entry.notes = {{1, std::to_string(number)}, {2, fact}};
  entry.document_digest = sha256(proof);
  CborWriter content;
  content.array(3).integer(number).text(fact).bytes(*entry.document_digest);
  return office.register_act(
      id, sha256(content.result()), std::move(entry), [&, digest = sha256(proof)](Database& store, EntryId made) {
        auto insert =
            store.statement("INSERT INTO case_facts(case_id, fact, entry_id) VALUES (?, ?, ?) ON CONFLICT DO NOTHING");
        insert.bind(number).bind(fact).bind(made.value).run();
        keep_document(store, digest, proof);
      });
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

}  // namespace tanpuhui
