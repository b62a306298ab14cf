#include "procedure/explore.h"

#include <algorithm>
#include <deque>
#include <map>

#include "procedure/decide_step.h"
#include "procedure/terms.h"

namespace tanpuhui {
namespace {

constexpr int years_known = 60;  // longer than any way through a procedure takes
constexpr const char* text = "text";
constexpr const char* scheme_person = "the one";

Calendar weekdays_from(int first_year) {
  std::vector<WorkingDaysYear> years;
  for (int year = first_year; year < first_year + years_known; ++year) {
    WorkingDaysYear plain;
    plain.year = year;
    years.push_back(plain);
  }
  return std::move(*Calendar::build(std::move(years)));
}

/// A day on which every rule of the book that has no end applies.
Day day_of_exploration(const Rulebook& book) {
  Day latest = book.in_force_from.value_or(day_of({2025, 1, 6}));
  for (const Rule* rule : all_rules(book))
    if (rule->from && !rule->until) latest = std::max(latest, *rule->from);
  return latest;
}

/// Each guard asks for a fact of its own name.
Rulebook with_guards_as_facts(Rulebook book) {
  for (GuardRule& guard : book.guards) guard.test = FactSaid{guard.id};
  return book;
}

CaseFacts all_guards_hold(const Rulebook& book) {
  CaseFacts facts;
  for (const GuardRule& guard : book.guards) facts.said.insert(guard.id);
  return facts;
}

const std::string region = "000000";  // where all happens, so that local roles may act

Case case_at_start(const Rulebook& book, const std::string& procedure, Day day) {
  Case matter = begin_case(*book.find(book.procedures, procedure, day), {"applicant", "applicant", "organisation"});
  matter.documents[text] = {1, Digest{1}};
  matter.fields[region_field] = region;
  return matter;
}

StepRequest request_for(const RoleRule& role, const ActionRule& action, const std::string& person) {
  StepRequest request{action.id, {person, "scheme", {role.id}}, role.id, "reason", {}, {}, Vote::for_it};
  if (role.party == Party::applicant) request.actor.unit = "applicant";
  request.actor.region = region;
  return request;
}

class Explorer {
 public:
  Explorer(const Rulebook& book, const std::string& procedure, Cast cast)
      : book_(with_guards_as_facts(book)),
        facts_(all_guards_hold(book_)),
        cast_(cast),
        first_day_(day_of_exploration(book)),
        calendar_(weekdays_from(civil_of(first_day_).year)) {
    for (const ActionRule& action : book_.actions)
      if (action.procedure == procedure) {
        actions_.push_back(&action);
        makers_.insert(action.apart_from.begin(), action.apart_from.end());
      }
    for (const NoticeRule& notice : book_.notices)
      if (notice.procedure == procedure) notices_.push_back(&notice);
    visit({case_at_start(book_, procedure, first_day_), start_of(first_day_, book_.zone)});
  }

  Exploration run() {
    while (!waiting_.empty()) {
      const std::size_t from = waiting_.front();
      waiting_.pop_front();
      current_ = from;
      wait();
      for (const ActionRule* action : actions_)
        for (const std::string& role : action->by) try_action(*action, role);
    }
    find_stuck();
    result_.cases = nodes_.size();
    return result_;
  }

 private:
  struct Node {
    Case matter;
    Instant now;
  };

  Day today(const Node& node) const { return day_at(node.now, book_.zone); }

  /// What decide_step can tell apart.
  std::string key_of(const Node& node) const {
    std::string key = node.matter.state;
    for (const NoticeRule* rule : notices_) {
      const auto notice = notice_of(book_, calendar_, node.matter, *rule);
      key += "|";
      if (!notice) continue;
      key += notice->closed_on ? "closed" : today(node) > notice->least.last_day ? "over" : "running";
      key += notice->documents_changed ? " changed" : "";
    }
    std::set<std::string> told;
    for (auto act = node.matter.history.rbegin(); act != node.matter.history.rend(); ++act) {
      if (act->complete) break;
      told.insert(act->action + " by " + act->role);
    }
    if (cast_ == Cast::one_person)
      for (const CaseAct& act : node.matter.history)
        if (act.person == scheme_person) {
          told.insert(act.role);
          if (makers_.contains(act.action)) told.insert(act.action);
        }
    for (const std::string& word : told) key += "|" + word;
    return key;
  }

  void visit(Node node) {
    const auto [known, is_new] = numbers_.emplace(key_of(node), nodes_.size());
    if (is_new) {
      result_.states.insert(node.matter.state);
      nodes_.push_back(std::move(node));
      ways_back_.emplace_back();
      waiting_.push_back(known->second);
    }
    if (current_ < nodes_.size()) ways_back_[known->second].insert(current_);
  }

  /// Until the notice that runs is over.
  void wait() {
    for (const NoticeRule* rule : notices_) {
      const auto notice = notice_of(book_, calendar_, nodes_[current_].matter, *rule);
      if (!notice || notice->closed_on || today(nodes_[current_]) > notice->least.last_day) continue;
      Node later = nodes_[current_];
      later.now = start_of(notice->least.day_after(), book_.zone);
      visit(std::move(later));
    }
  }

  std::string person_for(const RoleRule& role) const {
    if (role.party == Party::applicant) return "applicant";
    if (cast_ == Cast::one_person && role.acts_for_scheme()) return scheme_person;
    return "person " + std::to_string(nodes_[current_].matter.history.size());
  }

  void try_action(const ActionRule& action, const std::string& role_id) {
    const RoleRule* role = book_.find(book_.roles, role_id, first_day_);
    if (role == nullptr) return;
    StepRequest request = request_for(*role, action, person_for(*role));
    try_request(action, request);
    const CaseDocument& document = nodes_[current_].matter.documents.at(text);
    request.documents[text] = Digest{static_cast<std::uint8_t>(document.version % 250 + 2)};
    try_request(action, request);
  }

  void try_request(const ActionRule& action, const StepRequest& request) {
    const auto step = decide_step(book_, calendar_, nodes_[current_].matter, facts_, request, nodes_[current_].now);
    if (!step) return;
    result_.granted.insert(action.id);
    Node next = nodes_[current_];
    apply_step(next.matter, *step);
    look_around_notices(action, next, step->act);
    if (cast_ == Cast::one_person && !step->effect.empty() && alone(next.matter)) result_.alone.insert(action.id);
    visit(std::move(next));
  }

  void look_around_notices(const ActionRule& action, const Node& next, const CaseAct& act) {
    if (!act.complete) return;
    for (const NoticeRule* rule : notices_) {
      if (std::ranges::find(rule->before, act.to) == rule->before.end()) continue;
      const auto notice = notice_of(book_, calendar_, next.matter, *rule);
      if (notice && notice->closed_on && !notice->documents_changed) continue;
      const std::string way = rule->id + ": " + action.id + " -> " + act.to;
      if (std::ranges::find(result_.around_notice, way) == result_.around_notice.end())
        result_.around_notice.push_back(way);
    }
  }

  /// The person of the scheme acted before the last act too, and nobody but that person has acted at all.
  static bool alone(const Case& matter) {
    return matter.history.size() > 1 &&
           std::ranges::all_of(matter.history, [](const CaseAct& act) { return act.person == scheme_person; });
  }

  void find_stuck() {
    std::vector<bool> comes_to_rest(nodes_.size());
    std::deque<std::size_t> reached;
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
      const ProcedureRule* procedure = book_.find(book_.procedures, nodes_[i].matter.procedure, first_day_);
      if (!procedure->find_state(nodes_[i].matter.state)->rests) continue;
      comes_to_rest[i] = true;
      reached.push_back(i);
    }
    for (; !reached.empty(); reached.pop_front())
      for (const std::size_t before : ways_back_[reached.front()]) {
        if (comes_to_rest[before]) continue;
        comes_to_rest[before] = true;
        reached.push_back(before);
      }
    for (std::size_t i = 0; i < nodes_.size(); ++i)
      if (!comes_to_rest[i]) result_.stuck.insert(nodes_[i].matter.state);
  }

  Rulebook book_;
  CaseFacts facts_;
  Cast cast_;
  Day first_day_;
  Calendar calendar_;
  std::vector<const ActionRule*> actions_;
  std::vector<const NoticeRule*> notices_;
  std::set<std::string> makers_;  // actions from which others are kept apart
  std::deque<Node> nodes_;
  std::vector<std::set<std::size_t>> ways_back_;
  std::map<std::string, std::size_t> numbers_;
  std::deque<std::size_t> waiting_;
  std::size_t current_ = std::size_t(-1);
  Exploration result_;
};

}  // namespace

Exploration explore(const Rulebook& book, const std::string& procedure, Cast cast) {
  return Explorer(book, procedure, cast).run();
}

std::vector<MatrixRow> matrix_of(const Rulebook& book, const std::string& procedure) {
  const Rulebook plain = with_guards_as_facts(book);
  const Day day = day_of_exploration(book);
  const Calendar calendar = weekdays_from(civil_of(day).year - 1);
  const ProcedureRule& rule = *plain.find(plain.procedures, procedure, day);
  Case matter = begin_case(rule, {"applicant", "applicant", "organisation"});
  matter.fields[region_field] = region;
  for (const NoticeRule& notice : plain.notices) {
    if (notice.procedure != procedure) continue;
    CaseAct opening;
    opening.action = notice.opens.front();
    opening.at = start_of(day - 300, plain.zone);
    matter.history.push_back(opening);
  }
  std::vector<MatrixRow> rows;
  for (const RoleRule& role : plain.roles)
    for (const ActionRule& action : plain.actions) {
      if (action.procedure != procedure) continue;
      for (const ProcedureState& state : rule.states) {
        matter.state = state.id;
        const StepRequest request =
            request_for(role, action, role.party == Party::applicant ? "applicant" : "somebody");
        const auto step =
            decide_step(plain, calendar, matter, all_guards_hold(plain), request, start_of(day, plain.zone));
        rows.push_back({role.id, action.id, state.id, step ? "granted" : step.error().code});
      }
    }
  return rows;
}

}  // namespace tanpuhui
