#include "store/writer.h"

#include <gtest/gtest.h>

#include "crypto/hash.h"
#include "ledger/acts.h"
#include "ledger/invariants.h"
#include "store/migrations.h"
#include "support/law.h"
#include "support/store.h"

namespace tanpuhui {
namespace {

const Instant now{1'750'000'000'000};
const Day today = day_of({2025, 6, 15});
const AccountId citizen{4242};
const AccountId escrow{5002};

CommandId command_id(int number) {
  CommandId id;
  id.bytes[15] = static_cast<std::uint8_t>(number);
  id.bytes[14] = static_cast<std::uint8_t>(number >> 8);
  return id;
}

class WriterTest : public ::testing::Test {
 protected:
  WriterTest() {
    database_.emplace(Database::open_writer(test_location(folder_ / "p.db")));
    migrate(*database_);
    open_account(citizen);
    database_->execute(
        "INSERT INTO batches VALUES (1, 1, 0, 0, 'm', x'', x'', x'', x'', 1, 1, 100000000, 0, 'posted', 0, x'00', "
        "x'00', NULL)");
  }
  void open_account(AccountId account) {
    database_->statement("INSERT INTO accounts_register VALUES (?, ?, 1, ?, 1, 0)")
        .bind(account.value)
        .bind(std::int64_t{part_of(account).value})
        .bind(std::to_string(account.value))
        .run();
  }

  static Decided decided(EntryKind kind, Posting posting) {
    Decided decided;
    decided.entry.kind = kind;
    decided.entry.actor = "person";
    decided.entry.basis = "rule:test";
    decided.entry.occurred_on = today;
    decided.entry.posting = std::move(posting);
    return decided;
  }

  static Command grant(int id, std::int64_t points, AccountId account = citizen) {
    Command command;
    command.id = command_id(id);
    command.caller = account;
    command.request = sha256(as_bytes("grant " + std::to_string(points)));
    command.decide = [points](const AccountState& state) -> Result<Decided> {
      Grant granted;
      granted.batch = BatchId{1};
      granted.points = Points(points);
      granted.mg = Milligrams(points * 100'000);
      granted.credited_on = today;
      granted.expires_on = add_years(today, 2);
      TANPUHUI_TRY(Posting posting, post_lot(state, granted));
      return decided(EntryKind::post, std::move(posting));
    };
    return command;
  }

  static Command order(int id, std::int64_t points) {
    Command command;
    command.id = command_id(id);
    command.caller = citizen;
    command.request = sha256(as_bytes("order " + std::to_string(points)));
    command.decide = [points](const AccountState& state) -> Result<Decided> {
      TANPUHUI_TRY(const SpendPlan plan, plan_spend(state, Points(points), SpendOrder::bearing_first, today));
      return decided(EntryKind::order, order_points(state, plan, escrow));
    };
    return command;
  }

  std::vector<Answer> send(const std::vector<Command>& commands) {
    return Writer(*database_, sha256).execute(commands, now);
  }

  AccountState stored() { return find_account(*database_, citizen).value(); }

  TemporaryFolder folder_;
  std::optional<Database> database_;
};

TEST_F(WriterTest, lets_two_spenders_of_one_lot_see_each_other_in_one_commit) {
  const auto answers = send({grant(1, 10), order(2, 6), order(3, 6)});
  EXPECT_FALSE(answers[1].refusal);
  ASSERT_TRUE(answers[2].refusal);
  EXPECT_EQ("MAL-02", answers[2].refusal->code);
  EXPECT_EQ(Points(4), stored().points_available);
}

TEST_F(WriterTest, gives_a_repeated_command_its_first_answer_and_changes_nothing) {
  const auto first = send({grant(1, 10), order(2, 6)});
  const auto again = send({order(2, 6)});
  EXPECT_TRUE(again[0].repeated);
  EXPECT_EQ(first[1].entry, again[0].entry);
  EXPECT_EQ(Points(4), stored().points_available);
}

TEST_F(WriterTest, stores_a_refusal_so_that_it_stays_the_answer) {
  const auto refused = send({order(2, 6)});
  const auto again = send({grant(1, 10), order(2, 6)});
  ASSERT_TRUE(again[1].refusal);
  EXPECT_EQ(refused[0].refusal, again[1].refusal);
}

TEST_F(WriterTest, refuses_a_used_id_with_other_content) {
  send({grant(1, 10), order(2, 6)});
  const auto other = send({order(2, 1)});
  ASSERT_TRUE(other[0].refusal);
  EXPECT_EQ("IDM-01", other[0].refusal->code);
}

TEST_F(WriterTest, gives_one_answer_to_the_same_command_twice_in_one_commit) {
  const auto answers = send({grant(1, 10), grant(1, 10)});
  EXPECT_EQ(answers[0].entry, answers[1].entry);
  EXPECT_EQ(Points(10), stored().points_available);
}

TEST_F(WriterTest, refuses_an_account_that_nobody_opened) {
  const auto answers = send({grant(1, 10, AccountId{777'777})});
  ASSERT_TRUE(answers[0].refusal);
  EXPECT_EQ("ACC-01", answers[0].refusal->code);
}

TEST_F(WriterTest, numbers_the_acts_of_a_part_without_gaps_over_commits) {
  send({grant(1, 10), order(2, 60), order(3, 1)});
  send({order(4, 1)});
  std::vector<std::int64_t> numbers;
  for (auto rows = database_->statement("SELECT act_no FROM entries ORDER BY entry_id"); rows.step();)
    numbers.push_back(rows.integer(0));
  EXPECT_EQ((std::vector<std::int64_t>{1, 2, 3}), numbers);
}

TEST_F(WriterTest, chains_the_entries_of_an_account) {
  send({grant(1, 10), order(2, 1), order(3, 1)});
  auto row = database_->statement("SELECT prev_entry FROM entries WHERE entry_id = ?");
  row.bind(stored().last_entry.value);
  ASSERT_TRUE(row.step());
  EXPECT_EQ(2, row.integer(0));
}

TEST_F(WriterTest, leaves_no_trace_of_a_commit_that_failed) {
  Command broken = grant(2, 5);
  broken.decide = [](const AccountState&) -> Result<Decided> { throw Defect("planted"); };
  EXPECT_THROW(send({grant(1, 10), broken}), Defect);
  EXPECT_EQ(0, stored().version);
  EXPECT_EQ(0, database_->statement("SELECT count(*) FROM commands").run_integer());
}

TEST_F(WriterTest, numbers_what_leaves_circulation) {
  Command cancel = order(2, 1);
  cancel.decide = [](const AccountState& state) -> Result<Decided> {
    TANPUHUI_TRY(const UsePlan plan, plan_use(state, Milligrams(250'000), today));
    return decided(EntryKind::cancel, use_reductions(state, plan, SystemAccount::cancelled));
  };
  const auto answers = send({grant(1, 10), cancel});
  const Entry entry = find_entry(*database_, answers[1].entry).value();
  ASSERT_EQ(1U, entry.posting.serials.size());
  EXPECT_EQ(Milligrams(300'000), entry.posting.serials[0].to_mg);
  EXPECT_EQ(300'000, database_->statement("SELECT serial_next_mg FROM batches").run_integer());
}

TEST_F(WriterTest, keeps_rows_equal_to_a_replay_over_many_commits_with_many_lots) {
  std::vector<Command> commands;
  for (int i = 1; i <= 150; ++i) commands.push_back(grant(i, 1 + i % 7));
  for (int i = 151; i <= 900; ++i) commands.push_back(order(i, 1 + i % 3));
  send(commands);
  LedgerAudit audit([](AccountId account) { return account == escrow; });
  for (auto rows = database_->statement("SELECT entry_id FROM entries ORDER BY entry_id"); rows.step();)
    audit.see(find_entry(*database_, EntryId{rows.integer(0)}).value());
  audit.see(stored());
  for (const Violation& violation : audit.finish()) ADD_FAILURE() << violation.invariant << ": " << violation.what;
  EXPECT_GT(stored().version, 150);
}

}  // namespace
}  // namespace tanpuhui
