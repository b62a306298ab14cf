#include "server/procedure_json.h"

#include <array>
#include <set>

namespace tanpuhui {
namespace {

namespace json = boost::json;

constexpr std::array<std::string_view, 10> party_names = {"applicant",     "operator", "authority", "department",
                                                          "local",         "expert",   "verifier",  "oversight",
                                                          "administrator", "public"};

/// What a guard asks, so that a page can offer the field or the document before it is refused.
struct AskedByGuard {
  std::string_view asks;
  std::vector<std::string> documents = {}, fields = {}, words = {};
};

struct GuardReader {
  AskedByGuard operator()(const DocumentsThere& test) const { return {"documents", test.kinds}; }
  AskedByGuard operator()(const FieldsFilled& test) const { return {"fields", {}, test.fields}; }
  AskedByGuard operator()(const FieldOneOf& test) const { return {"one_of", {}, {test.field}, test.words}; }
  AskedByGuard operator()(const FieldNotInFuture& test) const { return {"not_after_today", {}, {test.field}}; }
  AskedByGuard operator()(const FieldNotBefore& test) const {
    return {"not_before", {}, {test.field}, {test.day ? format_day(*test.day) : "today"}};
  }
  AskedByGuard operator()(const FieldAtLeast& test) const {
    return {"at_least", {}, {test.field}, {std::to_string(test.least)}};
  }
  AskedByGuard operator()(const FieldNotListed& test) const { return {"not_listed", {}, {test.field}}; }
  AskedByGuard operator()(const FieldNamesCase& test) const { return {"names_case", {}, {test.field}}; }
  AskedByGuard operator()(const ApplicantIs& test) const { return {"applicant", {}, {}, test.kinds}; }
  AskedByGuard operator()(const ApplicantFree& test) const { return {"applicant_free_of", {}, {}, test.measures}; }
  AskedByGuard operator()(const NoneOpen&) const { return {"none_open"}; }
  AskedByGuard operator()(const OneExists&) const { return {"one_exists"}; }
  AskedByGuard operator()(const VotedFor&) const { return {"voted_for"}; }
  AskedByGuard operator()(const DeadlinePassed&) const { return {"overdue"}; }
  AskedByGuard operator()(const FactSaid&) const { return {"fact"}; }
};

json::object guard_json(const GuardRule& guard) {
  const AskedByGuard asked = std::visit(GuardReader(), guard.test);
  json::object out = named_json(guard);
  out["code"] = guard.code;
  out["remedy_zh"] = guard.remedy_zh;
  out["remedy_en"] = guard.remedy_en;
  out["asks"] = asked.asks;
  out["documents"] = words_json(asked.documents);
  out["fields"] = words_json(asked.fields);
  out["words"] = words_json(asked.words);
  out["basis"] = guard.basis;
  return out;
}

json::object action_json(const ActionRule& action) {
  json::object out = named_json(action);
  out["when"] = words_json(action.when);
  out["to"] = text_or_null(action.to);
  out["by"] = words_json(action.by);
  out["together"] = action.together;
  out["needs"] = words_json(action.needs);
  out["lapses"] = words_json(action.lapses);
  out["needs_reason"] = action.needs_reason;
  out["votes"] = action.votes;
  out["publishes"] = text_or_null(action.publishes);
  out["basis"] = action.basis;
  return out;
}

json::object deadline_json(const DeadlineRule& deadline) {
  json::object out = named_json(deadline);
  out["starts"] = words_json(deadline.starts);
  out["ends"] = words_json(deadline.ends);
  out["days"] = deadline.days;
  out["working"] = deadline.working;
  out["owner"] = deadline.owner;
  out["escalates_to"] = deadline.escalates_to;
  out["basis"] = deadline.basis;
  return out;
}

json::object notice_json(const NoticeRule& notice) {
  json::object out = named_json(notice);
  out["opens"] = words_json(notice.opens);
  out["closes"] = words_json(notice.closes);
  out["working_days_min"] = notice.working_days_min;
  out["basis"] = notice.basis;
  return out;
}

json::object draw_json(const DrawRule& draw) {
  json::object out = named_json(draw);
  out["action"] = draw.action;
  out["drawn_from"] = draw.from == DrawnFrom::experts ? "experts" : "objects";
  out["share_percent"] = draw.share_percent;
  out["at_least"] = draw.least;
  out["basis"] = draw.basis;
  return out;
}

json::object role_json(const RoleRule& role) {
  json::object out = named_json(role);
  out["party"] = party_names[static_cast<std::size_t>(role.party)];
  out["acts_for_scheme"] = role.acts_for_scheme();
  out["basis"] = role.basis;
  return out;
}

json::object head_json(const ProcedureRule& procedure) {
  json::object out = named_json(procedure);
  out["basis"] = procedure.basis;
  return out;
}

/// Those rules of the list that apply on the day and are wanted, each as JSON.
template <class T, class Wanted, class Write>
json::array rules_json(const Rulebook& book, const std::vector<T>& rules, Day day, Wanted wanted, Write write) {
  json::array out;
  for (const T& rule : rules)
    if (book.applies_on(rule, day) && wanted(rule)) out.push_back(write(rule));
  return out;
}

json::array states_json(const ProcedureRule& procedure) {
  json::array out;
  for (const ProcedureState& state : procedure.states) {
    json::object one = named_json(state);
    one["rests"] = state.rests;
    out.push_back(std::move(one));
  }
  return out;
}

std::set<std::string> guards_of(const Rulebook& book, const std::string& procedure, Day day) {
  std::set<std::string> guards;
  for (const ActionRule& action : book.actions)
    if (action.procedure == procedure && book.applies_on(action, day)) {
      guards.insert(action.needs.begin(), action.needs.end());
      guards.insert(action.lapses.begin(), action.lapses.end());
    }
  return guards;
}

}  // namespace

json::array words_json(const std::vector<std::string>& words) { return json::array(words.begin(), words.end()); }

json::value text_or_null(const std::string& text) { return text.empty() ? json::value(nullptr) : json::value(text); }

json::object procedure_list_json(const Rulebook& book, Day day) {
  const auto all = [](const auto&) { return true; };
  return {{"rulebook", book.name},
          {"procedures", rules_json(book, book.procedures, day, all, head_json)},
          {"roles", rules_json(book, book.roles, day, all, role_json)}};
}

std::optional<json::object> procedure_json(const Rulebook& book, const std::string& id, Day day) {
  const ProcedureRule* procedure = book.find(book.procedures, id, day);
  if (procedure == nullptr) return std::nullopt;
  const auto of_it = [&id](const auto& rule) { return rule.procedure == id; };
  const auto needed = [guards = guards_of(book, id, day)](const GuardRule& guard) { return guards.contains(guard.id); };
  json::object out = head_json(*procedure);
  out["starts"] = procedure->starts;
  out["states"] = states_json(*procedure);
  out["actions"] = rules_json(book, book.actions, day, of_it, action_json);
  out["guards"] = rules_json(book, book.guards, day, needed, guard_json);
  out["deadlines"] = rules_json(book, book.deadlines, day, of_it, deadline_json);
  out["notices"] = rules_json(book, book.notices, day, of_it, notice_json);
  out["draws"] = rules_json(book, book.draws, day, of_it, draw_json);
  return out;
}

}  // namespace tanpuhui
