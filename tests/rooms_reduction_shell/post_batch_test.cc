#include "rooms/reduction/shell/post_batch.h"

#include "batches.h"

namespace tanpuhui {
namespace {

TEST_F(BatchesTest, are_not_posted_before_both_have_signed) {
  const BatchId batch = compute().value();
  ASSERT_TRUE(sign(batch, Signer::partner));
  const auto refused = post(batch);
  ASSERT_FALSE(refused);
  EXPECT_EQ("ISS-01", refused.error().code);
  EXPECT_EQ(book_.basis_of("ISS-01"), refused.error().basis);
}

TEST_F(BatchesTest, post_every_milligram_and_a_point_for_each_full_100_g) {
  const BatchId batch = signed_batch();
  const PostedBatch posted = post(batch).value();
  EXPECT_EQ(2, posted.persons);
  EXPECT_EQ(Points(2), posted.points);
  EXPECT_EQ(Milligrams(309'999), posted.reduction);
  EXPECT_EQ("posted", state_of(batch));
  const AccountState first = find_account(*database_, AccountId{1001}).value();
  EXPECT_EQ(Points(2), first.points_available);
  EXPECT_EQ(Milligrams(210'000), first.backing_mg);
  const AccountState second = find_account(*database_, AccountId{1002}).value();
  EXPECT_EQ(Points(0), second.points_available);
  EXPECT_EQ(Milligrams(99'999), second.free_mg);
}

TEST_F(BatchesTest, are_posted_without_entries_where_everything_is_carried) {
  database_->execute("UPDATE sealed_acts SET reduction_mg = -reduction_mg");
  const BatchId batch = signed_batch();
  const std::int64_t entries = database_->statement("SELECT count(*) FROM entries").run_integer();
  const PostedBatch posted = post(batch).value();
  EXPECT_EQ(0, posted.persons);
  EXPECT_EQ(Milligrams(), posted.reduction);
  EXPECT_EQ("posted", state_of(batch));
  EXPECT_EQ(entries, database_->statement("SELECT count(*) FROM entries").run_integer());
}

TEST_F(BatchesTest, post_a_point_for_each_act_without_reductions_behind_which_are_no_grams) {
  database_->execute("UPDATE sealed_acts SET reduction_mg = 0");
  const PostedBatch posted = post(signed_batch(false)).value();
  EXPECT_EQ(2, posted.persons);
  EXPECT_EQ(Points(3), posted.points);
  EXPECT_EQ(Milligrams(), posted.reduction);
  const AccountState first = find_account(*database_, AccountId{1001}).value();
  EXPECT_EQ(Points(2), first.points_available);
  EXPECT_EQ(Milligrams(), first.backing_mg);
  EXPECT_EQ(day_of({2027, 2, 5}), first.next_expiry);
}

TEST_F(BatchesTest, are_not_posted_when_an_act_without_reductions_no_longer_counts) {
  database_->execute("UPDATE sealed_acts SET reduction_mg = 0");
  const BatchId batch = signed_batch(false);
  database_->execute("UPDATE sealed_acts SET outcome = 61 WHERE account_id = 1002");
  EXPECT_EQ("ISS-03", post(batch).error().code);
}

TEST_F(BatchesTest, fix_no_crediting_day_while_no_points_rule_is_in_force) {
  const BatchId batch = signed_batch();
  EXPECT_EQ("PTS-02", post(batch, start_of(day_of({2024, 9, 29}), Zone{480})).error().code);
  EXPECT_EQ("signed", state_of(batch));
  EXPECT_EQ(february_5, post(batch).value().credited_on);
}

TEST_F(BatchesTest, posted_again_change_nothing_and_keep_their_crediting_day) {
  const BatchId batch = signed_batch();
  post(batch).value();
  const std::int64_t entries = database_->statement("SELECT count(*) FROM entries").run_integer();
  const PostedBatch again = post(batch, Instant{now.ms + 86'400'000}).value();
  EXPECT_EQ(february_5, again.credited_on);
  EXPECT_EQ(entries, database_->statement("SELECT count(*) FROM entries").run_integer());
}

TEST_F(BatchesTest, are_not_posted_when_an_act_was_changed_after_the_signature) {
  const BatchId batch = signed_batch();
  database_->execute("UPDATE sealed_acts SET reduction_mg = reduction_mg + 1 WHERE account_id = 1001 AND n = 0");
  const auto refused = post(batch);
  ASSERT_FALSE(refused);
  EXPECT_EQ("ISS-03", refused.error().code);
}

TEST_F(BatchesTest, are_not_posted_when_a_line_was_changed_after_the_signature) {
  const BatchId batch = signed_batch();
  database_->execute("UPDATE batch_lines SET records = records + 1 WHERE account_id = 1001");
  const auto refused = post(batch);
  ASSERT_FALSE(refused);
  EXPECT_EQ("ISS-03", refused.error().code);
}

TEST_F(BatchesTest, tell_how_many_lines_are_posted) {
  const BatchId batch = signed_batch();
  std::vector<std::pair<std::int64_t, std::int64_t>> seen;
  post_batch(office(), batch, [&](std::int64_t done, std::int64_t lines) { seen.emplace_back(done, lines); }).value();
  EXPECT_EQ(seen, (std::vector<std::pair<std::int64_t, std::int64_t>>{{2, 2}}));
}

TEST_F(BatchesTest, are_posted_to_the_end_where_a_posting_was_broken_off) {
  constexpr std::int64_t persons = 4100;
  Transaction made(*database_);
  auto insert = database_->statement("INSERT INTO sealed_acts VALUES (1, ?, 0, ?, 0, 0, 0, '1', 0, 0, ?, x'', 100000)");
  for (std::int64_t person = 20'000; person < 20'000 + persons; ++person) {
    open_account(AccountId{person});
    insert.bind(day_of({2025, 1, 3}).number).bind(person).bind(static_cast<int>(Outcome::accepted)).add();
  }
  insert.run();
  made.commit();
  const BatchId batch = signed_batch();
  const auto entries = [this] {
    return database_->statement("SELECT count(*) FROM entries WHERE account_id > 1000").run_integer();
  };
  struct Killed {};
  const auto kill = [](std::int64_t, std::int64_t) { throw Killed{}; };
  EXPECT_THROW(static_cast<void>(post_batch(office(), batch, kill)), Killed);
  EXPECT_EQ("posting", state_of(batch));
  EXPECT_EQ(entries(), 4096);
  EXPECT_EQ(list_batches_to_post(*database_), std::vector<BatchId>{batch});
  EXPECT_EQ(post(batch).value().persons, persons + 2);
  EXPECT_EQ(entries(), persons + 2);
  EXPECT_EQ(list_batches_to_post(*database_), std::vector<BatchId>{});
}

}  // namespace
}  // namespace tanpuhui
