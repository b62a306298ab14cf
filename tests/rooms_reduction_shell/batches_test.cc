#include "rooms/reduction/shell/batches.h"

#include <gtest/gtest.h>

#include "crypto/hash.h"
#include "ledger/invariants.h"
#include "store/migrations.h"
#include "support/law.h"

namespace tanpuhui {
namespace {

const Day february_5 = day_of({2025, 2, 5});
const Instant now = start_of(february_5, Zone{480});

class BatchesTest : public ::testing::Test {
 protected:
  BatchesTest() {
    database_.emplace(Database::open_writer(folder_ / "p.db"));
    migrate(*database_);
    writer_.emplace(*database_, sha256);
    const Digest hash{};
    database_
        ->statement(
            "INSERT INTO scenarios VALUES (1, 'ride', '骑行', 'ride', 'dev', 'bike-demo/v1', ?, 0, NULL, 30, 'live')")
        .bind(ByteView(hash))
        .run();
    for (const std::int64_t person : {1001, 1002, 1003}) open_account(AccountId{person});
    seal_act({2025, 1, 3}, 1001, 0, 150'000);
    seal_act({2025, 1, 3}, 1002, 0, 99'999);
    seal_act({2025, 1, 3}, 1003, 0, 0);  // refused at the seal
    seal_act({2025, 1, 9}, 1001, 0, 60'000);
    for (const Signer signer : {Signer::partner, Signer::authority, Signer::operator_by_delegation})
      record_key(office(), key_holder(signer, "ride"), key_of(static_cast<std::uint8_t>(signer)).verify_key().bytes(),
                 new_command_id(now))
          .value();
    record_delegation(office(), {"D-1", "ride", Day{0}, Day{30000}, Milligrams(1'000'000'000)}, new_command_id(now))
        .value();
  }
  ~BatchesTest() override {
    writer_.reset();
    database_.reset();
  }

  void open_account(AccountId account) {
    database_->statement("INSERT INTO accounts_register VALUES (?, ?, 1, ?, 1, 0)")
        .bind(account.value)
        .bind(std::int64_t{part_of(account).value})
        .bind(std::string_view(std::to_string(account.value)))
        .run();
  }

  void seal_act(Civil on, std::int64_t person, int round, std::int64_t reduction_mg) {
    const std::int64_t day = day_of(on).number;
    database_->execute(
        "INSERT OR IGNORE INTO sealed_days(scenario_id, day, round, runs_digest, inputs_digest, digest, tail, counts, "
        "accepted, "
        "reduction_mg, sealed_at) VALUES (1, " +
        std::to_string(day) + ", " + std::to_string(round) + ", x'', x'00', x'01', x'', '{}', 1, 0, 0)");
    database_->execute("INSERT INTO sealed_acts VALUES (1, " + std::to_string(day) + ", " + std::to_string(round) +
                       ", " + std::to_string(person) + ", 0, 0, 0, '1', 0, 0, 1, x'', " + std::to_string(reduction_mg) +
                       ")");
  }

  Result<BatchId> compute() {
    return compute_batch(office(), {ScenarioId{1}, day_of({2025, 1, 1}), day_of({2025, 1, 31})});
  }

  Office office(Instant at = now) { return {*database_, *writer_, book_, at}; }

  Result<Done> sign(BatchId batch, Signer signer, const std::string& delegation = "", std::uint8_t key = 0) {
    const SigningKey signing = key_of(key == 0 ? static_cast<std::uint8_t>(signer) : key);
    return sign_batch(office(), batch, {signer, delegation, signing.sign(digest_to_sign(*database_, batch))});
  }

  Result<PostedBatch> post(BatchId batch, Instant at = now) { return post_batch(office(at), batch); }

  static SigningKey key_of(std::uint8_t number) {
    KeySeed seed{};
    seed.fill(number);
    return SigningKey::from_seed(seed);
  }

  BatchId signed_batch() {
    const BatchId batch = compute().value();
    EXPECT_TRUE(sign(batch, Signer::partner));
    EXPECT_TRUE(sign(batch, Signer::operator_by_delegation, "D-1"));
    return batch;
  }

  std::string state_of(BatchId batch) {
    auto row = database_->statement("SELECT state FROM batches WHERE batch_id = ?");
    row.bind(batch.value);
    row.step();
    return std::string(row.text(0));
  }

  Rulebook book_ = js24_book();
  TemporaryFolder folder_;
  std::optional<Database> database_;
  std::optional<Writer> writer_;
};

TEST_F(BatchesTest, sums_what_each_person_saved_and_leaves_out_refused_acts) {
  const BatchContent content = load_batch(*database_, compute().value());
  EXPECT_EQ(
      (std::vector<BatchLine>{{AccountId{1001}, Milligrams(210'000), 2}, {AccountId{1002}, Milligrams(99'999), 1}}),
      content.lines);
}

TEST_F(BatchesTest, computes_the_same_period_once) { EXPECT_EQ(compute().value(), compute().value()); }

TEST_F(BatchesTest, takes_what_came_later_into_a_batch_of_its_own) {
  const BatchId first = compute().value();
  seal_act({2025, 1, 9}, 1002, 1, 7);
  const BatchId second = compute().value();
  EXPECT_NE(first, second);
  EXPECT_EQ(Milligrams(7), load_batch(*database_, second).total());
}

TEST_F(BatchesTest, are_not_posted_before_both_have_signed) {
  const BatchId batch = compute().value();
  ASSERT_TRUE(sign(batch, Signer::partner));
  const auto refused = post(batch);
  ASSERT_FALSE(refused);
  EXPECT_EQ("ISS-01", refused.error().code);
  EXPECT_EQ(book_.basis_of("ISS-01"), refused.error().basis);
}

TEST_F(BatchesTest, are_not_signed_under_a_delegation_that_nobody_recorded) {
  const auto refused = sign(compute().value(), Signer::operator_by_delegation, "D-2");
  ASSERT_FALSE(refused);
  EXPECT_EQ("ISS-01", refused.error().code);
}

TEST_F(BatchesTest, are_not_signed_with_a_key_that_nobody_recorded) {
  const auto refused = sign(compute().value(), Signer::partner, "", 9);
  ASSERT_FALSE(refused);
  EXPECT_EQ("ISS-01", refused.error().code);
}

TEST_F(BatchesTest, keep_the_key_of_a_signer_that_was_recorded_first) {
  const auto refused = record_key(office(), "authority", key_of(9).verify_key().bytes(), new_command_id(now));
  ASSERT_FALSE(refused);
  EXPECT_EQ("ISS-01", refused.error().code);
}

TEST_F(BatchesTest, are_signed_once_however_often_they_are_sent) {
  const BatchId batch = compute().value();
  sign(batch, Signer::partner).value();
  const std::int64_t entries = database_->statement("SELECT count(*) FROM entries").run_integer();
  sign(batch, Signer::partner).value();
  EXPECT_EQ(entries, database_->statement("SELECT count(*) FROM entries").run_integer());
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

}  // namespace
}  // namespace tanpuhui
