#include "cases/open_filled.h"

#include <algorithm>

#include "base/cbor.h"
#include "crypto/hash.h"

namespace tanpuhui {
namespace {

/// The first role in which the person acts for the scheme; empty when there is none.
std::string scheme_role(const Office& office, const Actor& actor) {
  for (const RoleRule& role : office.book.roles)
    if (role.acts_for_scheme() && office.book.applies_on(role, office.today()) && actor.roles.contains(role.id))
      return role.id;
  return "";
}

Refusal no_officer(const Actor& actor, const std::string& basis) {
  return refuse("PRO-02", basis)
      .because("person", actor.person)
      .says("此人今日没有管理角色：" + actor.person, actor.person + " holds no role of the scheme today")
      .mend("先登记其角色，或由有角色的人员办理", "record the role first, or let somebody do it who holds one");
}

// Of the same command always the same, and nobody else's.
CommandId second_id(const CommandId& id) {
  constexpr std::size_t time_bytes = 6;
  const Digest digest = sha256(CborWriter().array(2).text("tph/first-act").bytes(id.bytes).result());
  CommandId second = id;
  std::copy_n(digest.begin(), second.bytes.size() - time_bytes, second.bytes.begin() + time_bytes);
  return second;
}

void save_act(Database& store, EntryId entry, std::int64_t number, const CaseAct& act, const Files& files) {
  store.statement("UPDATE cases SET acts = 1 WHERE case_id = ? AND acts = 0").bind(number).queue(1);
  auto insert = store.statement("INSERT INTO case_acts(case_id, n, entry_id, body) VALUES (?, 0, ?, ?)");
  insert.bind(number).bind(entry.value).bind(encode_act(act)).run();
  for (const auto& [kind, document] : act.documents) {
    auto keep = store.statement("INSERT INTO documents(digest, bytes) VALUES (?, ?) ON CONFLICT (digest) DO NOTHING");
    keep.bind(ByteView(document.digest)).bind(files.at(kind)).run();
  }
}

Digest digest_of(CaseAct act) {
  act.at = {};  // when it is sent again, time has passed
  return sha256(encode_act(act));
}

}  // namespace

Result<std::int64_t> open_filled_case(const Office& office, const CaseOpening& opening, const FirstAct& first,
                                      const Files& files, CommandId id) {
  const ProcedureRule* procedure = office.book.find(office.book.procedures, opening.procedure, office.today());
  CaseAct act;
  act.role = scheme_role(office, first.actor);
  if (act.role.empty()) return no_officer(first.actor, procedure == nullptr ? office.book.name : procedure->basis);
  TANPUHUI_TRY(const std::int64_t number, open_case(office, opening, id));
  act.person = first.actor.person;
  act.unit = first.actor.unit;
  act.action = first.action;
  act.from = act.to = procedure->starts;
  act.at = office.now;
  act.fields = first.fields;
  act.basis = procedure->basis;
  for (const auto& [kind, bytes] : files) act.documents[kind] = {1, sha256(bytes)};
  Entry entry = office.entry(EntryKind::register_act, act.role, act.basis);
  entry.notes = {{note_case_of_step, std::to_string(number)}, {note_action_of_step, act.action}};
  entry.document_digest = sha256(encode_act(act));
  TANPUHUI_TRY([[maybe_unused]] const EntryId made,
               office.register_act(second_id(id), digest_of(act), std::move(entry),
                                   [&](Database& store, EntryId own) { save_act(store, own, number, act, files); }));
  return number;
}

}  // namespace tanpuhui
