#include "rooms/reduction/shell/signers.h"

#include "batches.h"

namespace tanpuhui {
namespace {

TEST_F(BatchesTest, keep_the_key_of_a_signer_that_was_recorded_first) {
  const auto refused = record_key(office(), "authority", key_of(9).verify_key().bytes(), new_command_id(now));
  ASSERT_FALSE(refused);
  EXPECT_EQ("ISS-01", refused.error().code);
}

TEST_F(BatchesTest, keep_a_delegation_that_is_recorded_again) {
  EXPECT_TRUE(record_delegation(office(), delegation(), new_command_id(now)));
  EXPECT_EQ(1, database_->statement("SELECT count(*) FROM delegations").run_integer());
}

TEST_F(BatchesTest, refuse_a_delegation_of_other_content_under_a_recorded_document) {
  Delegation other = delegation();
  other.until = other.until + 1;
  const auto refused = record_delegation(office(), other, new_command_id(now));
  ASSERT_FALSE(refused);
  EXPECT_EQ("ISS-01", refused.error().code);
}

}  // namespace
}  // namespace tanpuhui
