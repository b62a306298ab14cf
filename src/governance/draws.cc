#include "governance/draws.h"

#include <algorithm>
#include <map>
#include <set>

#include "base/words.h"
#include "cases/conflicts.h"
#include "cases/officers.h"
#include "cases/standings.h"
#include "crypto/hash.h"
#include "store/log.h"

namespace tanpuhui {
namespace {

std::set<std::string> experts_for(const FactGround& at, const StoredCase& stored) {
  const std::set<std::string> conflicted = find_conflicts(at.database, stored.number);
  const Applicant& applicant = stored.matter.applicant;
  std::set<std::string> experts;
  for (const Officer& officer : list_officers(at.database)) {
    const RoleRule* role = at.book.find(at.book.roles, officer.role, at.today);
    const bool serves =
        role != nullptr && role->party == Party::expert && DaySpan{officer.from, officer.until}.holds(at.today);
    const bool own = officer.person == applicant.person || officer.unit == applicant.unit;
    if (serves && !own && !conflicted.contains(officer.person)) experts.insert(officer.person);
  }
  return experts;
}

std::set<std::string> live_objects(const FactGround& at) {
  std::map<std::string, std::vector<Standing>> of_each;
  for (const std::string_view kind : {scenario_thing, project_thing})
    for (Standing& standing : standings_of(at.database, kind)) of_each[standing.name].push_back(std::move(standing));
  std::set<std::string> objects;
  for (const auto& [name, standings] : of_each)
    if (const auto last = last_standing(standings, at.today); last && last->word == "live") objects.insert(name);
  return objects;
}

Refusal not_sealed(const StoredCase& stored) {
  return refuse("PRO-01")
      .because("case", std::to_string(stored.number))
      .says("案件的上一步尚未进入透明日志", "the case's last act is in no block of the transparency log yet")
      .mend("稍后再抽取", "draw again in a moment");
}

Refusal pool_too_small(const DrawRule& rule, std::size_t pool, std::size_t needed) {
  return refuse("VER-01", rule.basis)
      .because("pool", std::to_string(pool))
      .because("needed", std::to_string(needed))
      .says("可抽取的对象不足", "there are too few to draw from")
      .mend("补充专家库或名单后再抽取", "add to the pool first");
}

Refusal stands_drawn(const DrawRule& rule, const std::string& drawn) {
  return refuse("VER-01", rule.basis)
      .because("drawn", drawn)
      .says("已抽取，且被抽中的均可参加，不得重新抽取", "a draw stands, and all who were drawn can still serve")
      .mend("由被抽中的办理；有人须回避的，登记后再抽取",
            "go on with it; where somebody has an interest, record that and draw again");
}

/// "a, b"
std::set<std::string> names_in(std::string_view drawn) {
  std::set<std::string> names;
  while (!drawn.empty()) {
    const auto comma = std::min(drawn.find(", "), drawn.size());
    names.emplace(drawn.substr(0, comma));
    drawn.remove_prefix(std::min(comma + 2, drawn.size()));
  }
  return names;
}

/// What the last draw of that action gave; empty: there was none.
std::string drawn_before(const Case& matter, const DrawRule& rule) {
  const auto last = std::find_if(matter.history.rbegin(), matter.history.rend(), [&](const CaseAct& act) {
    return act.complete && act.action == rule.action && act.fields.contains(drawn_field);
  });
  return last == matter.history.rend() ? "" : last->fields.at(drawn_field);
}

bool draw_agrees(const FactAsked& asked) {
  const StepRequest& request = asked.request;
  const DrawRule* rule = find_draw_rule(asked.book, asked.stored.matter.procedure, request.action, asked.today);
  const auto document = request.documents.find(draw_document);
  const auto drawn = request.fields.find(drawn_field);
  if (rule == nullptr || document == request.documents.end() || drawn == request.fields.end()) return false;
  const CaseRooms none;
  const auto draw = draw_for({asked.database, asked.book, none, asked.calendar, asked.today}, asked.stored, *rule,
                             names_in(drawn->second).size());
  return draw && joined(draw->drawn()) == drawn->second &&
         document->second == sha256(as_bytes(format_draw(*draw, sha256)));
}

bool expert_drawn(const FactAsked& asked) {
  const std::string drawn = asked.stored.matter.field(drawn_field);
  return drawn.empty() || names_in(drawn).contains(asked.request.actor.person);
}

}  // namespace

EntryId entry_before_draw(Database& database, std::int64_t case_number, EntryId draw) {
  auto row = database.statement("SELECT coalesce(max(entry_id), ?) FROM case_acts WHERE case_id = ? AND entry_id < ?");
  return EntryId{row.bind(case_number).bind(case_number).bind(draw.value).run_integer()};
}

const DrawRule* find_draw_rule(const Rulebook& book, const std::string& procedure, const std::string& action, Day day) {
  for (const DrawRule& rule : book.draws)
    if (rule.procedure == procedure && rule.action == action && book.applies_on(rule, day)) return &rule;
  return nullptr;
}

Result<Draw> draw_for(const FactGround& at, const StoredCase& stored, const DrawRule& rule, std::size_t asked) {
  const auto block = find_block_of(at.database, entry_before_draw(at.database, stored.number));
  if (!block) return not_sealed(stored);
  const std::set<std::string> pool = rule.from == DrawnFrom::experts ? experts_for(at, stored) : live_objects(at);
  // So that nobody draws again and again until they like the result.
  if (const std::string drawn = drawn_before(stored.matter, rule);
      !drawn.empty() && std::ranges::includes(pool, names_in(drawn)))
    return stands_drawn(rule, drawn);
  const std::size_t count = std::max(asked, least_of(rule, pool.size()));
  if (pool.size() < count) return pool_too_small(rule, pool.size(), count);
  Draw draw{stored.number, block->number, block->hash, {pool.begin(), pool.end()}, count};
  rank(draw, sha256);
  return draw;
}

std::map<std::string, FactFinder> draw_facts() {
  return {{"draw_agrees", draw_agrees}, {"expert_drawn", expert_drawn}};
}

}  // namespace tanpuhui
