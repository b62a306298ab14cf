#include "rooms/reduction/shell/sign_batch.h"

#include "batches.h"

namespace tanpuhui {
namespace {

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

TEST_F(BatchesTest, are_signed_once_however_often_they_are_sent) {
  const BatchId batch = compute().value();
  sign(batch, Signer::partner).value();
  const std::int64_t entries = database_->statement("SELECT count(*) FROM entries").run_integer();
  sign(batch, Signer::partner).value();
  EXPECT_EQ(entries, database_->statement("SELECT count(*) FROM entries").run_integer());
}

}  // namespace
}  // namespace tanpuhui
