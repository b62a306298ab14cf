#include "server/http_guard.h"

#include <gtest/gtest.h>

namespace tanpuhui {
namespace {

unsigned status_of(const std::string& raw, const std::vector<std::string>& hosts = {}) {
  const auto head = guard_head(raw, hosts);
  return head ? 200 : head.error().status;
}

struct Case {
  const char* what;
  const char* raw;
  unsigned status;
};

// What the HTTP library would take, or two readers could understand differently. Basis: reliability 5.4
TEST(http_guard, takes_what_has_one_meaning_and_refuses_the_rest) {
  const Case corpus[] = {
      {"plain", "GET / HTTP/1.1\r\nHost: a\r\n\r\n", 200},
      {"port", "GET / HTTP/1.1\r\nHost: a.example:8080\r\n\r\n", 200},
      {"address", "GET / HTTP/1.1\r\nHost: [::1]:80\r\n\r\n", 200},
      {"old", "GET / HTTP/1.0\r\nHost: a\r\n\r\n", 200},
      {"body by length", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n", 200},
      {"body by chunks", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: Chunked\r\n\r\n", 200},
      {"range and upgrade", "GET / HTTP/1.1\r\nHost: a\r\nRange: bytes=0-1\r\nUpgrade: h2c\r\n\r\n", 200},
      {"length, then chunks", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
       400},
      {"chunks, then length", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n",
       400},
      {"unknown coding, then length",
       "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\nContent-Length: 5\r\n\r\n", 400},
      {"unknown coding", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n", 400},
      {"identity", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: identity\r\n\r\n", 400},
      {"two codings in a line", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, identity\r\n\r\n", 400},
      {"two codings", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n",
       400},
      {"chunks in the old version", "POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n", 400},
      {"two lengths", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n", 400},
      {"the same length twice", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\n", 400},
      {"a list of lengths", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5, 5\r\n\r\n", 400},
      {"signed length", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +5\r\n\r\n", 400},
      {"empty length", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length:\r\n\r\n", 400},
      {"huge length", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n\r\n", 400},
      {"no host", "GET / HTTP/1.1\r\n\r\n", 400},
      {"empty host", "GET / HTTP/1.1\r\nHost:\r\n\r\n", 400},
      {"two hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400},
      {"two signatures", "POST / HTTP/1.1\r\nHost: a\r\nSignature: a=:AA==:\r\nSignature: b=:AA==:\r\n\r\n", 400},
      {"user in host", "GET / HTTP/1.1\r\nHost: u@a\r\n\r\n", 400},
      {"path in host", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", 400},
      {"folded line", "GET / HTTP/1.1\r\nHost: a\r\nX: 1\r\n 2\r\n\r\n", 400},
      {"space before the colon", "GET / HTTP/1.1\r\nHost : a\r\n\r\n", 400},
      {"no colon", "GET / HTTP/1.1\r\nHost: a\r\nnonsense\r\n\r\n", 400},
      {"bare line feed", "GET / HTTP/1.1\nHost: a\r\n\r\n", 400},
      {"bare carriage return", "GET / HTTP/1.1\r\nHost: a\rX: 1\r\n\r\n", 400},
      {"control byte", "GET / HTTP/1.1\r\nHost: a\r\nX: \x01\r\n\r\n", 400},
      {"two Authorization", "GET / HTTP/1.1\r\nHost: a\r\nAuthorization: 1\r\nAuthorization: 2\r\n\r\n", 400},
      {"next version", "GET / HTTP/2.0\r\nHost: a\r\n\r\n", 400},
      {"no version", "GET /\r\nHost: a\r\n\r\n", 400},
      {"two spaces", "GET  / HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"space in the target", "GET /a b HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"empty line first", "\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"unknown expectation", "POST / HTTP/1.1\r\nHost: a\r\nExpect: tea\r\n\r\n", 417},
      {"not whole", "GET / HTTP/1.1\r\nHost: a\r\n", 400},
  };
  for (const Case& one : corpus) EXPECT_EQ(one.status, status_of(one.raw)) << one.what;
}

TEST(http_guard, answers_only_for_the_hosts_on_the_list) {
  EXPECT_EQ(200U, status_of("GET / HTTP/1.1\r\nHost: Open.Example:80\r\n\r\n", {"open.example"}));
  EXPECT_EQ(400U, status_of("GET / HTTP/1.1\r\nHost: other.example\r\n\r\n", {"open.example"}));
}

TEST(http_guard, reads_what_the_answer_needs) {
  const auto head = guard_head(
      "POST /x?y HTTP/1.1\r\nHost: a\r\nContent-Length: 12\r\nExpect: 100-continue\r\nIf-None-Match:  \"t\" \r\n\r\n",
      {});
  ASSERT_TRUE(head);
  EXPECT_EQ("POST", head->method);
  EXPECT_EQ("/x?y", head->target);
  EXPECT_EQ(12U, head->content_length.value());
  EXPECT_TRUE(head->expects_continue);
  EXPECT_EQ("\"t\"", head->if_none_match);
}

TEST(end_of_head, is_behind_the_empty_line) {
  const std::string head = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
  EXPECT_EQ(head.size(), end_of_head(head + "GET /next"));
  EXPECT_EQ(std::string::npos, end_of_head(head.substr(0, head.size() - 1)));
}

TEST(end_of_head, is_behind_the_first_bare_line_feed) { EXPECT_EQ(15U, end_of_head("GET / HTTP/1.1\nHost: a")); }

}  // namespace
}  // namespace tanpuhui
