#include "rooms/reduction/batch.h"

#include <gtest/gtest.h>

namespace tanpuhui {
namespace {

Digest folded(ByteView bytes) {
  Digest digest{};
  for (std::size_t i = 0; i < bytes.size(); ++i)
    digest[i % 32] = static_cast<std::uint8_t>(digest[i % 32] * 31 + bytes[i]);
  return digest;
}

BatchContent january() {
  BatchContent content;
  content.id = BatchId{7};
  content.scenario = "ride";
  content.period_from = day_of({2025, 1, 1});
  content.period_until = day_of({2025, 1, 31});
  content.lines = {{AccountId{1001}, Milligrams(400'000), 4}, {AccountId{1002}, Milligrams(600'000), 6}};
  return content;
}

Delegation written() {
  return {"JS-2025-1", "ride", day_of({2025, 1, 1}), day_of({2025, 12, 31}), Milligrams(1'000'000)};
}

std::string code_of(const Result<Done>& result) { return result ? "granted" : result.error().code; }

TEST(sign, is_granted_under_a_delegation_up_to_its_limit_and_last_day) {
  EXPECT_EQ("granted",
            code_of(decide_sign(january(), {Signer::operator_by_delegation, written()}, day_of({2025, 12, 31}))));
}

TEST(sign, is_refused_the_day_after_the_delegation_ends) {
  EXPECT_EQ("ISS-01",
            code_of(decide_sign(january(), {Signer::operator_by_delegation, written()}, day_of({2026, 1, 1}))));
}

TEST(sign, is_refused_for_one_milligram_above_the_limit) {
  BatchContent content = january();
  content.lines[0].reduction += Milligrams(1);
  EXPECT_EQ("ISS-01", code_of(decide_sign(content, {Signer::operator_by_delegation, written()}, day_of({2025, 2, 1}))));
}

TEST(sign, is_refused_for_another_scenario) {
  Delegation other = written();
  other.scope = "metro";
  EXPECT_EQ("ISS-01", code_of(decide_sign(january(), {Signer::operator_by_delegation, other}, day_of({2025, 2, 1}))));
}

TEST(sign, is_refused_to_an_operator_without_a_delegation) {
  EXPECT_EQ("ISS-01", code_of(decide_sign(january(), {Signer::operator_by_delegation, {}}, day_of({2025, 2, 1}))));
}

TEST(sign, is_refused_for_an_empty_batch) {
  BatchContent content = january();
  content.lines.clear();
  EXPECT_EQ("ISS-01", code_of(decide_sign(content, {Signer::authority, {}}, day_of({2025, 2, 1}))));
}

TEST(post, needs_both_signatures) {
  EXPECT_EQ("granted", code_of(decide_post(january(), {true, true, Milligrams(1'000'000), true})));
  EXPECT_EQ("ISS-01", code_of(decide_post(january(), {true, false, Milligrams(1'000'000), true})));
  EXPECT_EQ("ISS-01", code_of(decide_post(january(), {false, true, Milligrams(1'000'000), true})));
}

TEST(post, is_refused_when_the_engine_computes_another_amount) {
  EXPECT_EQ("ISS-03", code_of(decide_post(january(), {true, true, Milligrams(999'999), true})));
  EXPECT_EQ("ISS-03", code_of(decide_post(january(), {true, true, Milligrams(1'000'000), false})));
}

TEST(batch_digest, changes_with_every_line) {
  BatchContent changed = january();
  changed.lines[1].records += 1;
  EXPECT_NE(batch_digest(january(), folded), batch_digest(changed, folded));
  EXPECT_EQ(batch_digest(january(), folded), batch_digest(january(), folded));
}

}  // namespace
}  // namespace tanpuhui
