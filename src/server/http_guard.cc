#include "server/http_guard.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include <boost/url/authority_view.hpp>
#include <boost/url/parse.hpp>

namespace tanpuhui {
namespace {

using Fields = RequestHead::Fields;

// A second one of these would let two readers choose differently.
constexpr std::array<std::string_view, 13> single_fields = {
    "host",          "content-length",  "transfer-encoding", "content-type",     "authorization",
    "if-none-match", "idempotency-key", "x-forwarded-for",   "x-forwarded-host", "content-digest",
    "signature",     "signature-input", "delivery-manifest"};

HttpFlaw flaw(std::string zh, std::string en) { return {400, std::move(zh), std::move(en)}; }

bool is_token_byte(char c) {
  const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  return letter || std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}
bool is_token(std::string_view text) { return !text.empty() && std::ranges::all_of(text, is_token_byte); }

bool is_printable(char c) { return static_cast<unsigned char>(c) > 0x20 && c != 0x7f; }
bool may_stand_in_value(char c) { return is_printable(c) || c == ' ' || c == '\t'; }

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

// The lines without their CRLF; empty when a line ends otherwise or the empty line is missing.
std::vector<std::string_view> lines_of(std::string_view raw) {
  std::vector<std::string_view> lines;
  while (!raw.empty()) {
    const auto end = raw.find_first_of("\r\n");
    if (end == std::string_view::npos || raw.substr(end, 2) != "\r\n") return {};
    if (end == 0) return raw.size() == 2 ? lines : std::vector<std::string_view>{};
    lines.push_back(raw.substr(0, end));
    raw.remove_prefix(end + 2);
  }
  return {};
}

std::optional<HttpFlaw> read_request_line(std::string_view line, RequestHead& head) {
  const auto method_end = line.find(' ');
  const auto target_end = line.rfind(' ');
  const std::string_view version = target_end == std::string_view::npos ? "" : line.substr(target_end + 1);
  if (version != "HTTP/1.1" && version != "HTTP/1.0")
    return flaw("请求行不是 HTTP/1.1", "the request line is not HTTP/1.1");
  if (method_end >= target_end || !is_token(line.substr(0, method_end)))
    return flaw("请求行有误", "the request line is malformed");
  const std::string_view target = line.substr(method_end + 1, target_end - method_end - 1);
  if (!std::ranges::all_of(target, is_printable)) return flaw("请求地址有误", "the request target is malformed");
  head.method = line.substr(0, method_end);
  head.target = target;
  head.old_version = version == "HTTP/1.0";
  return std::nullopt;
}

std::optional<HttpFlaw> read_field(std::string_view line, Fields& fields) {
  const auto colon = line.find(':');
  if (line.front() == ' ' || line.front() == '\t')
    return flaw("首部行不得折行", "a header line continues the one before");
  if (colon == std::string_view::npos || !is_token(line.substr(0, colon)))
    return flaw("首部行有误", "a header line is malformed");
  const std::string_view value = trimmed(line.substr(colon + 1));
  if (!std::ranges::all_of(value, may_stand_in_value))
    return flaw("首部含控制字符", "a header holds control characters");
  fields.emplace_back(lower(line.substr(0, colon)), value);
  return std::nullopt;
}

const std::string* find(const Fields& fields, std::string_view name) {
  const auto found = std::ranges::find(fields, name, &Fields::value_type::first);
  return found == fields.end() ? nullptr : &found->second;
}

std::optional<HttpFlaw> check_single(const Fields& fields) {
  for (std::string_view name : single_fields)
    if (std::ranges::count(fields, name, &Fields::value_type::first) > 1)
      return flaw("首部重复：" + std::string(name), "this header stands twice: " + std::string(name));
  return std::nullopt;
}

std::optional<HttpFlaw> check_host(const Fields& fields, const std::vector<std::string>& hosts) {
  const std::string* host = find(fields, "host");
  if (host == nullptr) return flaw("缺少 Host 首部", "there is no Host header");
  const auto authority = boost::urls::parse_authority(*host);
  if (!authority || authority->has_userinfo() || authority->encoded_host().empty())
    return flaw("Host 首部有误", "the Host header is malformed");
  const std::string name = lower(authority->host());
  if (hosts.empty() || std::ranges::find(hosts, name) != hosts.end()) return std::nullopt;
  return flaw("本服务不应答该主机名", "this server does not answer for that host");
}

std::optional<HttpFlaw> read_length(const std::string& value, RequestHead& head) {
  std::uint64_t length = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), length);
  if (value.empty() || value.size() > 18 || error != std::errc() || end != value.data() + value.size())
    return flaw("Content-Length 不是数字", "Content-Length is not plain digits");
  head.content_length = length;
  return std::nullopt;
}

std::optional<HttpFlaw> check_framing(const Fields& fields, RequestHead& head) {
  const std::string* length = find(fields, "content-length");
  const std::string* coding = find(fields, "transfer-encoding");
  if (coding != nullptr && (length != nullptr || head.old_version || lower(*coding) != "chunked"))
    return flaw("Transfer-Encoding 只能是 chunked，且不得与 Content-Length 并存",
                "Transfer-Encoding must be chunked, alone, on HTTP/1.1");
  head.chunked = coding != nullptr;
  return length == nullptr ? std::nullopt : read_length(*length, head);
}

std::optional<HttpFlaw> check_expect(const Fields& fields, RequestHead& head) {
  const std::string* expect = find(fields, "expect");
  if (expect == nullptr || head.old_version) return std::nullopt;
  if (lower(*expect) != "100-continue")
    return HttpFlaw{417, "不支持该 Expect 首部", "this Expect header is not supported"};
  head.expects_continue = true;
  return std::nullopt;
}

}  // namespace

std::size_t end_of_head(std::string_view received) {
  std::size_t line = 0;
  for (std::size_t at = received.find('\n'); at != std::string_view::npos; at = received.find('\n', line)) {
    const bool bare = at == 0 || received[at - 1] != '\r';
    const bool empty_line = at - line == 1;
    if (bare || empty_line) return at + 1;
    line = at + 1;
  }
  return std::string_view::npos;
}

Result<RequestHead, HttpFlaw> guard_head(std::string_view raw, const std::vector<std::string>& hosts) {
  RequestHead head;
  Fields fields;
  const std::vector<std::string_view> lines = lines_of(raw);
  if (lines.empty()) return flaw("请求头的行须以 CRLF 结尾", "lines of the header must end in CRLF");
  if (auto wrong = read_request_line(lines.front(), head)) return *wrong;
  for (std::size_t i = 1; i < lines.size(); ++i)
    if (auto wrong = read_field(lines[i], fields)) return *wrong;
  if (auto wrong = check_single(fields)) return *wrong;
  if (auto wrong = check_host(fields, hosts)) return *wrong;
  if (auto wrong = check_framing(fields, head)) return *wrong;
  if (auto wrong = check_expect(fields, head)) return *wrong;
  if (const std::string* tags = find(fields, "if-none-match")) head.if_none_match = *tags;
  head.fields = std::move(fields);
  return head;
}

std::string_view RequestHead::field(std::string_view name) const {
  const std::string* found = find(fields, name);
  return found == nullptr ? std::string_view() : *found;
}

}  // namespace tanpuhui
