#include "server/case_body.h"

#include <fstream>
#include <random>

#include <gtest/gtest.h>

#include "support/law.h"

namespace tanpuhui {
namespace {

class CaseBodyTest : public ::testing::Test {
 protected:
  Result<AskedStep, Reply> step(const std::string& body) { return read_step(kept(body)); }
  Result<AskedOpening, Reply> opening(const std::string& body) { return read_opening(kept(body)); }
  std::string kept(const std::string& body) {
    const std::string path = folder_ / "body";
    std::ofstream(path, std::ios::binary) << body;
    return path;
  }
  static std::string with(const std::string& members) {
    return R"({"id":"00000000000000000000000000000007","action":"submit")" + members + "}";
  }
  TemporaryFolder folder_;
};

TEST_F(CaseBodyTest, is_read_as_it_was_meant) {
  const auto asked = step(with(R"(,"role":"r","reason":"a\n\"b\" 全","vote":"against","fields":{"x":"1","":"2"})"));
  ASSERT_FALSE(asked);  // a name is empty
  const auto good = step(
      with(R"(,"role":"r","reason":"a\n\"b\" 全","vote":"against","fields":{"x":"\u4e2d"},"documents":{"d":"AQID"})"));
  ASSERT_TRUE(good) << good.error().body;
  EXPECT_EQ(7, good->id.bytes.back());
  EXPECT_EQ("submit", good->request.action);
  EXPECT_EQ("r", good->request.role);
  EXPECT_EQ("a\n\"b\" 全", good->request.reason);
  EXPECT_EQ(Vote::against, good->request.vote);
  EXPECT_EQ("中", good->request.fields.at("x"));
  EXPECT_EQ((Bytes{1, 2, 3}), good->files.at("d"));
  EXPECT_TRUE(good->request.actor.person.empty());  // who acts is never in the body
}

TEST_F(CaseBodyTest, names_an_applicant_whole_or_not_at_all) {
  const std::string head = R"({"id":"00000000000000000000000000000007","procedure":"p","about":9,"applicant":)";
  const auto good = opening(head + R"({"person":"","unit":"u","kind":"organisation"}})");
  ASSERT_TRUE(good) << good.error().body;
  EXPECT_EQ(9, good->about);
  EXPECT_EQ("u", good->applicant->unit);
  for (const char* wrong : {R"({"person":"","unit":"u","kind":"king"}})", R"({"unit":"u","kind":"person"}})", "[]}"})
    EXPECT_EQ(400U, opening(head + wrong).error().status) << wrong;
}

TEST_F(CaseBodyTest, has_texts_and_lists_that_end) {
  EXPECT_TRUE(step(with(",\"reason\":\"" + std::string(asked_text_max, 'x') + "\"")));
  EXPECT_EQ(400U, step(with(",\"reason\":\"" + std::string(asked_text_max + 1, 'x') + "\"")).error().status);
  std::string fields;
  for (std::size_t i = 0; i <= asked_names_max; ++i) fields += (i > 0 ? ",\"" : "\"") + std::to_string(i) + "\":\"x\"";
  EXPECT_EQ(400U, step(with(",\"fields\":{" + fields + "}")).error().status);
  const std::string deep(100'000, '[');
  EXPECT_EQ(400U, step(deep).error().status);
  EXPECT_EQ(400U, step(with(",\"fields\":" + deep)).error().status);
  const auto long_name = step(with(",\"" + std::string(100'000, 'n') + "\":1"));
  EXPECT_GT(2'000U, long_name.error().body.size());
}

// What is cut or changed anywhere is read as something else or refused, and never brings the server down.
TEST_F(CaseBodyTest, may_be_any_bytes) {
  const std::string body = with(R"(,"reason":"why","vote":"for","fields":{"x":"1"},"documents":{"d":"AQID"})");
  for (std::size_t size = 0; size < body.size(); ++size) EXPECT_FALSE(step(body.substr(0, size))) << size;
  std::mt19937 dice(5);
  for (int i = 0; i < 3'000; ++i) {
    std::string other = body;
    for (int changes = 0; changes < 3; ++changes) other[dice() % other.size()] = static_cast<char>(dice() % 256);
    const auto asked = step(other);
    if (!asked) {
      EXPECT_EQ(400U, asked.error().status) << other;
      EXPECT_NO_THROW(boost::json::parse(asked.error().body));
    }
  }
}

}  // namespace
}  // namespace tanpuhui
