#include "store/writer.h"

#include <atomic>
#include <csignal>
#include <thread>

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

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

/// Twelve persons with ten points each, and orders of theirs in groups of three, as a job has them.
class writer_in_step : public WriterTest {
 protected:
  static constexpr int persons = 12, persons_a_group = 3;
  static AccountId person(int i) { return AccountId{7000 + i}; }
  static void grant_all(Database& database) {
    std::vector<Command> grants;
    for (int i = 0; i < persons; ++i) {
      open_account(database, person(i));
      grants.push_back(grant(i + 1, 10, person(i)));
    }
    Writer(database, sha256).execute(grants, test_now);
  }
  static Command order_of(int i) { return order(100, 1 + i % 4, person(i)); }

  writer_in_step() { grant_all(*database_); }

  /// Every second group has read its accounts itself.
  Writer::Step next(Database& reader) {
    Writer::Step step;
    for (int i = next_; i < std::min(persons, next_ + persons_a_group); ++i) {
      step.commands.push_back(order_of(i));
      if (next_ / persons_a_group % 2 == 1) step.at_hand.push_back(find_account(reader, person(i)).value());
    }
    next_ += persons_a_group;
    step.answered = [this](std::span<const Answer> given) -> Result<Done> {
      answers_.insert(answers_.end(), given.begin(), given.end());
      for (const Answer& answer : given)
        if (answer.refusal) return *answer.refusal;
      return Done{};
    };
    return step;
  }
  Result<Done> run(const Shared& shared = {}) {
    next_ = 0;
    answers_.clear();
    Writer writer(*database_, sha256);
    return writer.execute_in_step([this](Database& reader) { return next(reader); }, test_now, shared);
  }

  int next_ = 0;
  std::vector<Answer> answers_;
};

TEST_F(writer_in_step, leaves_the_bytes_that_one_group_after_another_leaves) {
  ASSERT_TRUE(run());
  TemporaryFolder folder;
  Database other = Database::open_writer(folder / "other.db");
  found_world(other);
  grant_all(other);
  std::vector<Command> orders;
  for (int i = 0; i < persons; ++i) orders.push_back(order_of(i));
  const std::vector<Answer> expected = Writer(other, sha256).execute(orders, test_now, {}, persons_a_group);
  EXPECT_EQ(answers_, expected);
  EXPECT_EQ(digest_of_rows(*database_), digest_of_rows(other));
}

TEST_F(writer_in_step, gives_repeated_commands_their_first_answers) {
  ASSERT_TRUE(run());
  const std::vector<Answer> first = answers_;
  const std::string rows = digest_of_rows(*database_);
  ASSERT_TRUE(run());
  ASSERT_EQ(answers_.size(), first.size());
  for (std::size_t i = 0; i < first.size(); ++i) {
    EXPECT_TRUE(answers_[i].repeated);
    EXPECT_EQ(answers_[i].entry, first[i].entry);
  }
  EXPECT_EQ(digest_of_rows(*database_), rows);
}

// What the first commit finds is not what its group was decided on: its own change of it is rolled back with it.
TEST_F(writer_in_step, decides_anew_what_changed_since_it_was_read) {
  int commits = 0;
  ASSERT_TRUE(run({.load = [&] {
    if (++commits > 1) return;
    database_->statement("UPDATE accounts SET version = version + 1 WHERE part = ? AND account_id = ?")
        .bind(part_of(person(1)).value)
        .bind(person(1).value)
        .run();
  }}));
  EXPECT_GT(commits, 1);
  ASSERT_EQ(answers_.size(), std::size_t{persons});
  for (const Answer& answer : answers_) EXPECT_FALSE(answer.refusal || answer.repeated);
  for (int i = 0; i < persons; ++i) {
    const AccountState account = find_account(*database_, person(i)).value();
    EXPECT_EQ(account.version, 2) << i;
    EXPECT_EQ(account.points_available, Points(10 - (1 + i % 4))) << i;
  }
}

TEST_F(writer_in_step, hands_on_what_goes_wrong_while_it_decides_ahead) {
  const auto failing = [this](Database& reader) {
    if (next_ >= 2 * persons_a_group) throw Fault("the next group cannot be read");
    return next(reader);
  };
  next_ = 0;
  Writer writer(*database_, sha256);
  EXPECT_EQ(fault_of([&] { (void)writer.execute_in_step(failing, test_now, {}); }), "the next group cannot be read");
  ASSERT_TRUE(run());
  for (int i = 0; i < persons; ++i) EXPECT_EQ(find_account(*database_, person(i)).value().version, 2) << i;
}

// The process dies while some of its groups are written, in the middle of a commit or between two.
TEST_F(writer_in_step, loses_and_doubles_nothing_when_it_is_killed) {
  for (int groups = 1; groups <= persons / persons_a_group; ++groups) {
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      Database database = Database::open_writer(database_->location());
      Writer writer(database, sha256);
      std::atomic<bool> writing = false;
      int asked = 0;
      next_ = 0;
      const auto dying = [&](Database& reader) {
        if (++asked > groups) {
          while (!writing) std::this_thread::yield();
          std::this_thread::sleep_for(std::chrono::milliseconds(5 * groups));
          ::kill(::getpid(), SIGKILL);
        }
        return next(reader);
      };
      (void)writer.execute_in_step(dying, test_now, {.load = [&] { writing = true; }});
      std::_Exit(0);
    }
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_TRUE(WIFSIGNALED(status)) << groups;
    for (int i = 0; i < persons; ++i) {
      const AccountState account = find_account(*database_, person(i)).value();
      const bool ordered = account.version == 2;
      EXPECT_EQ(account.points_available, Points(ordered ? 10 - (1 + i % 4) : 10)) << i;
      EXPECT_EQ(find_entry(*database_, account.last_entry).value().kind, ordered ? EntryKind::order : EntryKind::post);
    }
  }
  ASSERT_TRUE(run());
  for (int i = 0; i < persons; ++i) EXPECT_EQ(find_account(*database_, person(i)).value().version, 2) << i;
  EXPECT_EQ(database_->statement("SELECT count(*) FROM entries").run_integer(), 2 * persons);
}

TEST_F(writer_in_step, ends_with_the_first_refusal) {
  send({order(50, 10, person(4))});  // leaves no points
  const auto done = run();
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, "MAL-02");
  EXPECT_EQ(find_account(*database_, person(3)).value().version, 2);
}

}  // namespace
}  // namespace tanpuhui
