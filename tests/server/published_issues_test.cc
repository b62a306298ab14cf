#include "server/published_issues.h"

#include <gtest/gtest.h>

#include "published_issue.h"
#include "server/public_face.h"

namespace tanpuhui {
namespace {

class PublishedIssues : public ::testing::Test {
 protected:
  Reply get(const std::string& target) { return face_.answer({"GET", target, "", ""}); }
  boost::json::array listed(const std::string& query = "") {
    return boost::json::parse(get("/api/v1/publications" + query).body).at("issues").as_array();
  }
  std::string address() const { return "/api/v1/publications/" + std::to_string(issue_.number()); }

  SmallProgramme programme_;
  IssueOfRules issue_{programme_.database()};
  ServerOptions options_ = programme_.options();
  PublicFace face_{options_};
};

TEST_F(PublishedIssues, are_not_seen_before_they_are_published) {
  EXPECT_TRUE(listed().empty());
  EXPECT_EQ(404U, get(address()).status);
  issue_.take("check", "li", "operator_clerk");
  EXPECT_TRUE(listed().empty());
  EXPECT_EQ(404U, get(address() + "/csv").status);
}

TEST_F(PublishedIssues, are_given_byte_for_byte) {
  issue_.publish();
  const Reply json = get(address()), csv = get(address() + "/csv");
  EXPECT_EQ(200U, json.status);
  EXPECT_EQ(sha256(as_bytes(json.body)), issue_.issue().json);
  EXPECT_EQ(sha256(as_bytes(csv.body)), issue_.issue().csv);
  EXPECT_EQ("text/csv; charset=utf-8", csv.content_type);
  ASSERT_EQ(1U, listed().size());
  EXPECT_EQ(to_hex(issue_.issue().json), listed()[0].at("json_sha256").as_string());
  EXPECT_EQ("published", listed()[0].at("state").as_string());
}

TEST_F(PublishedIssues, stay_when_they_are_replaced) {
  issue_.publish();
  const std::string before = get(address()).body;
  issue_.take("replace", "wang", "operator_approver");
  EXPECT_EQ("replaced", listed().at(0).at("state").as_string());
  EXPECT_EQ(before, get(address()).body);
}

TEST_F(PublishedIssues, are_listed_by_publication) {
  issue_.publish();
  EXPECT_EQ(1U, listed("?publication=rules").size());
  EXPECT_TRUE(listed("?publication=issuances").empty());
}

TEST_F(PublishedIssues, other_addresses_are_none) {
  issue_.publish();
  for (const char* rest : {"", "0", "x", "1x", "-1", "csv", "99999999999999999999", "1/csv/csv"})
    EXPECT_EQ(404U, get(std::string("/api/v1/publications/") + rest).status) << rest;
}

}  // namespace
}  // namespace tanpuhui
