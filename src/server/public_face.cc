#include "server/public_face.h"

#include <array>
#include <limits>
#include <map>
#include <optional>

#include "crypto/hash.h"
#include "server/certificate_finding.h"
#include "server/methodology_json.h"
#include "server/page.h"
#include "server/procedure_json.h"
#include "server/published_issues.h"
#include "server/target.h"

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

constexpr std::string_view methodology_prefix = "/api/v1/methodologies/", procedure_prefix = "/api/v1/procedures/";

Reply text_reply(std::string_view type, std::string_view text) {
  Reply reply;
  reply.content_type = type;
  reply.body = text;
  return reply;
}

// A path that hides a slash or a zero byte in an escape names nothing of ours.
std::string path_of(const Target& target) { return target.plain_path.empty() ? "/" : target.plain_path; }

bool matches(std::string_view pattern, std::string_view path) {
  if (!pattern.ends_with('*')) return pattern == path;
  pattern.remove_suffix(1);
  return path.starts_with(pattern);
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
  static constexpr std::array<Route, 15> routes = {{
      {"/", "GET", &PublicFace::page},
      {"/style.css", "GET", &PublicFace::page},
      {"/page.js", "GET", &PublicFace::page},
      {"/api/v1/programme", "GET", &PublicFace::programme},
      {"/api/v1/totals", "GET", &PublicFace::totals},
      {"/api/v1/batches", "GET", &PublicFace::batches},
      {"/api/v1/methodologies", "GET", &PublicFace::methodologies},
      {"/api/v1/methodologies/*", "GET", &PublicFace::methodology},
      {"/api/v1/procedures", "GET", &PublicFace::procedures},
      {"/api/v1/procedures/*", "GET", &PublicFace::procedure},
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
  const auto read = read_target(target);
  const Route* route = read ? find_route(path_of(*read)) : nullptr;
  return route != nullptr && route->method == method ? route->body_max : 0;
}

Reply PublicFace::answer(const Question& question) {
  if (question.target == "*" && question.method == "OPTIONS") return only_what_is_allowed("GET", "OPTIONS");
  auto target = read_target(question.target);
  if (!target) return problem(400, "请求地址有误", "the request target is malformed");
  const Address address{path_of(*target), std::move(target->parameters), question.body};
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
  return json_reply(200, {{"name", registers_.settings().name},
                          {"rehearsal", registers_.settings().rehearsal},
                          {"rulebook", json::object{{"id", book.name},
                                                    {"title_zh", book.title_zh},
                                                    {"title_en", book.title_en},
                                                    {"document_number", book.document_number},
                                                    {"hash", to_hex(book.hash)}}},
                          {"log_key", format_log_key(options_.log_key, sha256)},
                          {"as_of", registers_.as_of()}});
}

Reply PublicFace::totals(const Address&) { return json_reply(200, registers_.totals()); }

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
  return json_reply(200, registers_.batches(page));
}

Reply PublicFace::methodologies(const Address&) {
  return json_reply(200, methodology_list_json(*options_.methodologies));
}

Reply PublicFace::methodology(const Address& address) {
  const std::string_view name = std::string_view(address.path).substr(methodology_prefix.size());
  for (const auto& [key, methodology] : *options_.methodologies)
    if (methodology.id + "/" + methodology.version == name) return json_reply(200, methodology_json(methodology));
  return problem(404, "没有这个方法学版本", "there is no such version of a methodology");
}

Reply PublicFace::procedures(const Address&) { return json_reply(200, procedure_list_json(*options_.book, today())); }

Reply PublicFace::procedure(const Address& address) {
  const std::string id = address.path.substr(procedure_prefix.size());
  const auto found = procedure_json(*options_.book, id, today());
  if (found) return json_reply(200, *found);
  return problem(404, "规则库没有这个程序", "the rulebook has no such procedure");
}

Day PublicFace::today() const { return day_at(options_.now ? options_.now() : clock_now(), options_.book->zone); }
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
  return json_reply(200, certificate_finding(address.body, options_.log_key));
}

}  // namespace tanpuhui
