#include "server/public_face.h"

#include <array>
#include <charconv>
#include <map>
#include <optional>

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include "crypto/hash.h"
#include "server/certificate_finding.h"
#include "server/methodology_json.h"
#include "server/page.h"
#include "server/published_issues.h"

namespace tanpuhui {

struct PublicFace::Address {
  std::string path;
  std::map<std::string, std::string> query;
  std::string_view body;
};

struct PublicFace::Route {
  std::string_view path;  ///< a trailing `*` stands for the rest
  std::string_view method;
  Reply (PublicFace::*answer)(const Address&);
  std::uint64_t body_max = 0;
};

namespace {

namespace json = boost::json;

constexpr std::string_view methodology_prefix = "/api/v1/methodologies/";

Reply json_reply(const json::object& value) {
  Reply reply;
  reply.body = json::serialize(value) + "\n";
  return reply;
}

Reply text_reply(std::string_view type, std::string_view text) {
  Reply reply;
  reply.content_type = type;
  reply.body = text;
  return reply;
}

// Percent-encoding is undone once; a path that hides a slash or a zero byte in it names nothing of ours.
std::optional<boost::urls::url_view> parse_target(std::string_view target) {
  const boost::core::string_view text(target.data(), target.size());
  auto parsed = target.starts_with('/') ? boost::urls::parse_origin_form(text) : boost::urls::parse_absolute_uri(text);
  if (!parsed) return std::nullopt;
  return *parsed;
}

std::string path_of(const boost::urls::url_view& url) { return url.path().empty() ? "/" : url.path(); }

bool matches(std::string_view pattern, std::string_view path) {
  if (!pattern.ends_with('*')) return pattern == path;
  pattern.remove_suffix(1);
  return path.starts_with(pattern);
}

std::optional<std::int64_t> integer_between(std::string_view text, std::int64_t min, std::int64_t max) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < min || value > max) return std::nullopt;
  return value;
}

std::string etag_of(std::string_view body) {
  const Digest digest = sha256(as_bytes(body));
  return '"' + to_hex(ByteView(digest).first(12)) + '"';
}

bool tag_is_listed(std::string_view tags, std::string_view etag) {
  return tags == "*" || tags.find(etag) != std::string_view::npos;
}

Reply with_tag(Reply reply, std::string_view if_none_match) {
  reply.etag = etag_of(reply.body);
  if (!tag_is_listed(if_none_match, reply.etag)) return reply;
  reply.status = 304;
  reply.body.clear();
  return reply;
}

std::string allowed_by(std::string_view method) { return method == "GET" ? "GET, HEAD, OPTIONS" : "POST, OPTIONS"; }

Reply only_what_is_allowed(std::string_view route_method, std::string_view method) {
  Reply reply = problem(405);
  if (method == "OPTIONS") reply = text_reply("", ""), reply.status = 204;
  reply.allow = allowed_by(route_method);
  return reply;
}

bool serves(std::string_view route_method, std::string_view method) {
  return method == route_method || (route_method == "GET" && method == "HEAD");
}

}  // namespace

const PublicFace::Route* PublicFace::find_route(std::string_view path) {
  static constexpr std::array<Route, 13> routes = {{
      {"/", "GET", &PublicFace::page},
      {"/style.css", "GET", &PublicFace::page},
      {"/page.js", "GET", &PublicFace::page},
      {"/api/v1/programme", "GET", &PublicFace::programme},
      {"/api/v1/totals", "GET", &PublicFace::totals},
      {"/api/v1/batches", "GET", &PublicFace::batches},
      {"/api/v1/methodologies", "GET", &PublicFace::methodologies},
      {"/api/v1/methodologies/*", "GET", &PublicFace::methodology},
      {"/api/v1/publications", "GET", &PublicFace::publications},
      {"/api/v1/publications/*", "GET", &PublicFace::publication},
      {"/api/v1/checkpoint", "GET", &PublicFace::checkpoint},
      {"/api/v1/log-key", "GET", &PublicFace::log_key},
      {"/api/v1/certificate-checks", "POST", &PublicFace::certificate_check, certificate_bytes_max},
  }};
  for (const Route& route : routes)
    if (matches(route.path, path)) return &route;
  return nullptr;
}

PublicFace::PublicFace(const ServerOptions& options)
    : options_(options), registers_(options.database, options.book->zone) {}

std::uint64_t PublicFace::body_max(std::string_view method, std::string_view target) const {
  const auto url = parse_target(target);
  const Route* route = url ? find_route(path_of(*url)) : nullptr;
  return route != nullptr && route->method == method ? route->body_max : 0;
}

Reply PublicFace::answer(const Question& question) {
  if (question.target == "*" && question.method == "OPTIONS") return only_what_is_allowed("GET", "OPTIONS");
  const auto url = parse_target(question.target);
  if (!url) return problem(400, "请求地址有误", "the request target is malformed");
  Address address{path_of(*url), {}, question.body};
  for (const auto& parameter : url->params()) address.query[parameter.key] = parameter.value;
  const Route* route = find_route(address.path);
  if (route == nullptr) return problem(404);
  if (!serves(route->method, question.method)) return only_what_is_allowed(route->method, question.method);
  Reply reply = (this->*route->answer)(address);
  const bool may_be_kept = reply.status == 200 && route->method == "GET";
  return may_be_kept ? with_tag(std::move(reply), question.if_none_match) : reply;
}

Reply PublicFace::page(const Address& address) {
  const PageFile* file = find_page_file(address.path);
  return file == nullptr ? problem(404) : text_reply(file->content_type, file->text);
}

Reply PublicFace::programme(const Address&) {
  const Rulebook& book = *options_.book;
  return json_reply({{"name", registers_.settings().name},
                     {"rehearsal", registers_.settings().rehearsal},
                     {"rulebook", json::object{{"id", book.name},
                                               {"title_zh", book.title_zh},
                                               {"title_en", book.title_en},
                                               {"document_number", book.document_number},
                                               {"hash", to_hex(book.hash)}}},
                     {"log_key", format_log_key(options_.log_key, sha256)},
                     {"as_of", registers_.as_of()}});
}

Reply PublicFace::totals(const Address&) { return json_reply(registers_.totals()); }

Reply PublicFace::batches(const Address& address) {
  BatchPage page;
  if (const auto before = address.query.find("before"); before != address.query.end()) {
    page.before = integer_between(before->second, 1, std::numeric_limits<std::int64_t>::max());
    if (!page.before) return problem(400, "before 须为正整数", "`before` is a whole number above zero");
  }
  if (const auto given = address.query.find("limit"); given != address.query.end()) {
    const auto limit = integer_between(given->second, 1, 200);
    if (!limit) return problem(400, "limit 须为 1 至 200", "`limit` is a whole number from 1 to 200");
    page.limit = *limit;
  }
  return json_reply(registers_.batches(page));
}

Reply PublicFace::methodologies(const Address&) { return json_reply(methodology_list_json(*options_.methodologies)); }

Reply PublicFace::methodology(const Address& address) {
  const std::string_view name = std::string_view(address.path).substr(methodology_prefix.size());
  for (const auto& [key, methodology] : *options_.methodologies)
    if (methodology.id + "/" + methodology.version == name) return json_reply(methodology_json(methodology));
  return problem(404, "没有这个方法学版本", "there is no such version of a methodology");
}

Reply PublicFace::publications(const Address& address) {
  const auto asked = address.query.find("publication");
  return list_published(registers_, asked == address.query.end() ? "" : asked->second);
}

Reply PublicFace::publication(const Address& address) {
  return show_published(registers_, std::string_view(address.path).substr(publications_prefix.size()));
}

Reply PublicFace::checkpoint(const Address&) {
  if (options_.checkpoint.empty()) return problem(404, "尚无检查点", "there is no checkpoint yet");
  return text_reply("text/plain; charset=utf-8", options_.checkpoint);
}

Reply PublicFace::log_key(const Address&) {
  return text_reply("text/plain; charset=utf-8", format_log_key(options_.log_key, sha256) + "\n");
}

Reply PublicFace::certificate_check(const Address& address) {
  return json_reply(certificate_finding(address.body, options_.log_key));
}

}  // namespace tanpuhui
