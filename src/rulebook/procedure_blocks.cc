/// Roles, procedures, their actions, deadlines, notices and draws.
#include <algorithm>

#include "rulebook/law_block.h"

namespace tanpuhui {
namespace {

constexpr std::array<std::string_view, 10> parties = {"applicant", "operator", "authority", "department",    "local",
                                                      "expert",    "verifier", "oversight", "administrator", "public"};

std::vector<ProcedureState> read_states(LawBlockReader& block) {
  std::vector<ProcedureState> states;
  for (TomlReader& table : block.toml.tables("states")) {
    ProcedureState state{table.text("id"), table.text("zh"), table.text("en"),
                         table.optional_boolean("rests").value_or(false)};
    table.finish();
    const bool known = std::ranges::any_of(states, [&](const ProcedureState& other) { return other.id == state.id; });
    if (known) table.fail("id", "the state " + state.id + " comes twice", "keep one of them");
    states.push_back(std::move(state));
  }
  if (states.empty()) block.toml.fail("states", "a procedure has states", "write states = [{id = \"draft\", ...}]");
  return states;
}

}  // namespace

void read_role(LawBlockReader& block) {
  auto rule = block.begin<RoleRule>();
  rule.id = block.id();
  block.name(rule);
  const auto party = std::ranges::find(parties, block.toml.one_of("party", parties));
  if (party != parties.end()) rule.party = static_cast<Party>(party - parties.begin());
  rule.excludes = block.ids("excludes");
  block.add(block.book.roles, std::move(rule), [](const RoleRule& a, const RoleRule& b) { return a.id == b.id; });
}

void read_procedure(LawBlockReader& block) {
  auto rule = block.begin<ProcedureRule>();
  rule.id = block.id();
  block.name(rule);
  rule.starts = block.id("starts");
  rule.states = read_states(block);
  if (block.sound() && rule.find_state(rule.starts) == nullptr)
    block.toml.fail("starts", rule.starts + " is none of the states", "begin with a state of this procedure");
  block.add(block.book.procedures, std::move(rule),
            [](const ProcedureRule& a, const ProcedureRule& b) { return a.id == b.id; });
}

void read_action(LawBlockReader& block) {
  auto rule = block.begin<ActionRule>();
  const std::vector<std::string> procedures = block.one_or_some_ids("procedure");
  rule.id = block.id();
  block.name(rule);
  rule.when = block.some_ids("when");
  rule.to = block.optional_id("to");
  rule.by = block.some_ids("by");
  rule.together = block.flag("together");
  if (rule.together && rule.by.size() < 2)
    block.toml.fail("together", "one role alone does not act together", "name every role in by");
  rule.apart_from = block.ids("apart_from");
  rule.needs = block.ids("needs");
  rule.lapses = block.ids("lapses");
  rule.needs_reason = block.flag("needs_reason");
  rule.votes = block.flag("votes");
  rule.publishes = block.optional_id("publishes");
  rule.effect = block.optional_id("effect");
  block.add_to_each(procedures, block.book.actions, rule);
}

void read_deadline(LawBlockReader& block) {
  TomlReader& toml = block.toml;
  auto rule = block.begin<DeadlineRule>();
  rule.id = block.id();
  const std::vector<std::string> procedures = block.one_or_some_ids("procedure");
  block.name(rule);
  rule.starts = block.some_ids("starts");
  rule.ends = block.some_ids("ends");
  if (toml.has("working_days") == toml.has("calendar_days"))
    toml.fail("working_days", "a deadline has either working_days or calendar_days", "write working_days = 20");
  rule.working = !toml.has("calendar_days");
  rule.days_field = block.optional_id(rule.working ? "working_days_field" : "calendar_days_field");
  if (toml.has("working_days")) rule.days = block.days("working_days", 1);
  if (toml.has("calendar_days")) rule.days = block.days("calendar_days", 1);
  rule.paused_by = block.ids("paused_by");
  rule.resumed_by = block.ids("resumed_by");
  if (rule.paused_by.empty() != rule.resumed_by.empty())
    toml.fail(rule.paused_by.empty() ? "resumed_by" : "paused_by", "a pause has a beginning and an end",
              "write both paused_by and resumed_by");
  rule.remind_after = toml.integers("remind_after");
  rule.owner = block.id("owner");
  rule.escalates_to = block.optional_id("escalates_to");
  block.add_to_each(procedures, block.book.deadlines, rule);
}

void read_notice(LawBlockReader& block) {
  auto rule = block.begin<NoticeRule>();
  rule.id = block.id();
  const std::vector<std::string> procedures = block.one_or_some_ids("procedure");
  block.name(rule);
  rule.opens = block.some_ids("opens");
  rule.closes = block.some_ids("closes");
  rule.working_days_min = block.days("working_days_min", 1);
  rule.before = block.ids("before");
  rule.code = block.code();
  block.add_to_each(procedures, block.book.notices, rule);
}

void read_draw(LawBlockReader& block) {
  static constexpr std::array<std::string_view, 2> pools = {"experts", "objects"};
  auto rule = block.begin<DrawRule>();
  rule.id = block.id();
  const std::vector<std::string> procedures = block.one_or_some_ids("procedure");
  rule.action = block.id("action");
  block.name(rule);
  rule.from = block.toml.one_of("drawn_from", pools) == "objects" ? DrawnFrom::objects : DrawnFrom::experts;
  if (block.toml.has("share_percent"))
    rule.share_percent = static_cast<int>(block.toml.integer("share_percent", 1, 100));
  rule.least = static_cast<int>(block.toml.integer("at_least", 1, 1000));
  block.add_to_each(procedures, block.book.draws, rule);
}

}  // namespace tanpuhui
