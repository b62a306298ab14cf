#pragma once
/// A programme with sealed acts of January, and signers whose keys are recorded.
#include <optional>
#include <string>

#include <gtest/gtest.h>

#include "crypto/hash.h"
#include "rooms/activity/shell/find_acts.h"
#include "rooms/reduction/shell/compute_batch.h"
#include "rooms/reduction/shell/post_batch.h"
#include "rooms/reduction/shell/sign_batch.h"
#include "rooms/reduction/shell/signers.h"
#include "rooms/reduction/shell/stored_batch.h"
#include "store/migrations.h"
#include "support/law.h"
#include "support/store.h"

namespace tanpuhui {

inline const Day february_5 = day_of({2025, 2, 5});
inline const Instant now = start_of(february_5, Zone{480});

class BatchesTest : public ::testing::Test {
 protected:
  BatchesTest() {
    database_.emplace(Database::open_writer(test_location(folder_ / "p.db")));
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
    seal_act({2025, 1, 3}, 1003, 0, 0, Outcome::overlap);
    seal_act({2025, 1, 9}, 1001, 0, 60'000);
    for (const Signer signer : {Signer::partner, Signer::authority, Signer::operator_by_delegation})
      record_key(office(), key_holder(signer, "ride"), key_of(static_cast<std::uint8_t>(signer)).verify_key().bytes(),
                 new_command_id(now))
          .value();
    record_delegation(office(), delegation(), new_command_id(now)).value();
  }
  ~BatchesTest() override {
    writer_.reset();
    database_.reset();
  }

  void open_account(AccountId account) {
    database_
        ->statement(
            "INSERT INTO accounts_register(account_id, part, kind, ref, status, opened_at) VALUES (?, ?, 1, ?, 1, 0)")
        .bind(account.value)
        .bind(std::int64_t{part_of(account).value})
        .bind(std::string_view(std::to_string(account.value)))
        .run();
  }

  void seal_act(Civil on, std::int64_t person, int round, std::int64_t reduction_mg,
                Outcome outcome = Outcome::accepted) {
    const std::int64_t day = day_of(on).number;
    database_->execute(
        "INSERT INTO sealed_days(scenario_id, day, round, runs_digest, inputs_digest, digest, tail, counts, "
        "accepted, "
        "reduction_mg, sealed_at) VALUES (1, " +
        std::to_string(day) + ", " + std::to_string(round) +
        ", x'', x'00', x'01', x'', '{}', 1, 0, 0) ON CONFLICT DO NOTHING");
    database_->execute("INSERT INTO sealed_acts VALUES (1, " + std::to_string(day) + ", " + std::to_string(round) +
                       ", " + std::to_string(person) + ", 0, 0, 0, '1', 0, 0, " +
                       std::to_string(static_cast<int>(outcome)) + ", x'', " + std::to_string(reduction_mg) + ")");
  }

  Result<BatchId> compute(bool bears_reductions = true) {
    return compute_batch(office(), {ScenarioId{1}, day_of({2025, 1, 1}), day_of({2025, 1, 31}), bears_reductions});
  }

  Office office(Instant at = now) { return {*database_, *writer_, book_, at}; }

  Result<Done> sign(BatchId batch, Signer signer, const std::string& delegation = "", std::uint8_t key = 0) {
    const SigningKey signing = key_of(key == 0 ? static_cast<std::uint8_t>(signer) : key);
    return sign_batch(office(), batch, {signer, delegation, signing.sign(digest_to_sign(*database_, batch))});
  }

  Result<PostedBatch> post(BatchId batch, Instant at = now) { return post_batch(office(at), batch); }

  static Delegation delegation() { return {"D-1", "ride", Day{0}, Day{30000}, Milligrams(1'000'000'000)}; }

  static SigningKey key_of(std::uint8_t number) {
    KeySeed seed{};
    seed.fill(number);
    return SigningKey::from_seed(seed);
  }

  BatchId signed_batch(bool bears_reductions = true) {
    const BatchId batch = compute(bears_reductions).value();
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

}  // namespace tanpuhui
