#include "rooms/reduction/statement.h"

#include <gtest/gtest.h>

#include "rooms/reduction/purpose.h"

namespace tanpuhui {
namespace {

Digest filled(std::uint8_t byte) {
  Digest digest;
  digest.fill(byte);
  return digest;
}

StatementContext sample_context() {
  StatementContext context;
  context.number = "S20251101-00ff";
  context.programme = {"演示", "demo"};
  context.purpose_id = "event_neutrality";
  context.purpose = {"大型活动碳中和", "neutrality of a large event"};
  context.beneficiary = "决赛 / final";
  context.holder = "H-0011";
  context.zone = Zone{480};
  context.batches = {{BatchId{3}, "ride 2025-01-01/2025-01-31 #3", "bike-demo/v1", filled(7)},
                     {BatchId{4}, "ride 2025-02-01/2025-02-28 #4", "bike-demo/v1", filled(7)}};
  return context;
}

Leg leg(std::int64_t account, std::int64_t batch, std::int64_t mg) {
  return {AccountId{account}, BatchId{batch}, 0, Points(), Milligrams(), Milligrams(mg)};
}

Entry sample_entry() {
  Entry entry;
  entry.entry_id = EntryId{17};
  entry.part = Part{5};
  entry.act_no = 2;
  entry.kind = EntryKind::donate;
  entry.actor = "person";
  entry.basis = "book.a26p1";
  entry.rulebook_hash = filled(9);
  entry.recorded_at = Instant{1'761'955'200'000};
  entry.occurred_on = day_of({2025, 11, 1});
  entry.document_digest = filled(1);
  entry.posting.account = AccountId{1001};
  entry.posting.legs = {leg(1001, 3, -400), leg(10, 3, 400), leg(1001, 4, -25), leg(10, 4, 25)};
  entry.posting.serials = {{BatchId{3}, Milligrams(1000), Milligrams(1400)},
                           {BatchId{4}, Milligrams(0), Milligrams(25)}};
  return entry;
}

Result<StatementFacts> facts_of(const Entry& entry, const StatementContext& context) {
  return decode_statement_facts(encode_entry(entry), encode_statement(context));
}

std::string code_of(const Result<StatementFacts>& facts) { return facts ? "" : facts.error().code; }

TEST(statement, says_the_amounts_of_its_entry_under_the_names_of_its_context) {
  const StatementFacts facts = facts_of(sample_entry(), sample_context()).value();
  EXPECT_EQ(EntryId{17}, facts.entry_id);
  EXPECT_EQ(Milligrams(425), facts.amount);
  EXPECT_EQ((std::vector<StatementSerials>{{"ride 2025-01-01/2025-01-31 #3", 1000, 1400},
                                           {"ride 2025-02-01/2025-02-28 #4", 0, 25}}),
            facts.serials);
  EXPECT_EQ("注销证明", facts.document.zh);
  EXPECT_EQ("决赛 / final", facts.beneficiary);
  EXPECT_EQ(filled(1), facts.context_digest);
  EXPECT_EQ(filled(9), facts.rulebook);
}

TEST(statement, names_a_methodology_once) {
  const StatementFacts facts = facts_of(sample_entry(), sample_context()).value();
  EXPECT_EQ((std::vector<CertifiedMethodology>{{"bike-demo/v1", filled(7)}}), facts.methodologies);
}

TEST(statement, reads_back_as_it_was_written) {
  const Bytes bytes = encode_statement(sample_context());
  EXPECT_EQ(bytes, encode_statement(decode_statement(bytes).value()));
}

TEST(statement, is_refused_at_every_length_but_its_own) {
  Bytes bytes = encode_statement(sample_context());
  for (std::size_t size = 0; size < bytes.size(); ++size)
    EXPECT_FALSE(decode_statement(ByteView(bytes).first(size))) << size;
  bytes.push_back(0);
  EXPECT_FALSE(decode_statement(bytes));
}

TEST(statement, has_one_encoding_whatever_byte_is_changed) {
  const Bytes bytes = encode_statement(sample_context());
  for (std::size_t at = 0; at < bytes.size(); ++at)
    for (unsigned flip = 1; flip < 256; ++flip) {
      Bytes changed = bytes;
      changed[at] = static_cast<std::uint8_t>(changed[at] ^ flip);
      const auto decoded = decode_statement(changed);
      EXPECT_TRUE(!decoded || encode_statement(*decoded) == changed) << at;
    }
}

TEST(statement, lists_exactly_the_batches_of_its_entry) {
  StatementContext less = sample_context();
  less.batches.pop_back();
  EXPECT_EQ("CER-13", code_of(facts_of(sample_entry(), less)));
  StatementContext more = sample_context();
  more.batches.push_back({BatchId{5}, "another", "bike-demo/v1", filled(7)});
  EXPECT_EQ("CER-13", code_of(facts_of(sample_entry(), more)));
}

TEST(statement, belongs_to_an_entry_that_names_its_digest) {
  Entry entry = sample_entry();
  entry.document_digest.reset();
  EXPECT_EQ("CER-13", code_of(facts_of(entry, sample_context())));
}

TEST(statement, is_never_read_from_an_entry_that_is_no_use) {
  Entry entry = sample_entry();
  entry.kind = EntryKind::order;
  EXPECT_EQ("CER-11", code_of(facts_of(entry, sample_context())));
  EXPECT_EQ("CER-11", code_of(decode_statement_facts(as_bytes("no entry"), encode_statement(sample_context()))));
}

TEST(statement, is_refused_when_serials_are_not_what_left_circulation) {
  Entry entry = sample_entry();
  entry.posting.serials[0].to_mg = Milligrams(1401);
  EXPECT_EQ("CER-19", code_of(facts_of(entry, sample_context())));
}

TEST(statement, survives_serials_that_no_honest_ledger_writes) {
  Entry entry = sample_entry();
  entry.posting.legs = {leg(1001, 3, -INT64_MAX), leg(10, 3, INT64_MAX), leg(1001, 4, -INT64_MAX),
                        leg(10, 4, INT64_MAX)};
  entry.posting.serials = {{BatchId{3}, Milligrams(0), Milligrams(INT64_MAX)},
                           {BatchId{4}, Milligrams(0), Milligrams(INT64_MAX)}};
  EXPECT_EQ("CER-19", code_of(facts_of(entry, sample_context())));
}

PermittedUse use_named(std::string id, UseBy by = UseBy::owner) {
  PermittedUse use;
  use.id = std::move(id);
  use.by = by;
  return use;
}

TEST(purpose, of_a_donation_is_cancelled_in_favour_of_its_beneficiary) {
  const UsePurpose purpose = purpose_of(use_named("donation")).value();
  EXPECT_EQ(SystemAccount::cancelled, purpose.destination);
  EXPECT_EQ(EntryKind::donate, purpose.kind);
}

TEST(purpose, unknown_to_the_ledger_is_refused) {
  const auto purpose = purpose_of(use_named("bonfire"));
  ASSERT_FALSE(purpose);
  EXPECT_EQ("USE-01", purpose.error().code);
}

TEST(purpose, of_the_platform_is_not_the_owners_to_ask_for) {
  EXPECT_TRUE(owner_purposes({use_named("cancel", UseBy::platform)}).empty());
  EXPECT_EQ(1U, owner_purposes({use_named("cancel"), use_named("bonfire")}).size());
}

TEST(printable_text, is_utf8_without_control_characters) {
  EXPECT_TRUE(is_printable("江苏省运动会 2025 é 😀"));
  for (const char* bad : {"a\nb", "\x7f", "\xc3", "\xc0\xaf", "\xed\xa0\x80", "\xf5\x80\x80\x80", "\xc2\x85", "\x80"})
    EXPECT_FALSE(is_printable(bad)) << bad;
  EXPECT_TRUE(is_printable(std::string(200, 'a')));
  EXPECT_FALSE(is_printable(std::string(201, 'a')));
}

}  // namespace
}  // namespace tanpuhui
