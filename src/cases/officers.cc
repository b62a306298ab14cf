#include "cases/officers.h"

#include <algorithm>

#include "base/cbor.h"
#include "base/region.h"
#include "crypto/hash.h"

namespace tanpuhui {
namespace {

constexpr std::int64_t no_day = INT32_MAX;

std::int64_t last_day(const Officer& officer) { return officer.until ? officer.until->number : no_day; }

bool overlap(const Officer& a, const Officer& b) {
  return a.from.number <= last_day(b) && b.from.number <= last_day(a);
}

bool exclude(const RoleRule& role, const RoleRule& other) {
  return std::ranges::find(role.excludes, other.id) != role.excludes.end() ||
         std::ranges::find(other.excludes, role.id) != other.excludes.end();
}

Refusal unknown_role(const Rulebook& book, const std::string& role, Day day) {
  std::string known;
  for (const RoleRule& rule : book.roles)
    if (rule.acts_for_scheme() && book.applies_on(rule, day)) known += (known.empty() ? "" : ", ") + rule.id;
  return refuse("PRO-02", book.name)
      .because("role", role)
      .says("规则库没有此管理角色：" + role, "the rulebook has no such role for the scheme: " + role)
      .mend("可选角色：" + known, "choose one of: " + known);
}

Refusal excluded_role(const RoleRule& role, const RoleRule& other) {
  return refuse("SEP-03", role.basis)
      .because("role", role.id)
      .because("held", other.id)
      .says("同一人不得兼任“" + role.zh + "”和“" + other.zh + "”",
            "one person cannot hold both " + role.id + " and " + other.id)
      .mend("先终止其中一个角色，或由另一人担任", "end one of the roles first, or choose another person");
}

Refusal no_region(const RoleRule& role, const std::string& given, const std::string& whole) {
  return refuse("PRO-02", role.basis)
      .because("role", role.id)
      .because("region", given.empty() ? "-" : given)
      .says("地方管理部门须写明本地区的行政区划代码", "a local role acts in one region, named by its division code")
      .mend("填写 " + whole + " 范围内的六位代码", "give a code of six digits that lies in " + whole);
}

Digest digest_of(const Officer& officer) {
  CborWriter out;
  if (!officer.region.empty()) out.text("region").text(officer.region);
  out.array(5).text(officer.person).text(officer.role).text(officer.unit);
  out.integer(officer.from.number).integer(last_day(officer));
  return sha256(out.result());
}

}  // namespace

void save_officer(Database& store, const Officer& officer) {
  auto insert = store.statement(
      "INSERT INTO officers(person, role, unit, from_day, until_day, region) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT "
      "(person, role) DO UPDATE SET unit = excluded.unit, from_day = excluded.from_day, until_day = "
      "excluded.until_day, "
      "region = excluded.region");
  insert.bind(officer.person).bind(officer.role).bind(officer.unit).bind(officer.from.number);
  insert.bind(officer.until ? std::optional(officer.until->number) : std::nullopt).bind(officer.region).run();
}

std::optional<Refusal> refuse_officer(const Office& office, const Officer& officer) {
  const Rulebook& book = office.book;
  const RoleRule* role = book.find(book.roles, officer.role, officer.from);
  if (role == nullptr || !role->acts_for_scheme()) return unknown_role(book, officer.role, officer.from);
  if (role->party == Party::local && !lies_in(officer.region, book.region))
    return no_region(*role, officer.region, book.region);
  for (const Officer& held : list_officers(office.database)) {
    if (held.person != officer.person || held.role == officer.role || !overlap(held, officer)) continue;
    const RoleRule* other = book.find(book.roles, held.role, officer.from);
    if (other != nullptr && exclude(*role, *other)) return excluded_role(*role, *other);
  }
  return std::nullopt;
}

Result<EntryId> record_officer(const Office& office, const Officer& officer, CommandId id) {
  if (const auto refusal = refuse_officer(office, officer)) return *refusal;
  const RoleRule* role = office.book.find(office.book.roles, officer.role, officer.from);
  // Who the person is stays in the register: an entry is public.
  const Digest digest = digest_of(officer);
  Entry entry = office.entry(EntryKind::register_act, "operator", role->basis);
  entry.notes = {{1, officer.role}, {2, to_hex(digest)}};
  return office.register_act(id, digest, std::move(entry),
                             [officer](Database& store, EntryId) { save_officer(store, officer); });
}

std::vector<Officer> list_officers(Database& database) {
  auto rows = database.statement(
      "SELECT person, role, unit, from_day, until_day, region FROM officers ORDER BY unit, person, role");
  std::vector<Officer> officers;
  while (rows.step()) {
    Officer officer{std::string(rows.text(0)), std::string(rows.text(1)), std::string(rows.text(2)),
                    Day{static_cast<std::int32_t>(rows.integer(3))}, std::nullopt};
    if (!rows.is_null(4)) officer.until = Day{static_cast<std::int32_t>(rows.integer(4))};
    officer.region = std::string(rows.text(5));
    officers.push_back(std::move(officer));
  }
  return officers;
}

Actor find_actor(Database& database, const Rulebook& book, const std::string& person, const std::string& unit,
                 Day day) {
  Actor actor{person, unit, {}};
  for (const RoleRule& role : book.roles)
    if (!role.acts_for_scheme()) actor.roles.insert(role.id);
  auto rows = database.statement(
      "SELECT role, unit, region FROM officers WHERE person = ? AND from_day <= ? AND "
      "(until_day IS NULL OR until_day >= ?)");
  rows.bind(person).bind(day.number).bind(day.number);
  while (rows.step()) {
    actor.roles.insert(std::string(rows.text(0)));
    actor.unit = std::string(rows.text(1));
    if (!rows.text(2).empty()) actor.region = std::string(rows.text(2));
  }
  return actor;
}

}  // namespace tanpuhui
