#pragma once
/// A programme with a mall for tests: persons with points, providers, offers, and a clock that tests move.
#include <set>

#include <gtest/gtest.h>

#include "crypto/hash.h"
#include "ledger/invariants.h"
#include "office/office.h"
#include "rooms/mall/shell/complete_orders.h"
#include "rooms/mall/shell/find_offers.h"
#include "rooms/mall/shell/offers.h"
#include "rooms/mall/shell/place_orders.h"
#include "store/migrations.h"
#include "support/law.h"
#include "support/store.h"

namespace tanpuhui {

inline const Day opening_day = day_of({2025, 6, 1});
inline constexpr AccountId ann{1001}, bob{1002}, cafe{5001}, cafe_escrow{5002};

class MallDesk : public ::testing::Test {
 protected:
  MallDesk() {
    database_.emplace(Database::open_writer(test_location(folder_ / "p.db")));
    migrate(*database_);
    writer_.emplace(*database_, sha256);
    for (const BatchId batch : {bearing_batch, plain_batch}) open_batch(batch);
    open_account(ann, AccountKind::person);
    open_account(bob, AccountKind::person);
    open_account(cafe, AccountKind::organisation);
  }
  ~MallDesk() override {
    writer_.reset();
    database_.reset();
  }

  Office office() { return {*database_, *writer_, book_, Instant{start_of(today_, book_.zone).ms + 3'600'000}}; }

  void open_batch(BatchId batch) {
    const Digest none{};
    database_
        ->statement(
            "INSERT INTO batches(batch_id, scenario_id, period_from, period_until, methodology, methodology_hash, "
            "rulebook_hash, acts_digest, digest, persons, records, issued_mg, serial_next_mg, state) VALUES (?, 1, 0, "
            "0, 'm/v1', ?, ?, ?, ?, 1, 1, 0, 0, 'computed')")
        .bind(batch.value)
        .bind(ByteView(none))
        .bind(ByteView(none))
        .bind(ByteView(none))
        .bind(ByteView(none))
        .run();
  }

  void open_account(AccountId account, AccountKind kind) {
    database_
        ->statement(
            "INSERT INTO accounts_register(account_id, part, kind, ref, status, opened_at) VALUES (?, ?, ?, ?, 1, 0)")
        .bind(account.value)
        .bind(part_of(account).value)
        .bind(static_cast<std::int64_t>(kind))
        .bind(std::string_view(std::to_string(account.value)))
        .run();
  }

  CommandId next_id() {
    CommandId id;
    const std::int64_t number = ++commands_;
    for (std::size_t i = 0; i < 8; ++i) id.bytes[15 - i] = static_cast<std::uint8_t>(number >> (8 * i));
    return id;
  }

  /// 100 g behind each point of the bearing batch, nothing behind those of the plain one.
  void grant(AccountId account, std::int64_t points, bool bearing = true) {
    Grant grant;
    grant.batch = bearing ? bearing_batch : plain_batch;
    grant.points = Points(points);
    grant.mg = Milligrams(bearing ? points * 100'000 : 0);
    grant.credited_on = today_;
    grant.expires_on = add_years(today_, 2);
    const Office desk = office();
    desk.carry_out(
            desk.command(next_id(), account, {},
                         [&](const AccountState& state) -> Result<Decided> {
                           TANPUHUI_TRY(Posting posting, post_lot(state, grant));
                           return Decided{desk.entry(EntryKind::post, "operator", "test", std::move(posting)), {}};
                         }))
        .value();
    database_->statement("UPDATE batches SET issued_mg = issued_mg + ? WHERE batch_id = ?")
        .bind(grant.mg.count())
        .bind(grant.batch.value)
        .run();
  }

  NewProvider cafe_agreement() const {
    return {"cafe", cafe, cafe_escrow, day_of({2025, 1, 1}), day_of({2027, 12, 31})};
  }
  Provider register_cafe() { return register_provider(office(), cafe_agreement(), next_id()).value(); }
  OfferId list(std::int64_t price, std::int64_t stock, const std::string& provider = "cafe") {
    return list_offer(office(), {provider, "咖啡", "coffee", Points(price), stock}, next_id()).value();
  }

  Result<OrderReceipt> order(const OrderAct& act) { return place_orders(office(), {&act, 1}).front(); }
  Result<OrderReceipt> order(AccountId account, OfferId offer, std::int64_t pieces = 1) {
    return order({next_id(), account, {offer, pieces}});
  }
  Result<EntryId> complete(EntryId id) { return complete_orders(office(), {&id, 1}).front(); }

  AccountState account(AccountId id) { return find_account(*database_, id).value(); }
  std::int64_t stock_of(OfferId offer) { return find_offer(*database_, offer).value().stock; }
  std::int64_t count(const std::string& sql) {
    return database_->statement("SELECT count(*) FROM " + sql).run_integer();
  }

  /// What the audit of all entries and rows finds, one line each.
  std::string audited() {
    std::set<AccountId> escrows;
    for (const AccountId escrow : escrow_accounts(*database_)) escrows.insert(escrow);
    LedgerAudit audit([&](AccountId id) { return escrows.contains(id); });
    for (auto rows = database_->statement("SELECT entry_id FROM entries ORDER BY entry_id"); rows.step();)
      audit.see(find_entry(*database_, EntryId{rows.integer(0)}).value());
    for (auto rows = database_->statement("SELECT account_id FROM accounts"); rows.step();)
      audit.see(account(AccountId{rows.integer(0)}));
    std::string lines;
    for (const Violation& violation : audit.finish()) lines += violation.invariant + ": " + violation.what + "\n";
    return lines;
  }

  static constexpr BatchId bearing_batch{1}, plain_batch{2};
  Day today_ = opening_day;
  Rulebook book_ = js24_book();
  std::int64_t commands_ = 0;
  TemporaryFolder folder_;
  std::optional<Database> database_;
  std::optional<Writer> writer_;
};

template <class T>
std::string code_of(const Result<T>& result) {
  return result ? "granted" : result.error().code;
}

}  // namespace tanpuhui
