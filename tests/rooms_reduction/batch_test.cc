#include "rooms/reduction/batch.h"

#include <set>

#include <gtest/gtest.h>

#include "base/cbor.h"

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

PostingFacts recomputed(std::int64_t saved_mg, std::int64_t records) {
  return {true, true, Milligrams(saved_mg), records, true};
}

/// The authority signs, or the operator under a delegation.
SigningRule by_keys() {
  SigningRule rule;
  rule.authority_may_sign = true;
  return rule;
}

std::string code_of(const Result<Done>& result) { return result ? "granted" : result.error().code; }

TEST(sign, nobodys_key_signs_where_a_case_issues_but_the_partners) {
  SigningRule rule = by_keys();
  rule.by_case = true;
  const Day day = day_of({2025, 2, 1});
  EXPECT_EQ("granted", code_of(decide_sign(january(), {Signer::partner, {}}, rule, day)));
  EXPECT_EQ("ISS-01", code_of(decide_sign(january(), {Signer::authority, {}}, rule, day)));
  EXPECT_EQ("ISS-01", code_of(decide_sign(january(), {Signer::operator_by_delegation, written()}, rule, day)));
}

TEST(sign, is_as_the_book_has_it) {
  SigningRule operator_alone;
  operator_alone.operator_needs_delegation = false;
  const Day day = day_of({2025, 2, 1});
  EXPECT_EQ("granted", code_of(decide_sign(january(), {Signer::operator_by_delegation, {}}, operator_alone, day)));
  EXPECT_EQ("ISS-01", code_of(decide_sign(january(), {Signer::authority, {}}, operator_alone, day)));
}

TEST(sign, is_granted_under_a_delegation_up_to_its_limit_and_last_day) {
  EXPECT_EQ("granted", code_of(decide_sign(january(), {Signer::operator_by_delegation, written()}, by_keys(),
                                           day_of({2025, 12, 31}))));
}

TEST(sign, is_refused_the_day_after_the_delegation_ends) {
  EXPECT_EQ("ISS-01", code_of(decide_sign(january(), {Signer::operator_by_delegation, written()}, by_keys(),
                                          day_of({2026, 1, 1}))));
}

TEST(sign, is_refused_for_one_milligram_above_the_limit) {
  BatchContent content = january();
  content.lines[0].reduction += Milligrams(1);
  EXPECT_EQ("ISS-01", code_of(decide_sign(content, {Signer::operator_by_delegation, written()}, by_keys(),
                                          day_of({2025, 2, 1}))));
}

TEST(sign, is_refused_for_another_scenario) {
  Delegation other = written();
  other.scope = "metro";
  EXPECT_EQ("ISS-01",
            code_of(decide_sign(january(), {Signer::operator_by_delegation, other}, by_keys(), day_of({2025, 2, 1}))));
}

TEST(sign, is_refused_to_an_operator_without_a_delegation) {
  EXPECT_EQ("ISS-01",
            code_of(decide_sign(january(), {Signer::operator_by_delegation, {}}, by_keys(), day_of({2025, 2, 1}))));
}

TEST(sign, is_refused_for_an_empty_batch) {
  BatchContent content = january();
  content.lines.clear();
  EXPECT_EQ("ISS-01", code_of(decide_sign(content, {Signer::authority, {}}, by_keys(), day_of({2025, 2, 1}))));
}

TEST(post, needs_both_signatures) {
  PostingFacts facts = recomputed(1'000'000, 10);
  EXPECT_EQ("granted", code_of(decide_post(january(), facts)));
  facts.signed_by_authority = false;
  EXPECT_EQ("ISS-01", code_of(decide_post(january(), facts)));
  facts.signed_by_authority = true, facts.signed_by_partner = false;
  EXPECT_EQ("ISS-01", code_of(decide_post(january(), facts)));
}

TEST(post, is_refused_when_the_engine_computes_another_amount) {
  EXPECT_EQ("ISS-03", code_of(decide_post(january(), recomputed(999'999, 10))));
  EXPECT_EQ("ISS-03", code_of(decide_post(january(), recomputed(1'000'000, 9))));
  PostingFacts other_content = recomputed(1'000'000, 10);
  other_content.digest_matches = false;
  EXPECT_EQ("ISS-03", code_of(decide_post(january(), other_content)));
}

TEST(post, compares_what_acts_saved_and_not_what_is_issued_where_losses_are_carried) {
  BatchContent content = january();
  content.lines[0].carried_in = Milligrams(-50'000);  // issues 400'000 of 450'000
  content.lines[1] = line_of({AccountId{1002}, Milligrams(-30'000), 6}, Milligrams());
  EXPECT_EQ(Milligrams(400'000), content.total());
  EXPECT_EQ(Milligrams(420'000), content.saved());
  EXPECT_EQ("granted", code_of(decide_post(content, recomputed(420'000, 10))));
  EXPECT_EQ("ISS-03", code_of(decide_post(content, recomputed(400'000, 10))));
}

struct Month {
  std::int64_t saved, issued, carried;
};

TEST(batch_line, carries_a_loss_until_it_is_made_good) {
  Milligrams carried, issued, saved;
  for (const Month& month : {Month{-5, 0, -5}, Month{3, 0, -2}, Month{2, 0, 0}, Month{4, 4, 0}, Month{-1, 0, -1},
                             Month{0, 0, -1}, Month{9, 8, 0}}) {
    const BatchLine line = line_of({AccountId{1001}, Milligrams(month.saved), 1}, carried);
    EXPECT_EQ(Milligrams(month.issued), line.reduction);
    EXPECT_EQ(Milligrams(month.carried), line.carried_out);
    EXPECT_EQ(carried, line.carried_in);
    EXPECT_EQ(Milligrams(month.saved), line.saved());
    carried = line.carried_out, issued += line.reduction, saved += line.saved();
    EXPECT_EQ(saved, issued + carried);
  }
}

TEST(batch_line, issues_the_same_however_a_period_with_losses_first_is_cut) {
  const Milligrams whole = line_of({AccountId{1001}, Milligrams(2), 3}, Milligrams()).reduction;
  const BatchLine first = line_of({AccountId{1001}, Milligrams(-2), 2}, Milligrams());
  const BatchLine second = line_of({AccountId{1001}, Milligrams(4), 1}, first.carried_out);
  EXPECT_EQ(whole, first.reduction + second.reduction);
}

TEST(sign, is_granted_for_a_batch_in_which_everything_is_carried) {
  BatchContent content = january();
  content.lines = {line_of({AccountId{1001}, Milligrams(-5), 2}, Milligrams())};
  EXPECT_EQ(Milligrams(), content.total());
  EXPECT_EQ("granted", code_of(decide_sign(content, {Signer::authority, {}}, by_keys(), day_of({2025, 2, 1}))));
}

TEST(batch_digest, changes_with_every_line) {
  BatchContent changed = january();
  changed.lines[1].records += 1;
  EXPECT_NE(batch_digest(january(), folded), batch_digest(changed, folded));
  EXPECT_EQ(batch_digest(january(), folded), batch_digest(january(), folded));
}

TEST(batch_digest, of_lines_that_carry_nothing_is_written_as_it_always_was) {
  const BatchContent content = january();
  CborWriter bytes;
  bytes.array(9).text("tph/batch1").integer(7).text("ride").integer(content.period_from.number);
  bytes.integer(content.period_until.number).bytes(Digest{}).bytes(Digest{}).bytes(Digest{}).array(2);
  bytes.array(3).integer(1001).integer(400'000).integer(4).array(3).integer(1002).integer(600'000).integer(6);
  EXPECT_EQ(folded(bytes.result()), batch_digest(content, folded));
}

TEST(batch_digest, changes_with_what_is_carried_and_with_acts_that_bear_no_reductions) {
  std::vector<BatchContent> contents{january()};
  for (const std::int64_t loss : {-1, -2}) {
    contents.insert(contents.end(), 3, january());
    contents.end()[-1].lines[1].carried_in = Milligrams(loss);
    contents.end()[-2].lines[1].carried_out = Milligrams(loss);
    contents.end()[-3].lines[1].plain_records = -loss;
  }
  std::set<Digest> digests;
  for (const BatchContent& content : contents) digests.insert(batch_digest(content, folded));
  EXPECT_EQ(contents.size(), digests.size());
}

}  // namespace
}  // namespace tanpuhui
