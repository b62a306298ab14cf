#include "server/case_routes.h"

#include <algorithm>
#include <limits>

#include <fmt/format.h>

#include "base/fault.h"
#include "cases/due.h"
#include "cases/sight.h"
#include "cases/work_on_case.h"
#include "server/case_body.h"
#include "server/case_json.h"
#include "server/target.h"

namespace tanpuhui {

/// What an address names. Steps and documents are of a case.
struct CaseRoutes::Address {
  enum class Kind { cases, one, steps, document, deadlines } kind = Kind::cases;
  std::int64_t number = 0;
  Digest document{};
};

struct CaseRoutes::Seen {
  StoredCase stored;
  Sight sight = Sight::none;
};

namespace {

namespace json = boost::json;

constexpr std::string_view prefix = "/api/v1/", deadlines_path = "/api/v1/deadlines";

constexpr std::size_t due_shown_max = 200;  // what comes later is not yet urgent

std::vector<std::string> split(std::string_view text) {
  std::vector<std::string> parts;
  for (std::size_t end = text.find('/'); end != std::string_view::npos; end = text.find('/')) {
    parts.emplace_back(text.substr(0, end));
    text.remove_prefix(end + 1);
  }
  parts.emplace_back(text);
  return parts;
}

Reply no_such_case() {
  return problem(
      404, "没有这个案件，或您无权查看", "there is no such case, or it is not yours to see",
      "核对案件编号；案件由申请人、其单位和管理人员查看",
      "look at its number; a case is seen by its applicant, the applicant's unit and who acts for the scheme");
}

Reply wrong_parameter(std::string_view name, std::string_view zh, std::string_view en) {
  return problem(400, fmt::format("{} {}", name, zh), fmt::format("`{}` {}", name, en));
}

Reply only(std::string_view allowed) {
  Reply reply = problem(405);
  reply.allow = allowed;
  return reply;
}

Reply answer_to(const Refusal& refusal) { return refused(refusal.code == "IDM-01" ? 409 : 422, refusal); }

Refusal for_somebody_else(const Rulebook& book) {
  return refuse("PRO-02", book.basis_of("PRO-02"))
      .says("只有管理人员可以为他人开启案件", "only who acts for the scheme begins a case of somebody else")
      .mend("去掉 applicant：申请人即本人或登记的单位", "leave `applicant` out: it is you, or the unit of your key");
}

/// An empty name is no parameter. Null: what is written is no number between.
std::optional<std::int64_t> number_in(const std::map<std::string, std::string>& query, const std::string& name,
                                      std::int64_t usual, std::int64_t min, std::int64_t max) {
  const auto given = query.find(name);
  return given == query.end() ? usual : integer_between(given->second, min, max);
}

std::string text_in(const std::map<std::string, std::string>& query, const std::string& name) {
  const auto given = query.find(name);
  return given == query.end() ? "" : given->second;
}

}  // namespace

CaseRoutes::CaseRoutes(std::string location, const CaseOptions& options)
    : options_(options), places_(options.at_a_time), reader_(std::move(location)) {}

std::optional<CaseRoutes::Address> CaseRoutes::find_address(std::string_view target) {
  const auto read = read_target(target);
  if (!read || !read->path.starts_with(prefix)) return std::nullopt;
  if (read->path == deadlines_path) return Address{Address::Kind::deadlines, 0, {}};
  const std::vector<std::string> parts = split(std::string_view(read->path).substr(prefix.size()));
  if (parts.front() != "cases" || parts.size() > 4) return std::nullopt;
  if (parts.size() == 1) return Address{};
  const auto number = integer_between(parts[1], 1, std::numeric_limits<std::int64_t>::max());
  if (!number) return std::nullopt;
  if (parts.size() == 2) return Address{Address::Kind::one, *number, {}};
  if (parts.size() == 3 && parts[2] == "steps") return Address{Address::Kind::steps, *number, {}};
  const auto digest = parts.size() == 4 && parts[2] == "documents" ? digest_from_hex(parts[3]) : std::nullopt;
  if (!digest) return std::nullopt;
  return Address{Address::Kind::document, *number, *digest};
}

bool CaseRoutes::takes(const RequestHead& head) const {
  if (head.method != "POST") return false;
  const auto address = find_address(head.target);
  return address && (address->kind == Address::Kind::cases || address->kind == Address::Kind::steps);
}

bool CaseRoutes::answers(std::string_view target) { return find_address(target).has_value(); }

Result<SignedBy, Reply> CaseRoutes::check_signature_of(const RequestHead& head) const {
  auto by = check_person_signature(head, {options_.clock(), options_.clock_difference_max_ms});
  if (by) return *std::move(by);
  Refusal refusal = by.error();
  refusal.basis = options_.book->basis_of(refusal.code);
  return refused(401, refusal);
}

Result<Asker, Reply> CaseRoutes::asker_of(Database& database, const PublicKeyBytes& key, Instant now) const {
  auto asker = find_asker(database, *options_.book, key, day_at(now, options_.book->zone));
  if (!asker) return refused(401, asker.error());
  return *std::move(asker);
}

Result<CaseRoutes::Seen, Reply> CaseRoutes::see(Database& database, const Asker& asker, std::int64_t number,
                                                Instant now) const {
  auto stored = find_case(database, number);
  if (!stored) return no_such_case();
  const Sight sight = sight_of(*options_.book, stored->matter, asker.actor, day_at(now, options_.book->zone));
  if (sight == Sight::none) return no_such_case();
  return Seen{*std::move(stored), sight};
}

Reply CaseRoutes::answer(const RequestHead& head) {
  const auto address = find_address(head.target);
  if (!address) return problem(404);
  if (address->kind == Address::Kind::steps) return only("POST");
  if (head.method != "GET" && head.method != "HEAD")
    return only(address->kind == Address::Kind::cases ? "GET, HEAD, POST" : "GET, HEAD");
  const auto by = check_signature_of(head);
  if (!by) return by.error();
  const Query query = read_target(head.target)->parameters;
  const Instant now = options_.now();
  return reader_.read([&](Database& database) -> Reply {
    const auto asker = asker_of(database, by->key, now);
    if (!asker) return asker.error();
    switch (address->kind) {
      case Address::Kind::cases:
        return list(database, *asker, query, now);
      case Address::Kind::document:
        return document(database, *asker, *address, now);
      case Address::Kind::deadlines:
        return deadlines(database, *asker, query, now);
      default:
        return show(database, *asker, address->number, now);
    }
  });
}

Reply CaseRoutes::list(Database& database, const Asker& asker, const Query& query, Instant now) const {
  const CaseView view{*options_.book, *options_.calendar, now};
  constexpr std::int64_t any = std::numeric_limits<std::int64_t>::max();
  const auto before = number_in(query, "before", any, 1, any);
  const auto limit = number_in(query, "limit", 50, 1, 200);
  if (!before) return wrong_parameter("before", "须为正整数", "is a whole number above zero");
  if (!limit) return wrong_parameter("limit", "须为 1 至 200", "is a whole number from 1 to 200");
  CaseFilter filter = visible_to(view.book, asker.actor, day_at(now, view.book.zone));
  filter.procedure = text_in(query, "procedure");
  filter.state = text_in(query, "state");
  filter.before = *before;
  filter.limit = *limit + 1;
  std::vector<StoredCase> found = list_cases(database, filter);
  json::value next = nullptr;
  if (std::ssize(found) > *limit) {
    found.pop_back();
    next = found.back().number;
  }
  json::array cases;
  for (const StoredCase& stored : found) {
    const auto due = next_due(view.book, view.calendar, stored.matter, now);
    json::object one = case_head_json(view, stored);
    one["next_due"] = due ? json::value(running_deadline_json(*due)) : json::value(nullptr);
    cases.push_back(std::move(one));
  }
  return json_reply(200, {{"cases", std::move(cases)}, {"next_before", std::move(next)}});
}

Reply CaseRoutes::show(Database& database, const Asker& asker, std::int64_t number, Instant now) const {
  const auto seen = see(database, asker, number, now);
  if (!seen) return seen.error();
  const CaseView view{*options_.book, *options_.calendar, now};
  StepRequest asking;
  asking.actor = asker.actor;
  const FactGround ground{database, view.book, *options_.rooms, view.calendar, day_at(now, view.book.zone)};
  const CaseFacts facts = find_facts(ground, seen->stored, asking);
  json::object out = case_json(view, seen->stored, seen->sight);
  out["actions"] = actions_json(actions_of(view.book, view.calendar, seen->stored.matter, facts, asker.actor, now));
  return json_reply(200, out);
}

Reply CaseRoutes::document(Database& database, const Asker& asker, const Address& address, Instant now) const {
  const auto seen = see(database, asker, address.number, now);
  if (!seen) return seen.error();
  const auto bytes = find_document(database, seen->stored.matter, address.document);
  if (!bytes) return problem(404, "案件中没有这份文件", "the case has no such document");
  Reply reply;
  reply.content_type = "application/octet-stream";
  reply.body = as_text(*bytes);
  return reply;
}

Reply CaseRoutes::deadlines(Database& database, const Asker& asker, const Query& query, Instant now) const {
  const CaseView view{*options_.book, *options_.calendar, now};
  const Day today = day_at(now, view.book.zone);
  const bool officer = acts_for_scheme(view.book, asker.actor, today);
  DueFilter filter;
  const CaseFilter visible = visible_to(view.book, asker.actor, today);
  filter.applicant = visible.applicant;
  filter.region = visible.region;
  if (const std::string asked = text_in(query, "role"); !asked.empty()) {
    if (view.book.find(view.book.roles, asked, today) == nullptr)
      return wrong_parameter("role", "不是规则库的角色", "is no role of the rulebook: /api/v1/procedures has them");
    filter.roles = {asked};
  } else {
    for (const RoleRule& role : view.book.roles)
      if (asker.actor.roles.contains(role.id) && (role.acts_for_scheme() || !officer)) filter.roles.insert(role.id);
  }
  const auto within = number_in(query, "within", -1, 0, 3660);
  if (!within) return wrong_parameter("within", "须为 0 至 3660", "is a whole number from 0 to 3660");
  if (*within >= 0) filter.within_days = static_cast<int>(*within);
  const std::vector<DueCase> all = find_due(database, view.book, view.calendar, filter, now);
  json::array out;
  for (std::size_t i = 0; i < std::min(all.size(), due_shown_max); ++i) {
    json::object one = case_head_json(view, all[i].stored);
    one["deadline"] = running_deadline_json(all[i].deadline);
    out.push_back(std::move(one));
  }
  return json_reply(200, {{"today", format_day(today)}, {"total", all.size()}, {"deadlines", std::move(out)}});
}

Reply CaseRoutes::too_large() const {
  const std::uint64_t mebibytes = options_.bytes_max >> 20;
  return problem(413, "请求体过大", "the body is too large",
                 fmt::format("请求体不超过 {} MiB；文件可分几步提交", mebibytes),
                 fmt::format("a body has at most {} MiB; bring documents in several steps", mebibytes));
}

// Whoever may not see the case is told so before a byte of the body is read.
Result<std::shared_ptr<Parcel>, Reply> CaseRoutes::admit(const RequestHead& head) {
  const auto address = find_address(head.target);
  TANPUHUI_REQUIRE(address, "only what takes() is asked for");
  if (!head.has_body()) return problem(400, "须有请求体", "a body is needed");
  if (head.content_length.value_or(0) > options_.bytes_max) return too_large();
  auto by = check_signature_of(head);
  if (!by) return by.error();
  if (read_target(head.target)->query) return problem(400, "此地址不接收查询参数", "this address takes no query");
  const auto refusal = reader_.read([&](Database& database) -> std::optional<Reply> {
    const Instant now = options_.now();
    const auto asker = asker_of(database, by->key, now);
    if (!asker) return asker.error();
    if (address->kind == Address::Kind::cases) return std::nullopt;
    const auto seen = see(database, *asker, address->number, now);
    return seen ? std::nullopt : std::optional(seen.error());
  });
  if (refusal) return *refusal;
  if (places_.are_taken()) return not_now("正在办理的请求已满", "as many requests as can be are under way");
  TANPUHUI_REQUIRE(by->content, "a request with a body is signed with its digest");
  auto parcel = std::make_shared<Parcel>(Parcel{
      *by->content, options_.bytes_max, too_large(), Spool(options_.spool), false,
      [this, address = *address, key = by->key](Parcel& taken, Inbox&) { return carry_out(address, key, taken); }});
  places_.take(parcel);
  return parcel;
}

Reply CaseRoutes::carry_out(const Address& address, const PublicKeyBytes& key, Parcel& parcel) try {
  const Office office = options_.office();
  if (connection_lost_) office.database.reconnect();
  connection_lost_ = false;
  const auto asker = asker_of(office.database, key, office.now);  // roles may have ended since
  if (!asker) return asker.error();
  Reply reply = address.kind == Address::Kind::cases ? open(office, *asker, parcel.spool.path())
                                                     : step(office, *asker, address.number, parcel.spool.path());
  if (options_.committed && reply.status == 201) options_.committed();
  return reply;
} catch (const ConnectionLost&) {
  connection_lost_ = true;
  throw;
}

Reply CaseRoutes::open(const Office& office, const Asker& asker, const std::string& body) const {
  const auto asked = read_opening(body);
  if (!asked) return asked.error();
  if (asked->applicant && !acts_for_scheme(office.book, asker.actor, office.today()))
    return answer_to(for_somebody_else(office.book));
  const CaseOpening opening{asked->procedure, asked->applicant.value_or(asker.key.applicant()), asked->about};
  const auto number = open_case(office, opening, asked->id);
  if (!number) return answer_to(number.error());
  return json_reply(201, {{"case", *number}, {"procedure", opening.procedure}});
}

Reply CaseRoutes::step(const Office& office, const Asker& asker, std::int64_t number, const std::string& body) const {
  auto asked = read_step(body);
  if (!asked) return asked.error();
  const auto seen = see(office.database, asker, number, office.now);
  if (!seen) return seen.error();
  StepRequest& request = asked->request;
  request.actor = asker.actor;
  if (request.role.empty())
    request.role = role_for(office.book, seen->stored.matter.procedure, request.action, request.actor);
  const auto taken =
      take_step({office, *options_.calendar, *options_.rooms}, number, std::move(request), asked->files, asked->id);
  if (!taken) return answer_to(taken.error());
  return json_reply(201, step_json({office.book, *options_.calendar, office.now}, number, taken->act));
}

}  // namespace tanpuhui
