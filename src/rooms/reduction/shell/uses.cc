#include "rooms/reduction/shell/uses.h"

#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

#include "base/cbor.h"
#include "base/fault.h"
#include "crypto/hash.h"
#include "rooms/reduction/purpose.h"
#include "rooms/reduction/shell/find_certificates.h"
#include "rooms/reduction/shell/find_events.h"
#include "rooms/reduction/shell/find_issuance.h"
#include "rooms/reduction/statement.h"
#include "store/log.h"
#include "store/programme.h"

namespace tanpuhui {
namespace {

// Notes of entries of this room's uses and events.
constexpr std::int64_t note_number = 1;
constexpr std::int64_t note_event = 1;

constexpr std::size_t number_digits = 16;
constexpr std::size_t holder_digits = 12;

Event event_of(const NewEvent& event) {
  return {event.id, event.title_zh, event.title_en, event.organiser, event.held_on, event.in_region};
}

Digest digest_of(const NewEvent& event) {
  CborWriter out;
  out.array(6).text(event.id).text(event.title_zh).text(event.title_en).text(event.organiser);
  return sha256(out.integer(event.held_on.number).integer(event.in_region ? 1 : 0).result());
}

bool is_short_name(std::string_view id) {
  const auto allowed = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; };
  return !id.empty() && id.size() <= 64 && std::ranges::all_of(id, allowed);
}

Result<Done> check_event(const NewEvent& event, const std::optional<Event>& known) {
  const bool titled = !event.title_zh.empty() && !event.title_en.empty();
  if (!is_short_name(event.id) || !titled || !is_printable(event.title_zh + " / " + event.title_en))
    return refuse("USE-01")
        .because("event", event.id)
        .says("活动须有简短编号和中英文名称", "an event needs a short id and a title in both languages")
        .mend("编号只用小写字母、数字和连字符", "write the id in small letters, digits and hyphens");
  if (known && *known != event_of(event))
    return refuse("USE-01")
        .because("event", event.id)
        .says("该编号下已登记了内容不同的活动", "other facts are recorded under this event's id")
        .mend("为另一个活动使用另一个编号", "use another id for another event");
  return Done{};
}

void save_event(Database& database, const NewEvent& event) {
  database
      .statement(
          "INSERT INTO events(event_id, title_zh, title_en, organiser, held_on, in_region) VALUES (?, ?, ?, ?, ?, ?) "
          "ON CONFLICT (event_id) DO NOTHING")
      .bind(std::string_view(event.id))
      .bind(std::string_view(event.title_zh))
      .bind(std::string_view(event.title_en))
      .bind(std::string_view(event.organiser))
      .bind(event.held_on.number)
      .bind(event.in_region ? 1 : 0)
      .run();
}

Digest digest_of(const UseAct& act) {
  CborWriter out;
  out.array(4).integer(act.account.value).text(act.purpose).text(act.beneficiary).integer(act.amount.count());
  return sha256(out.result());
}

// The command is the caller's own: its id and account name the statement before the entry has a number.
std::string number_of(const UseAct& act, Day today) {
  const Digest digest = sha256(CborWriter().array(2).bytes(act.id.bytes).integer(act.account.value).result());
  return fmt::format("S{}-{}", format_compact_day(today), to_hex(digest).substr(0, number_digits));
}

std::string pseudonym_of(Database& database, AccountId account) {
  const Digest key = log_secret(database, "statement.holder_key");
  const Bytes message = CborWriter().integer(account.value).take();
  return "H-" + to_hex(hmac_sha256(key, message)).substr(0, holder_digits);
}

using Batches = std::map<BatchId, StatementBatch>;

StatementBatch read_batch(const Statement& row) {
  StatementBatch batch;
  batch.id = BatchId{row.integer(0)};
  const Day from{static_cast<std::int32_t>(row.integer(2))};
  const Day until{static_cast<std::int32_t>(row.integer(3))};
  batch.label = fmt::format("{} {}/{} #{}", row.text(1), format_day(from), format_day(until), batch.id.value);
  batch.methodology = row.text(4);
  std::ranges::copy(row.blob(5), batch.methodology_hash.begin());
  return batch;
}

// The batches of all lots of the account: which of them a use takes from is decided later.
Batches load_batches(Database& database, AccountId account) {
  std::set<std::int64_t> ids;
  if (const auto state = find_account(database, account))
    for (const Lot& lot : state->lots) ids.insert(lot.batch.value);
  auto rows = database.statement(
      "SELECT b.batch_id, s.name, b.period_from, b.period_until, b.methodology, b.methodology_hash FROM batches b JOIN "
      "scenarios s ON s.scenario_id = b.scenario_id WHERE b.batch_id = ?");
  for (const std::int64_t id : ids) rows.bind(id).add();
  Batches batches;
  while (rows.step()) batches.emplace(BatchId{rows.integer(0)}, read_batch(rows));
  return batches;
}

/// All that a use knows besides the account.
struct UseGround {
  Bilingual programme;
  std::string holder, number;
  std::optional<Event> event;
  Batches batches;
  std::vector<BatchId> held;
};

// Whoever holds a statement of a rehearsal must see that it is one.
Bilingual programme_title(Database& database) {
  const ProgrammeSettings settings = load_programme(database);
  if (!settings.rehearsal) return {settings.name, settings.name};
  return {settings.name + "（演练，不具法律效力）", settings.name + " (rehearsal, no legal force)"};
}

UseGround load_ground(const Office& office, const UseAct& act) {
  UseGround ground;
  ground.programme = programme_title(office.database);
  ground.holder = pseudonym_of(office.database, act.account);
  ground.number = number_of(act, office.today());
  if (is_for_event(act.purpose)) ground.event = find_event(office.database, act.beneficiary);
  ground.batches = load_batches(office.database, act.account);
  ground.held = find_held_batches(office.database);
  return ground;
}

Refusal document_missing(const UseAct& act) {
  return refuse("USE-03")
      .because("purpose", act.purpose)
      .says("该用途须附法院或主管机关的案件文书", "this purpose needs a case document of a court or an authority")
      .mend("由主管机关凭案件文书办理", "have the authority carry it out on the case document");
}

Result<Done> check_beneficiary(const UseAct& act, const UseGround& ground) {
  if (!is_printable(act.beneficiary))
    return refuse("USE-01")
        .because("purpose", act.purpose)
        .says("受益方名称含有控制字符、编码有误或超过 200 字节",
              "the name of the beneficiary has control characters, is not UTF-8 or is longer than 200 bytes")
        .mend("改写受益方名称", "write the name another way");
  if (is_for_event(act.purpose) && !act.beneficiary.empty() && !ground.event)
    return refuse("USE-01")
        .because("event", act.beneficiary)
        .says("没有登记该编号的活动", "no event is recorded under this id")
        .mend("先登记活动，或核对编号", "record the event first, or check the id");
  return Done{};
}

std::string beneficiary_text(const UseAct& act, const UseGround& ground) {
  return ground.event ? ground.event->title_zh + " / " + ground.event->title_en : act.beneficiary;
}

std::vector<StatementBatch> batches_of(const UsePlan& plan, const Batches& known) {
  Batches used;
  for (const PlanLine& line : plan.lines)
    if (line.backing_mg + line.free_mg > Milligrams()) {
      const auto batch = known.find(line.batch);
      TANPUHUI_REQUIRE(batch != known.end(), "reductions belong to a batch");
      used.insert(*batch);
    }
  std::vector<StatementBatch> batches;
  for (auto& [id, batch] : used) batches.push_back(std::move(batch));
  return batches;
}

StatementContext context_of(const Office& office, const UseAct& act, const UseGround& ground,
                            const UseDecision& decision) {
  StatementContext context;
  context.number = ground.number;
  context.programme = ground.programme;
  context.purpose_id = decision.purpose.id;
  context.purpose = {decision.purpose.zh, decision.purpose.en};
  context.beneficiary = beneficiary_text(act, ground);
  context.holder = ground.holder;
  context.zone = office.book.zone;
  context.batches = batches_of(decision.plan, ground.batches);
  return context;
}

void save_statement(Database& database, const std::string& number, EntryId entry, const Bytes& context) {
  database.statement("INSERT INTO certificates(number, entry_id, context) VALUES (?, ?, ?)")
      .bind(std::string_view(number))
      .bind(entry.value)
      .bind(context)
      .run();
}

std::optional<PermittedUse> owner_use(const std::vector<PermittedUse>& uses, const std::string& id) {
  const auto found = std::ranges::find(uses, id, &PermittedUse::id);
  if (found == uses.end() || found->by != UseBy::owner) return std::nullopt;
  return *found;
}

Decided decided_use(const Office& office, const AccountState& account, std::string basis, UseDecision decision,
                    const StatementContext& context) {
  const char* actor = account.kind == AccountKind::person ? "person" : "provider";
  Decided decided{office.entry(decision.kind, actor, std::move(basis), std::move(decision.posting)), {}};
  Bytes bytes = encode_statement(context);
  decided.entry.document_digest = sha256(bytes);
  decided.entry.notes = {{note_number, context.number}};
  decided.also = [number = context.number, bytes = std::move(bytes)](Database& store, EntryId entry) {
    save_statement(store, number, entry, bytes);
  };
  return decided;
}

Result<Decided> decide(const Office& office, const UseAct& act, const UseGround& ground, const AccountState& account) {
  const std::vector<PermittedUse> uses = office.book.permitted_uses_on(office.today());
  const auto use = owner_use(uses, act.purpose);
  if (use && use->needs_document) return document_missing(act);
  if (const auto fit = check_beneficiary(act, ground); !fit) return fit.error();
  UseFacts facts;
  facts.account = &account;
  facts.allowed = owner_purposes(uses);
  facts.event_in_region = !use || !use->region_only || !ground.event || ground.event->in_region;
  facts.held = ground.held;
  facts.today = office.today();
  TANPUHUI_TRY(UseDecision decision, decide_use({act.purpose, act.beneficiary, act.amount}, facts));
  const StatementContext context = context_of(office, act, ground, decision);
  return decided_use(office, account, use->basis, std::move(decision), context);
}

UseReceipt receipt_of(Database& database, EntryId id) {
  const auto entry = find_entry(database, id);
  const auto statement = find_certificate(database, id);
  TANPUHUI_REQUIRE(entry && statement, "a use has an entry and a statement");
  UseReceipt receipt;
  receipt.entry = id;
  receipt.number = statement->number;
  for (const SerialRange& range : entry->posting.serials) receipt.used += range.to_mg - range.from_mg;
  for (const Leg& leg : entry->posting.legs)
    if (leg.account == entry->posting.account) receipt.points -= leg.d_points;
  return receipt;
}

}  // namespace

Result<EntryId> record_event(const Office& office, const NewEvent& event, CommandId id) {
  const auto known = find_event(office.database, event.id);
  const auto decide_event = [&](const AccountState&) -> Result<Decided> {
    if (const auto fit = check_event(event, known); !fit) return fit.error();
    Entry entry = office.entry(EntryKind::register_act, "operator", office.book.basis_of("USE-01"));
    entry.document_digest = digest_of(event);
    entry.notes = {{note_event, event.id}};
    return Decided{std::move(entry), [event](Database& store, EntryId) { save_event(store, event); }};
  };
  return office.carry_out(office.command(id, system_account(SystemAccount::issued), digest_of(event), decide_event));
}

Result<UseReceipt> use_reductions(const Office& office, const UseAct& act) {
  const UseGround ground = load_ground(office, act);
  const Command command = office.command(act.id, act.account, digest_of(act), [&](const AccountState& account) {
    return decide(office, act, ground, account);
  });
  TANPUHUI_TRY(const EntryId entry, office.carry_out(command));
  return receipt_of(office.database, entry);
}

}  // namespace tanpuhui
