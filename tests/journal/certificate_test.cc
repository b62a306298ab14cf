#include "journal/certificate.h"

#include <set>

#include <gtest/gtest.h>

#include "sample.h"

namespace tanpuhui {
namespace {

TEST(certificate, that_is_untouched_holds_and_tells_its_facts) {
  const auto facts = verify_certificate(sample_file(), sample_key(), sample_check());
  ASSERT_TRUE(facts);
  EXPECT_EQ(facts->statement.number, "TPH-2025-000017");
  EXPECT_EQ(facts->statement.amount, Milligrams(1'234'567));
  EXPECT_EQ(facts->statement.serials, (std::vector<StatementSerials>{{"骑行 2025-01", 1000, 1'235'567}}));
  EXPECT_EQ(facts->block.number, 5);
  EXPECT_EQ(facts->checkpoint.size, 11);
}

TEST(certificate, says_in_both_languages_how_much_and_what_it_is_not) {
  const std::string file = sample_file();
  EXPECT_NE(file.find("\"amount_kg\": \"1.234567\""), std::string::npos) << file;
  EXPECT_NE(file.find("减排量 1.234567 千克二氧化碳当量"), std::string::npos);
  EXPECT_NE(file.find("Reductions of 1.234567 kg CO2e"), std::string::npos);
  EXPECT_NE(file.find("\"zh\": \"注销证明\""), std::string::npos);
  EXPECT_NE(file.find("本文件不是碳中和证书"), std::string::npos);
  EXPECT_NE(file.find("2025-01-31T08:03:06+08:00"), std::string::npos);
}

TEST(certificate, gives_back_the_parts_that_it_was_made_of) {
  EXPECT_EQ(read_certificate(sample_file()).value(), sample_parts());
}

// Some 26,000 files are verified here: the slow one.
TEST(certificate, fails_for_every_flipped_bit) {
  const std::string file = sample_file();
  std::set<std::string> codes;
  for (std::size_t at = 0; at < file.size(); ++at)
    for (unsigned bit = 0; bit < 8; ++bit) {
      std::string flipped = file;
      flipped[at] = static_cast<char>(static_cast<unsigned char>(flipped[at]) ^ (1U << bit));
      const std::string code = code_of(flipped);
      ASSERT_NE(code, "holds") << "byte " << at << " bit " << bit;
      codes.insert(code);
    }
  // Each layer of the check caught something that the layers before had let through.
  for (const char* code : {"CER-10", "CER-11", "CER-12", "CER-13", "CER-14", "CER-15", "CER-16", "CER-17", "CER-18"})
    EXPECT_TRUE(codes.contains(code)) << code;
}

TEST(certificate, fails_for_every_byte_taken_out_doubled_or_cut_off) {
  const std::string file = sample_file();
  for (std::size_t at = 0; at < file.size(); ++at) {
    EXPECT_NE(code_of(std::string(file).erase(at, 1)), "holds") << at;
    EXPECT_NE(code_of(std::string(file).insert(at, 1, file[at])), "holds") << at;
    EXPECT_NE(code_of(file.substr(0, at)), "holds") << at;
  }
}

TEST(certificate, fails_when_something_follows) {
  EXPECT_EQ(code_of(sample_file() + "\n"), "CER-12");
  EXPECT_EQ(code_of(sample_file() + "x"), "CER-10");
}

TEST(certificate, names_the_first_changed_line) {
  std::string file = sample_file();
  file.replace(file.find("账户 7f3a\","), 6, "用户");
  const auto result = verify_certificate(file, sample_key(), sample_check());
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, "CER-12");
  EXPECT_EQ(result.error().basis, "design.9");
  const auto line = 1 + std::count(file.begin(), file.begin() + static_cast<std::ptrdiff_t>(file.find("用户")), '\n');
  EXPECT_EQ(result.error().facts, (decltype(Refusal::facts){{"first_changed_line", std::to_string(line)}}));
  EXPECT_FALSE(result.error().message_zh.empty() || result.error().remedy_zh.empty());
}

// From here on the forger writes the whole file anew, consistent in itself.
TEST(forged_certificate, with_another_entry_is_not_in_the_block) {
  CertificateParts parts = sample_parts();
  parts.entry = sample_entry(1'234'567, "somebody else");
  EXPECT_EQ(code_of(sample_file(parts)), "CER-14");
}

TEST(forged_certificate, with_another_context_is_not_what_the_entry_names) {
  CertificateParts parts = sample_parts();
  parts.context = sample_context("a nicer batch");
  EXPECT_EQ(code_of(sample_file(parts)), "CER-13");
}

TEST(forged_certificate, with_another_block_is_not_in_the_log) {
  CertificateParts parts = sample_parts(sample_entry(1'234'567, "somebody else"));
  parts.checkpoint = sample_parts().checkpoint;
  EXPECT_EQ(code_of(sample_file(parts)), "CER-16");
}

TEST(forged_certificate, with_a_log_of_its_own_was_signed_with_another_key) {
  CertificateParts parts = sample_parts(sample_entry(1'234'567, "somebody else"));
  const Checkpoint head = parse_checkpoint(parts.checkpoint)->checkpoint;
  parts.checkpoint = sample_note(head, {sample_key().name, digest_of("forger")});
  EXPECT_EQ(code_of(sample_file(parts)), "CER-18");
}

TEST(forged_certificate, with_a_log_of_another_name_is_not_of_this_log) {
  CertificateParts parts = sample_parts();
  Checkpoint head = parse_checkpoint(parts.checkpoint)->checkpoint;
  head.origin = "forger.example/log";
  parts.checkpoint = sample_note(head, {head.origin, digest_of("forger")});
  EXPECT_EQ(code_of(sample_file(parts)), "CER-17");
}

TEST(forged_certificate, with_negative_positions_is_refused) {
  CertificateParts parts = sample_parts();
  parts.event_index = -1;
  EXPECT_EQ(code_of(sample_file(parts)), "CER-14");
  parts = sample_parts();
  parts.log_index = -1;
  EXPECT_EQ(code_of(sample_file(parts)), "CER-16");
}

TEST(certificate, is_not_rendered_when_the_serials_do_not_add_up) {
  const auto result = render_certificate(sample_parts(sample_entry(1'234'568)), sample_decode);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, "CER-19");
}

TEST(certificate, is_not_rendered_when_serials_overlap) {
  const auto overlapping = [](ByteView entry, ByteView context) -> Result<StatementFacts> {
    StatementFacts facts = sample_decode(entry, context).value();
    facts.serials = {{"b", 0, 10}, {"b", 9, 1'234'566}};
    return facts;
  };
  const auto result = render_certificate(sample_parts(), overlapping);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, "CER-19");
}

TEST(certificate, of_an_entry_outside_the_range_of_its_block_is_refused) {
  CertificateCheck check = sample_check();
  check.decode = [](ByteView entry, ByteView context) -> Result<StatementFacts> {
    StatementFacts facts = sample_decode(entry, context).value();
    facts.entry_id = EntryId{21};
    return facts;
  };
  const std::string file = render_certificate(sample_parts(), check.decode).value();
  const auto result = verify_certificate(file, sample_key(), check);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, "CER-14");
}

TEST(certificate, with_an_unreadable_entry_names_the_cause) {
  const auto result = render_certificate(sample_parts({0x80}), sample_decode);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, "CER-11");
  EXPECT_EQ(result.error().facts.front(), (std::pair<std::string, std::string>{"cause", "TEST-01"}));
}

TEST(certificate, is_not_read_from_other_files) {
  for (const std::string& text : {std::string(), std::string("{}"), std::string("[1]"), std::string("{\"proof\": 3}"),
                                  std::string("{\"proof\": {}}"), std::string(1000, '['), std::string(5U << 20U, ' ')})
    EXPECT_EQ(code_of(text), "CER-10") << text.substr(0, 20);
}

}  // namespace
}  // namespace tanpuhui
