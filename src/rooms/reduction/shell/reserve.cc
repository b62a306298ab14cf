#include "rooms/reduction/shell/reserve.h"

#include <algorithm>
#include <map>

#include "base/cbor.h"
#include "crypto/hash.h"
#include "ledger/correct.h"
#include "rooms/reduction/shell/find_corrections.h"
#include "rooms/reduction/shell/find_issuance.h"

namespace tanpuhui {
namespace {

constexpr std::int64_t note_case = 1;

using Amounts = std::vector<BatchAmount>;

Amounts load_reserve(Database& database) {
  Amounts held;
  auto rows = database.statement("SELECT batch_id, mg FROM reserve_lots WHERE mg > 0 ORDER BY batch_id");
  while (rows.step()) held.push_back({BatchId{rows.integer(0)}, Milligrams(rows.integer(1))});
  return held;
}

/// The oldest batches first.
Amounts first_of(const Amounts& held, Milligrams wanted) {
  Amounts taken;
  for (const BatchAmount& amount : held) {
    const Milligrams mg = std::min(amount.mg, wanted);
    if (mg > Milligrams()) taken.push_back({amount.batch, mg});
    wanted -= mg;
  }
  return taken;
}

Milligrams sum_of(const Amounts& amounts) {
  Milligrams sum;
  for (const BatchAmount& amount : amounts) sum += amount.mg;
  return sum;
}

void add_to_reserve(Database& store, const Amounts& amounts) {
  auto upsert = store.statement(
      "INSERT INTO reserve_lots(batch_id, mg) VALUES (?, ?) ON CONFLICT (batch_id) DO UPDATE SET mg = reserve_lots.mg "
      "+ "
      "excluded.mg");
  for (const BatchAmount& amount : amounts) upsert.bind(amount.batch.value).bind(amount.mg.count()).add();
  upsert.queue();
}

// On condition that all of it is still there.
void take_from_reserve(Database& store, const Amounts& amounts) {
  auto update = store.statement("UPDATE reserve_lots SET mg = mg - ? WHERE batch_id = ? AND mg >= ?");
  for (const BatchAmount& amount : amounts)
    update.bind(amount.mg.count()).bind(amount.batch.value).bind(amount.mg.count()).add();
  update.queue(std::ssize(amounts));
}

/// Grams that a posting moves to the reserve.
Amounts given_by(const Posting& posting) {
  std::map<BatchId, Milligrams> sums;
  for (const Leg& leg : posting.legs)
    if (leg.account == system_account(SystemAccount::reserve)) sums[leg.batch] += leg.d_free_mg;
  Amounts amounts;
  for (const auto& [batch, mg] : sums) amounts.push_back({batch, mg});
  return amounts;
}

Refusal persons_do_not_trade() {
  return refuse("TRD-01")
      .says("储备只接受单位划入", "only organisations give to the reserve")
      .mend("由责任方或运营机构划入", "let the responsible party or the operator give to it");
}

Digest digest_of(AccountId giver, Milligrams mg) {
  return sha256(CborWriter().array(3).text("tph/reserve1").integer(giver.value).integer(mg.count()).take());
}

void mark_covered(Database& store, const Due& due, Milligrams mg, EntryId entry) {
  store.statement("INSERT INTO correction_covers(entry_id, case_number, provider_id, mg) VALUES (?, ?, ?, ?)")
      .bind(entry.value)
      .bind(due.case_number)
      .bind(due.provider.value)
      .bind(mg.count())
      .queue();
  store
      .statement(
          "UPDATE correction_dues SET covered_mg = covered_mg + ? WHERE case_number = ? AND provider_id = ? AND "
          "covered_mg = ?")
      .bind(mg.count())
      .bind(due.case_number)
      .bind(due.provider.value)
      .bind(due.covered.count())
      .queue(1);
}

Command covering(const Office& office, const Due& due, const Amounts& amounts, const std::string& basis) {
  CborWriter content;
  content.array(4).text("tph/cover1").integer(due.case_number).integer(due.provider.value).integer(due.covered.count());
  const Digest digest = sha256(content.result());
  const AccountId caller = due.provider == AccountId{} ? system_account(SystemAccount::reserve) : due.provider;
  return office.command(command_id_of(Instant{}, digest), caller, digest,
                        [&office, due, amounts, basis](const AccountState& state) -> Result<Decided> {
                          Posting posting = due.provider == AccountId{} ? cover_from_reserve(amounts)
                                                                        : compensate(state, amounts, office.today());
                          Decided decided{office.entry(EntryKind::correct, "operator", basis, std::move(posting)), {}};
                          decided.entry.notes = {{note_case, std::to_string(due.case_number)}};
                          decided.also = [due, amounts](Database& store, EntryId entry) {
                            take_from_reserve(store, amounts);
                            mark_covered(store, due, sum_of(amounts), entry);
                          };
                          return decided;
                        });
}

struct Debtor {
  AccountId account;
  Points owed;
  Day since;
};

std::vector<Debtor> list_debtors(Database& database) {
  std::vector<Debtor> debtors;
  auto rows = database.statement(
      "SELECT account_id, points_owed, owed_since FROM accounts_register WHERE points_owed > 0 ORDER BY account_id");
  while (rows.step())
    debtors.push_back(
        {AccountId{rows.integer(0)}, Points(rows.integer(1)), Day{static_cast<std::int32_t>(rows.integer(2))}});
  return debtors;
}

Points points_of(const Posting& posting) {
  Points sum;
  for (const Leg& leg : posting.legs)
    if (leg.account == posting.account) sum -= leg.d_points;
  return sum;
}

Decided set_off(const Office& office, const Debtor& debtor, const std::string& basis, Posting posting) {
  const Points points = points_of(posting);
  const Amounts given = given_by(posting);
  Decided decided{office.entry(EntryKind::set_off, "operator", basis, std::move(posting)), {}};
  decided.also = [debtor, points, given](Database& store, EntryId) {
    store
        .statement(
            "UPDATE accounts_register SET points_owed = points_owed - ? WHERE part = ? AND account_id = ? AND "
            "points_owed = ?")
        .bind(points.count())
        .bind(part_of(debtor.account).value)
        .bind(debtor.account.value)
        .bind(debtor.owed.count())
        .queue(1);
    add_to_reserve(store, given);
  };
  return decided;
}

}  // namespace

Milligrams reserve_mg(Database& database) { return sum_of(load_reserve(database)); }

Result<EntryId> give_to_reserve(const Office& office, AccountId giver, Milligrams mg, CommandId id) {
  const std::vector<BatchId> held = find_held_batches(office.database);
  return office.carry_out(
      office.command(id, giver, digest_of(giver, mg), [&](const AccountState& account) -> Result<Decided> {
        if (account.kind != AccountKind::organisation) return persons_do_not_trade();
        TANPUHUI_TRY(const UsePlan plan, plan_use(without_held(account, held), mg, office.today()));
        Posting posting = give_to_reserve(account, plan);
        const Amounts given = given_by(posting);
        Decided decided{
            office.entry(EntryKind::transfer, "organisation", correction_basis(office.book), std::move(posting)), {}};
        decided.also = [given](Database& store, EntryId) { add_to_reserve(store, given); };
        return decided;
      }));
}

std::vector<Due> list_dues(Database& database) {
  std::vector<Due> dues;
  auto rows = database.statement(
      "SELECT d.case_number, d.provider_id, d.due_mg, d.covered_mg FROM correction_dues d JOIN corrections c ON "
      "c.case_number = d.case_number ORDER BY c.sequence, d.provider_id = 0, d.provider_id");
  while (rows.step())
    dues.push_back(
        {rows.integer(0), AccountId{rows.integer(1)}, Milligrams(rows.integer(2)), Milligrams(rows.integer(3))});
  return dues;
}

Result<Covered> cover_dues(const Office& office) {
  const Job alone(office.database);
  const std::string basis = correction_basis(office.book);
  Covered covered;
  for (const Due& due : list_dues(office.database)) {
    const Amounts amounts = first_of(load_reserve(office.database), due.open());
    covered.still_open += due.open() - sum_of(amounts);
    if (amounts.empty()) continue;
    TANPUHUI_TRY([[maybe_unused]] const EntryId entry, office.carry_out(covering(office, due, amounts, basis)));
    ++covered.dues;
    covered.mg += sum_of(amounts);
  }
  return covered;
}

Result<SetOff> set_off_debts(const Office& office) {
  const Job alone(office.database);
  const std::string basis = correction_basis(office.book);
  SetOff total;
  for (const Debtor& debtor : list_debtors(office.database)) {
    const auto account = find_account(office.database, debtor.account);
    TANPUHUI_REQUIRE(account, "who owes points has an account");
    const Posting now = set_off_points(*account, debtor.owed, debtor.since);
    if (now.empty()) continue;
    CborWriter content;
    content.array(3).text("tph/set-off1").integer(debtor.account.value).integer(account->last_entry.value);
    const Digest digest = sha256(content.result());
    TANPUHUI_TRY([[maybe_unused]] const EntryId entry,
                 office.carry_out(office.command(command_id_of(Instant{}, digest), debtor.account, digest,
                                                 [&](const AccountState& state) -> Result<Decided> {
                                                   return set_off(office, debtor, basis,
                                                                  set_off_points(state, debtor.owed, debtor.since));
                                                 })));
    ++total.accounts;
    total.points += points_of(now);
    total.mg += sum_of(given_by(now));
  }
  return total;
}

std::int64_t count_debtors(Database& database) {
  return database.statement("SELECT count(*) FROM accounts_register WHERE points_owed > 0").run_integer();
}

}  // namespace tanpuhui
