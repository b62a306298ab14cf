#include "rooms/reduction/shell/post_correction.h"

#include <algorithm>
#include <limits>
#include <map>

#include "base/cbor.h"
#include "crypto/hash.h"
#include "ledger/correct.h"
#include "rooms/mall/shell/find_offers.h"
#include "rooms/reduction/shell/supplement.h"
#include "store/account_history.h"

namespace tanpuhui {
namespace {

// Notes of entries of corrections.
constexpr std::int64_t note_case = 1;

constexpr std::size_t all_entries = std::numeric_limits<std::int32_t>::max();

Refusal not_decided(std::int64_t case_number) {
  return refuse("HLD-01")
      .because("case", std::to_string(case_number))
      .says("该修正尚未决定，不能记账", "the correction has not been decided and cannot be posted")
      .mend("先在案件中作出决定", "decide it in its case first");
}

Refusal not_settled() {
  return refuse("MAL-03")
      .says("相关账户有已完成、尚未结算的订单", "completed orders of these accounts are not settled yet")
      .mend("先运行 jobs run settle", "run `jobs run settle` first");
}

/// The same act of the same correction, on the account as it stands: who was refused or came too late tries again under
/// another id once something has happened to the account.
CommandId id_of(std::string_view act, std::int64_t case_number, AccountId account, BatchId batch, EntryId last) {
  CborWriter out;
  out.array(5).text(act).integer(case_number).integer(account.value).integer(batch.value).integer(last.value);
  return command_id_of(Instant{}, sha256(out.result()));
}

/// The lines of persons.
class Lines {
 public:
  Lines(const Office& office, const StoredCorrection& correction)
      : office_(office), correction_(correction), basis_(correction_basis(office.book)) {}

  /// Those that take something back and have no entry yet; gives how many must wait.
  Result<std::int64_t> post() {
    std::int64_t waiting = 0;
    for (const PostedLine& stored : list_posted_lines(office_.database, correction_.content.case_number)) {
      if (!stored.line.takes_back() || stored.posted_by != EntryId{}) continue;
      const auto account = find_account(office_.database, stored.line.account);
      TANPUHUI_REQUIRE(account, "who was granted something has an account");
      if (waits(stored.line, *account)) {
        ++waiting;
        continue;
      }
      const CommandId id = id_of("tph/correct1", correction_.content.case_number, stored.line.account,
                                 stored.line.batch, account->last_entry);
      TANPUHUI_TRY(
          [[maybe_unused]] const EntryId entry,
          office_.carry_out(office_.command(id, stored.line.account, correction_.digest,
                                            [&](const AccountState& state) { return decide(stored.line, state); })));
    }
    return waiting;
  }

 private:
  Taken taken(const CorrectionLine& line) const {
    return taken_of(line.account, line.batch, find_last_entries(office_.database, line.account, all_entries));
  }

  bool waits(const CorrectionLine& line, const AccountState& account) const {
    return has_locks(account, line.batch) || taken(line).open_order;
  }

  Result<Decided> decide(const CorrectionLine& line, const AccountState& state) const {
    const Taken gone = taken(line);
    if (gone.open_order || has_locks(state, line.batch)) return order_is_open(line);
    TANPUHUI_TRY(const LineGrants grants, grants_under_rule(line));
    CorrectedLot corrected = correct_lot(
        state, {line.batch, grants.before.points, grants.after.points, grants.before.mg, grants.after.mg}, gone);
    Decided decided{office_.entry(EntryKind::correct, "operator", basis_, std::move(corrected.posting)), {}};
    decided.entry.document_digest = correction_.digest;
    decided.entry.notes = {{note_case, std::to_string(correction_.content.case_number)}};
    corrected.posting = {};
    decided.also = [this, &line, corrected](Database& store, EntryId entry) { save(store, line, corrected, entry); };
    return decided;
  }

  static Refusal order_is_open(const CorrectionLine& line) {
    return refuse("MAL-03")
        .because("account", std::to_string(line.account.value))
        .says("该账户有尚未终结的订单", "the account has an order that has not ended")
        .mend("订单终结后再记账", "post it once the order has ended");
  }

  Result<LineGrants> grants_under_rule(const CorrectionLine& line) const {
    auto row = office_.database.statement("SELECT credited_on FROM batches WHERE batch_id = ?");
    row.bind(line.batch.value);
    TANPUHUI_REQUIRE(row.step() && !row.is_null(0), "a line of a correction is of a posted batch");
    const Day credited_on{static_cast<std::int32_t>(row.integer(0))};
    BatchContent of_line;
    of_line.scenario = correction_.content.scenario;
    of_line.lines.push_back({line.account, line.before, 1, line.plain_before});
    TANPUHUI_TRY(const GrantRule rule, grant_rule_on(office_.book, credited_on, of_line));
    return grants_of(line, credited_on, rule);
  }

  void save(Database& store, const CorrectionLine& line, const CorrectedLot& corrected, EntryId entry) const {
    store
        .statement(
            "UPDATE correction_lines SET posted_by = ?, reversed_points = ?, taken_back_mg = ?, overdrawn_points = ?, "
            "missing_mg = ? WHERE case_number = ? AND account_id = ? AND batch_id = ? AND posted_by IS NULL")
        .bind(entry.value)
        .bind(corrected.reversed.count())
        .bind(corrected.taken_back.count())
        .bind(corrected.overdrawn.count())
        .bind(corrected.missing.count())
        .bind(correction_.content.case_number)
        .bind(line.account.value)
        .bind(line.batch.value)
        .queue(1);
    if (corrected.overdrawn == Points() || correction_.content.responsible != caused_by_person) return;
    store
        .statement(
            "UPDATE accounts_register SET owed_since = CASE WHEN points_owed = 0 THEN ? ELSE owed_since END, "
            "points_owed = points_owed + ? WHERE part = ? AND account_id = ?")
        .bind(office_.today().number)
        .bind(corrected.overdrawn.count())
        .bind(part_of(line.account).value)
        .bind(line.account.value)
        .queue(1);
  }

  const Office& office_;
  const StoredCorrection& correction_;
  std::string basis_;
};

/// By provider: what orders took there of what is missing now, by batch.
using Traced = std::map<AccountId, std::map<BatchId, Milligrams>>;

Traced trace(const Office& office, const StoredCorrection& correction) {
  std::map<AccountId, AccountId> provider_of;
  for (const Provider& provider : list_providers(office.database)) provider_of[provider.escrow] = provider.account;
  Traced traced;
  for (const PostedLine& posted : list_posted_lines(office.database, correction.content.case_number)) {
    if (posted.missing == Milligrams()) continue;
    const auto entries = find_last_entries(office.database, posted.line.account, all_entries);
    Milligrams missing = posted.missing;
    for (const Taken::Escrowed& escrowed : taken_of(posted.line.account, posted.line.batch, entries).escrowed) {
      const Milligrams there = std::min(missing, escrowed.mg);
      if (there > Milligrams()) traced[provider_of.at(escrowed.escrow)][posted.line.batch] += there;
      missing -= there;
    }
  }
  return traced;
}

struct Taking {
  BatchId batch;
  Milligrams traced, taken;
};

Decided taken_from(const Office& office, const StoredCorrection& correction, const std::string& basis,
                   const AccountState& provider, const std::map<BatchId, Milligrams>& traced) {
  std::vector<Taking> takings;
  std::vector<BatchAmount> amounts;
  for (const auto& [batch, mg] : traced) {
    const Milligrams there = std::min(mg, acquired_of(provider, batch));
    takings.push_back({batch, mg, there});
    if (there > Milligrams()) amounts.push_back({batch, there});
  }
  Decided decided;
  decided.entry = office.entry(EntryKind::correct, "operator", basis, invalidate_acquired(provider, amounts));
  decided.entry.document_digest = correction.digest;
  decided.entry.notes = {{note_case, std::to_string(correction.content.case_number)}};
  decided.also = [=, case_number = correction.content.case_number, account = provider.account](Database& store,
                                                                                               EntryId entry) {
    auto insert = store.statement(
        "INSERT INTO correction_takings(case_number, provider_id, batch_id, traced_mg, taken_mg, taken_by) VALUES (?, "
        "?, ?, ?, ?, ?)");
    for (const Taking& taking : takings) {
      insert.bind(case_number).bind(account.value).bind(taking.batch.value).bind(taking.traced.count());
      insert.bind(taking.taken.count()).bind(entry.value).add();
    }
    insert.queue(std::ssize(takings));
  };
  return decided;
}

bool is_taken_from(Database& database, std::int64_t case_number, AccountId provider) {
  auto row = database.statement("SELECT count(*) FROM correction_takings WHERE case_number = ? AND provider_id = ?");
  return row.bind(case_number).bind(provider.value).run_integer() > 0;
}

Result<Done> take_from_providers(const Office& office, const StoredCorrection& correction) {
  const std::string basis = correction_basis(office.book);
  const std::int64_t case_number = correction.content.case_number;
  for (const auto& [provider, traced] : trace(office, correction)) {
    if (is_taken_from(office.database, case_number, provider)) continue;
    const auto account = find_account(office.database, provider);
    TANPUHUI_REQUIRE(account, "a provider has an account");
    const CommandId id = id_of("tph/take1", case_number, provider, BatchId{}, account->last_entry);
    TANPUHUI_TRY([[maybe_unused]] const EntryId entry,
                 office.carry_out(
                     office.command(id, provider, correction.digest, [&](const AccountState& state) -> Result<Decided> {
                       return taken_from(office, correction, basis, state, traced);
                     })));
  }
  return Done{};
}

/// What the reserve owes each provider, and (under 0) for what left circulation.
std::map<AccountId, Milligrams> dues_of(Database& database, std::int64_t case_number) {
  std::map<AccountId, Milligrams> dues;
  Milligrams missing;
  for (const PostedLine& posted : list_posted_lines(database, case_number)) missing += posted.missing;
  auto rows = database.statement(
      "SELECT provider_id, CAST(sum(taken_mg) AS BIGINT) FROM correction_takings WHERE case_number = ? GROUP BY "
      "provider_id");
  rows.bind(case_number);
  while (rows.step()) {
    const Milligrams taken(rows.integer(1));
    if (taken > Milligrams()) dues[AccountId{rows.integer(0)}] = taken;
    missing -= taken;
  }
  if (missing > Milligrams()) dues[AccountId{}] = missing;
  return dues;
}

void finish(const Office& office, const StoredCorrection& correction) {
  const std::int64_t case_number = correction.content.case_number;
  Transaction transaction(office.database);
  auto insert =
      office.database.statement("INSERT INTO correction_dues(case_number, provider_id, due_mg) VALUES (?, ?, ?)");
  for (const auto& [provider, mg] : dues_of(office.database, case_number))
    insert.bind(case_number).bind(provider.value).bind(mg.count()).add();
  insert.run();
  if (!gains_of(correction.content).empty()) open_supplement(office, correction);
  office.database.statement("UPDATE corrections SET state = 'posted' WHERE case_number = ?").bind(case_number).run();
  transaction.commit();
}

bool has_unsettled(Database& database, std::int64_t case_number) {
  auto row = database.statement(
      "SELECT count(*) FROM orders WHERE state = 'completed' AND settled_by IS NULL AND account_id IN (SELECT "
      "account_id FROM correction_lines WHERE case_number = ?)");
  return row.bind(case_number).run_integer() > 0;
}

PostedCorrection report(Database& database, std::int64_t case_number, std::int64_t waiting) {
  PostedCorrection posted;
  posted.waiting = waiting;
  for (const PostedLine& line : list_posted_lines(database, case_number)) {
    if (line.posted_by != EntryId{}) ++posted.lines;
    posted.reversed += line.reversed;
    posted.overdrawn += line.overdrawn;
    posted.taken_back += line.taken_back;
  }
  posted.taken_from_providers = find_taken_from_providers(database, case_number);
  posted.due = find_due(database, case_number, EntryId{});
  posted.supplement = find_supplement(database, case_number);
  return posted;
}

}  // namespace

Result<PostedCorrection> post_correction(const Office& office, std::int64_t case_number) {
  const Job alone(office.database);
  const auto correction = find_correction(office.database, case_number);
  if (!correction) return office.on_its_basis(no_correction(case_number));
  if (correction->state == "posted") return report(office.database, case_number, 0);
  if (correction->state != "decided") return office.on_its_basis(not_decided(case_number));
  if (has_unsettled(office.database, case_number)) return office.on_its_basis(not_settled());
  TANPUHUI_TRY(const std::int64_t waiting, Lines(office, *correction).post());
  if (waiting > 0) return report(office.database, case_number, waiting);
  TANPUHUI_TRY([[maybe_unused]] const Done taken, take_from_providers(office, *correction));
  finish(office, *correction);
  return report(office.database, case_number, 0);
}

}  // namespace tanpuhui
