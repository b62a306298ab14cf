#include "store/writer.h"

#include <gtest/gtest.h>

#include "ledger/invariants.h"
#include "store/writer_world.h"
#include "support/law.h"
#include "support/store.h"

namespace tanpuhui {
namespace {

class WriterTest : public ::testing::Test {
 protected:
  WriterTest() { found_world(*database_); }

  std::vector<Answer> send(const std::vector<Command>& commands) {
    return Writer(*database_, sha256).execute(commands, test_now);
  }

  AccountState stored() { return find_account(*database_, citizen).value(); }

  TemporaryFolder folder_;
  std::optional<Database> database_ = Database::open_writer(test_location(folder_ / "p.db"));
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
  const auto answers = send({grant(1, 10), cancel(2, 250'000)});
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
