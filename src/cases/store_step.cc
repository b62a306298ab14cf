#include "cases/store_step.h"

#include "base/cbor.h"
#include "base/check.h"
#include "crypto/hash.h"

namespace tanpuhui {
namespace {

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

// The condition on `acts` makes a step that another one overtook be decided again.
void save_step(Database& store, EntryId entry, const StoredCase& stored, const CaseAct& act, const Files& files) {
  const auto acts = std::ssize(stored.matter.history);
  const auto filled = act.fields.find(region_field);
  const std::string region = filled == act.fields.end() ? stored.matter.field(region_field) : filled->second;
  auto move = store.statement("UPDATE cases SET state = ?, region = ?, acts = ? WHERE case_id = ? AND acts = ?");
  move.bind(act.to).bind(region).bind(acts + 1).bind(stored.number).bind(acts).queue(1);
  auto insert = store.statement("INSERT INTO case_acts(case_id, n, entry_id, body) VALUES (?, ?, ?, ?)");
  insert.bind(stored.number).bind(acts).bind(entry.value).bind(encode_act(act)).run();
  for (const auto& [kind, document] : act.documents) keep_document(store, document.digest, files.at(kind));
}

CaseAct stored_act(Database& database, std::int64_t number, EntryId entry) {
  auto row = database.statement("SELECT body FROM case_acts WHERE case_id = ? AND entry_id = ?");
  row.bind(number).bind(entry.value);
  const auto act = row.step() ? decode_act(row.blob(0)) : std::nullopt;
  TANPUHUI_REQUIRE(act, "a step that was answered is stored");
  return *act;
}

}  // namespace

Refusal no_such_case(std::int64_t number) {
  return refuse("PRO-01")
      .because("case", std::to_string(number))
      .says("没有此案件：" + std::to_string(number), "there is no case " + std::to_string(number))
      .mend("核对案件编号", "look the number up in the list of cases");
}

void keep_document(Database& store, const Digest& digest, const Bytes& bytes) {
  auto keep = store.statement("INSERT INTO documents(digest, bytes) VALUES (?, ?) ON CONFLICT (digest) DO NOTHING");
  keep.bind(ByteView(digest)).bind(bytes).run();
}

std::optional<Bytes> StepTaken::document(const std::string& kind) const {
  const auto document = stored.matter.documents.find(kind);
  if (document == stored.matter.documents.end()) return std::nullopt;
  if (const auto brought = files.find(kind); brought != files.end()) return brought->second;
  return find_document(office.database, stored.matter, document->second.digest);
}

StepRequest with_digests(StepRequest request, const Files& files) {
  for (const auto& [kind, bytes] : files) request.documents[kind] = sha256(bytes);
  return request;
}

Result<Following> follow(const Office& office, const CaseRooms& rooms, const StoredCase& stored,
                         const DecideOn& decide_on, const StepRequest& request, const Files& files) {
  TANPUHUI_TRY(CaseStep step, decide_on(stored, request));
  StoredCase after = stored;
  apply_step(after.matter, step);
  const auto effect = rooms.effects.find(step.effect);
  if (effect == rooms.effects.end()) return Following{std::move(step), {}};
  auto rows = effect->second({office, after, step.act, files});
  if (rows) return Following{std::move(step), *std::move(rows)};
  Refusal refusal = rows.error();
  if (refusal.basis.empty()) refusal.basis = step.act.basis;
  return refusal;
}

Result<CaseStep> store_step(const Office& office, const CaseRooms& rooms, std::int64_t number, StepRequest request,
                            const Files& files, CommandId id, const DecideOn& decide_on) {
  request = with_digests(std::move(request), files);
  std::optional<CaseStep> taken;
  const auto decide = [&](const AccountState&) -> Result<Decided> {
    const auto stored = find_case(office.database, number);
    if (!stored) return no_such_case(number);
    TANPUHUI_TRY(Following next, follow(office, rooms, *stored, decide_on, request, files));
    taken = next.step;
    const CaseAct& act = next.step.act;
    Entry entry = office.entry(EntryKind::register_act, act.role, act.basis);
    entry.notes = {{note_case_of_step, std::to_string(number)}, {note_action_of_step, act.action}};
    entry.document_digest = sha256(encode_act(act));
    return Decided{std::move(entry), [stored = *stored, next = std::move(next), &files](Database& store, EntryId made) {
                     save_step(store, made, stored, next.step.act, files);
                     if (next.rows) next.rows(store, made);
                   }};
  };
  const Command command = office.command(id, system_account(SystemAccount::issued), digest_of(number, request), decide);
  TANPUHUI_TRY(const EntryId entry, office.carry_out(command));
  if (taken) return *taken;
  return CaseStep{stored_act(office.database, number, entry), {}, {}};  // it was taken before: the same answer
}

}  // namespace tanpuhui
