#pragma once
/// Persons, a batch and commands for tests of the writer.
#include <gtest/gtest.h>

#include "crypto/hash.h"
#include "ledger/acts.h"
#include "store/migrations.h"
#include "store/writer.h"

namespace tanpuhui {

inline const Instant test_now{1'750'000'000'000};
inline const Day test_today = day_of({2025, 6, 15});
inline constexpr AccountId citizen{4242}, escrow{5002};

inline CommandId command_id(std::int64_t number) {
  CommandId id;
  for (std::size_t i = 0; i < 8; ++i) id.bytes[15 - i] = static_cast<std::uint8_t>(number >> (8 * i));
  return id;
}

inline void open_account(Database& database, AccountId account) {
  database
      .statement(
          "INSERT INTO accounts_register(account_id, part, kind, ref, status, opened_at) VALUES (?, ?, 1, ?, 1, 0)")
      .bind(account.value)
      .bind(part_of(account).value)
      .bind(std::to_string(account.value))
      .run();
}

/// A batch of 100 t, one person.
inline void found_world(Database& database) {
  migrate(database);
  open_account(database, citizen);
  database.execute(
      "INSERT INTO batches VALUES (1, 1, 0, 0, 'm', x'', x'', x'', x'', 1, 1, 100000000000, 0, 'posted', 0, x'00', "
      "x'00', NULL, NULL, 0, NULL)");
}

inline Decided decided(EntryKind kind, Posting posting) {
  Decided decided;
  decided.entry.kind = kind;
  decided.entry.actor = "person";
  decided.entry.basis = "rule:test";
  decided.entry.occurred_on = test_today;
  decided.entry.posting = std::move(posting);
  return decided;
}

inline Command command(std::int64_t id, AccountId account, const std::string& what,
                       std::function<Result<Decided>(const AccountState&)> decide) {
  return {command_id(id), account, sha256(as_bytes(what)), std::move(decide)};
}

inline Command grant(std::int64_t id, std::int64_t points, AccountId account = citizen) {
  return command(id, account, "grant " + std::to_string(points),
                 [points](const AccountState& state) -> Result<Decided> {
                   Grant granted;
                   granted.batch = BatchId{1};
                   granted.points = Points(points);
                   granted.mg = Milligrams(points * 100'000);
                   granted.credited_on = test_today;
                   granted.expires_on = add_years(test_today, 2);
                   TANPUHUI_TRY(Posting posting, post_lot(state, granted));
                   return decided(EntryKind::post, std::move(posting));
                 });
}

inline Command order(std::int64_t id, std::int64_t points, AccountId account = citizen) {
  return command(
      id, account, "order " + std::to_string(points), [points](const AccountState& state) -> Result<Decided> {
        TANPUHUI_TRY(const SpendPlan plan, plan_spend(state, Points(points), SpendOrder::bearing_first, test_today));
        return decided(EntryKind::order, order_points(state, plan, escrow));
      });
}

inline Command cancel(std::int64_t id, std::int64_t mg, AccountId account = citizen) {
  return command(id, account, "cancel " + std::to_string(mg), [mg](const AccountState& state) -> Result<Decided> {
    TANPUHUI_TRY(const UsePlan plan, plan_use(state, Milligrams(mg), test_today));
    return decided(EntryKind::cancel, use_reductions(state, plan, SystemAccount::cancelled));
  });
}

/// All that commands leave, as one digest: every column of every row, in order of the key.
inline std::string digest_of_rows(Database& database) {
  Sha256Stream hash;
  const auto add = [&](const char* sql, int columns, int blob) {
    for (auto rows = database.scan(sql); rows.step();)
      for (int i = 0; i < columns; ++i) {
        if (i == blob)
          hash.update(rows.blob(i));
        else
          hash.update(as_bytes(std::to_string(rows.integer(i)) + ","));
      }
  };
  add("SELECT entry_id, part, account_id, act_no, prev_entry, body FROM entries ORDER BY entry_id", 6, 5);
  add("SELECT part, account_id, version, points_available, points_locked, points_credited, points_used, "
      "points_expired, "
      "points_reversed, backing_mg, free_mg, honour_points, honour_mg, next_expiry, last_entry, lots FROM accounts "
      "ORDER BY part, account_id",
      16, 15);
  add("SELECT part, account_id, n, lots FROM lot_pages ORDER BY part, account_id, n", 4, 3);
  add("SELECT part, account_id, coalesce(entry_id, -1), answer FROM commands ORDER BY command_id, part, account_id", 4,
      3);
  add("SELECT part, act_no FROM part_heads ORDER BY part", 2, -1);
  add("SELECT batch_id, serial_next_mg FROM batches ORDER BY batch_id", 2, -1);
  return to_hex(hash.finish());
}

}  // namespace tanpuhui
