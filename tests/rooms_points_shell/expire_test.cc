#include "rooms/points/shell/expire.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "crypto/hash.h"
#include "ledger/acts.h"
#include "ledger/invariants.h"
#include "store/lanes.h"
#include "store/migrations.h"
#include "support/law.h"
#include "support/store.h"

namespace tanpuhui {
namespace {

const Day credited_on = day_of({2025, 6, 1});
const Day last_good_day = day_of({2027, 6, 1});
constexpr AccountId ann{1001}, bob{1002};

class ExpireTest : public ::testing::Test {
 protected:
  ExpireTest() {
    database_.emplace(Database::open_writer(test_location(folder_ / "p.db")));
    migrate(*database_);
    writer_.emplace(*database_, sha256);
    open_batch();
    open_person(ann);
    open_person(bob);
  }
  ~ExpireTest() override {
    EXPECT_EQ("", audited());
    writer_.reset();
    database_.reset();
  }

  Office office() { return {*database_, *writer_, book_, Instant{start_of(today_, book_.zone).ms + 60'000}}; }

  void open_batch() {
    const Digest none{};
    database_
        ->statement(
            "INSERT INTO batches(batch_id, scenario_id, period_from, period_until, methodology, methodology_hash, "
            "rulebook_hash, acts_digest, digest, persons, records, issued_mg, serial_next_mg, state) VALUES (1, 1, 0, "
            "0, 'm/v1', ?, ?, ?, ?, 1, 1, 0, 0, 'computed')")
        .bind(ByteView(none))
        .bind(ByteView(none))
        .bind(ByteView(none))
        .bind(ByteView(none))
        .run();
  }
  void open_person(AccountId account) {
    database_
        ->statement(
            "INSERT INTO accounts_register(account_id, part, kind, ref, status, opened_at) VALUES (?, ?, 1, ?, 1, 0)")
        .bind(account.value)
        .bind(part_of(account).value)
        .bind(std::string_view(std::to_string(account.value)))
        .run();
  }
  std::vector<AccountId> open_persons(std::int64_t number) {
    std::vector<AccountId> accounts;
    Transaction transaction(*database_);
    for (std::int64_t i = 0; i < number; ++i) open_person(accounts.emplace_back(AccountId{20'000 + i}));
    transaction.commit();
    return accounts;
  }

  Command granting(const Office& desk, AccountId account, std::int64_t points, Day from) {
    Grant grant;
    grant.batch = BatchId{1};
    grant.points = Points(points);
    grant.mg = Milligrams(points * 100'000);
    grant.credited_on = from;
    grant.expires_on = add_years(from, 2);
    CommandId id;
    const int number = ++commands_;
    id.bytes[0] = static_cast<std::uint8_t>(number >> 8), id.bytes[1] = static_cast<std::uint8_t>(number);
    return desk.command(id, account, {}, [&desk, grant](const AccountState& state) -> Result<Decided> {
      TANPUHUI_TRY(Posting posting, post_lot(state, grant));
      return Decided{desk.entry(EntryKind::post, "operator", "test", std::move(posting)), {}};
    });
  }
  void grant(const std::vector<AccountId>& accounts, std::int64_t points, Day from = credited_on) {
    const Office desk = office();
    std::vector<Command> commands;
    for (const AccountId account : accounts) commands.push_back(granting(desk, account, points, from));
    for (const Answer& answer : writer_->execute(commands, desk.now)) ASSERT_FALSE(answer.refusal);
    database_->statement("UPDATE batches SET issued_mg = issued_mg + ? WHERE batch_id = 1")
        .bind(static_cast<std::int64_t>(accounts.size()) * points * 100'000)
        .run();
  }

  ExpiryReport expire() { return expire_points(office(), {}).value(); }
  AccountState account(AccountId id) { return find_account(*database_, id).value(); }
  std::int64_t entries() { return database_->statement("SELECT count(*) FROM entries").run_integer(); }

  std::string audited() {
    LedgerAudit audit([](AccountId) { return false; });
    for (auto rows = database_->statement("SELECT entry_id FROM entries ORDER BY entry_id"); rows.step();)
      audit.see(find_entry(*database_, EntryId{rows.integer(0)}).value());
    for (auto rows = database_->statement("SELECT account_id FROM accounts"); rows.step();)
      audit.see(account(AccountId{rows.integer(0)}));
    std::string lines;
    for (const Violation& violation : audit.finish()) lines += violation.invariant + ": " + violation.what + "\n";
    return lines;
  }

  Day today_ = credited_on;
  Rulebook book_ = js24_book();
  int commands_ = 0;
  TemporaryFolder folder_;
  std::optional<Database> database_;
  std::optional<Writer> writer_;
};

TEST_F(ExpireTest, keeps_points_on_their_last_good_day) {
  grant({ann}, 7);
  today_ = last_good_day;
  EXPECT_EQ(0, expire().accounts);
  EXPECT_EQ(Points(7), account(ann).points_available);
}

TEST_F(ExpireTest, clears_them_the_day_after_and_reports_the_sums) {
  grant({ann}, 7);
  grant({bob}, 5);
  grant({bob}, 11, credited_on + 1);
  today_ = last_good_day + 1;
  const ExpiryReport report = expire();
  EXPECT_EQ(2, report.accounts);
  EXPECT_EQ(Points(12), report.points);
  EXPECT_EQ(Milligrams(1'200'000), report.reductions);
  EXPECT_EQ(Points(11), account(bob).points_available);
  EXPECT_EQ(Points(7), account(ann).honour_points);
}

TEST_F(ExpireTest, is_an_act_of_the_platform_on_the_expiry_rule) {
  grant({ann}, 7);
  today_ = last_good_day + 1;
  expire();
  const Entry entry = find_entry(*database_, account(ann).last_entry).value();
  EXPECT_EQ(EntryKind::expire, entry.kind);
  EXPECT_EQ("platform", entry.actor);
  EXPECT_EQ(book_.expiry.on(today_).value().basis, entry.basis);
}

TEST_F(ExpireTest, changes_nothing_when_it_runs_again_that_day) {
  grant({ann, bob}, 7);
  today_ = last_good_day + 1;
  expire();
  const std::int64_t before = entries();
  EXPECT_EQ(0, expire().accounts);
  EXPECT_EQ(before, entries());
}

TEST_F(ExpireTest, clears_an_account_once_a_day) {
  grant({ann}, 7);
  today_ = last_good_day + 1;
  expire();
  grant({ann}, 3);  // what came back with its old dates
  EXPECT_EQ(Points(), expire().points);
  today_ = today_ + 1;
  EXPECT_EQ(Points(3), expire().points);
}

TEST_F(ExpireTest, clears_more_accounts_than_fit_one_slice_and_tells_in_which_part_it_is) {
  const std::vector<AccountId> many = open_persons(5000);
  grant(many, 2);
  today_ = last_good_day + 1;
  std::vector<std::int64_t> seen;
  const auto report = expire_points(office(), [&](std::int64_t done, std::int64_t all) {
    EXPECT_EQ(part_count, all);
    seen.push_back(done);
  });
  EXPECT_EQ(5000, report.value().accounts);
  EXPECT_EQ(Points(10'000), report.value().points);
  ASSERT_LT(3U, seen.size());
  EXPECT_GT(1000, seen[0]);  // the first slices are small
  EXPECT_TRUE(std::ranges::is_sorted(seen));
  EXPECT_EQ(part_count, seen.back());
}

TEST_F(ExpireTest, goes_on_where_a_run_was_broken_off) {
  make_lanes(*database_, 2);  // where others may write too, each slice is a commit
  const std::vector<AccountId> many = open_persons(5000);
  grant(many, 2);
  today_ = last_good_day + 1;
  struct Killed {};
  EXPECT_THROW(static_cast<void>(expire_points(office(), [](std::int64_t, std::int64_t) { throw Killed{}; })), Killed);
  EXPECT_EQ(5000 - static_cast<std::int64_t>(Writer::commands_per_commit), expire().accounts);
  for (const AccountId id : many) EXPECT_EQ(Points(), account(id).points_available);
}

TEST_F(ExpireTest, answers_all_accounts_of_a_day_in_the_order_of_their_parts) {
  grant({ann, bob}, 7);
  today_ = last_good_day + 1;
  expire();
  auto rows = database_->statement(
      "SELECT count(*), count(DISTINCT c.command_id) FROM commands c JOIN entries e ON e.entry_id = c.entry_id WHERE "
      "e.account_id = c.account_id AND c.entry_id > 2");
  ASSERT_TRUE(rows.step());
  EXPECT_EQ(2, rows.integer(0));
  EXPECT_EQ(1, rows.integer(1));
}

}  // namespace
}  // namespace tanpuhui
