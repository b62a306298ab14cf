/// What rules name must be there: asked after the last chapter, because a rule may stand before what it names.
#include <algorithm>

#include "base/words.h"
#include "rulebook/rule_blocks.h"

namespace tanpuhui {
namespace {

class ReferenceCheck {
 public:
  ReferenceCheck(const Rulebook& book, TextErrors& errors) : book_(book), errors_(errors) {}

  void run() {
    for (const RoleRule& role : book_.roles) known(role, role.excludes, "role", names(book_.roles));
    for (const ActionRule& action : book_.actions) check(action);
    for (const GuardRule& guard : book_.guards) std::visit([&](const auto& test) { check(guard, test); }, guard.test);
    for (const DeadlineRule& deadline : book_.deadlines) check(deadline);
    for (const NoticeRule& notice : book_.notices) check(notice);
    for (const DrawRule& draw : book_.draws)
      if (known_procedure(draw, draw.procedure)) known(draw, {draw.action}, "action", actions_of(draw.procedure));
  }

 private:
  using Names = std::vector<std::string>;

  template <class T>
  static Names names(const std::vector<T>& rules) {
    Names all;
    for (const T& rule : rules) all.push_back(rule.id);
    return all;
  }
  Names states_of(const std::string& procedure) const {
    Names all;
    for (const ProcedureRule& rule : book_.procedures)
      if (rule.id == procedure)
        for (const ProcedureState& state : rule.states) all.push_back(state.id);
    return all;
  }
  Names actions_of(const std::string& procedure) const {
    Names all;
    for (const ActionRule& rule : book_.actions)
      if (rule.procedure == procedure) all.push_back(rule.id);
    return all;
  }
  Names voting_actions() const {
    Names all;
    for (const ActionRule& rule : book_.actions)
      if (rule.votes) all.push_back(rule.id);
    return all;
  }

  void known(const Rule& rule, const Names& wanted, const std::string& what, const Names& all) {
    for (const std::string& name : wanted) {
      if (is_one_of(all, name)) continue;
      errors_.push_back({rule.file, rule.line, 1, "there is no " + what + " " + name,
                         all.empty() ? "write it as a block of its own" : "write one of: " + joined(all)});
    }
  }
  void known_if_any(const Rule& rule, const std::string& name, const std::string& what, const Names& all) {
    if (!name.empty()) known(rule, {name}, what, all);
  }
  bool known_procedure(const Rule& rule, const std::string& procedure) {
    const std::size_t before = errors_.size();
    known(rule, {procedure}, "procedure", names(book_.procedures));
    return errors_.size() == before;
  }

  void check(const ActionRule& action) {
    known(action, action.by, "role", names(book_.roles));
    known(action, action.needs, "guard", names(book_.guards));
    known(action, action.lapses, "guard", names(book_.guards));
    known_if_any(action, action.publishes, "publication", names(book_.publications));
    if (!known_procedure(action, action.procedure)) return;
    known(action, action.when, "state", states_of(action.procedure));
    known_if_any(action, action.to, "state", states_of(action.procedure));
    known(action, action.apart_from, "action", actions_of(action.procedure));
  }

  void check(const DeadlineRule& deadline) {
    known_if_any(deadline, deadline.owner, "role", names(book_.roles));
    known_if_any(deadline, deadline.escalates_to, "role", names(book_.roles));
    if (!known_procedure(deadline, deadline.procedure)) return;
    for (const Names* actions : {&deadline.starts, &deadline.ends, &deadline.paused_by, &deadline.resumed_by})
      known(deadline, *actions, "action", actions_of(deadline.procedure));
  }

  void check(const NoticeRule& notice) {
    if (!known_procedure(notice, notice.procedure)) return;
    known(notice, notice.opens, "action", actions_of(notice.procedure));
    known(notice, notice.closes, "action", actions_of(notice.procedure));
    known(notice, notice.before, "state", states_of(notice.procedure));
  }

  void check(const GuardRule& guard, const FieldNamesCase& test) {
    if (known_procedure(guard, test.procedure)) known(guard, test.states, "state", states_of(test.procedure));
  }
  void check(const GuardRule& guard, const NoneOpen& test) { known_procedure(guard, test.procedure); }
  void check(const GuardRule& guard, const OneExists& test) {
    if (known_procedure(guard, test.procedure)) known(guard, test.states, "state", states_of(test.procedure));
  }
  void check(const GuardRule& guard, const VotedFor& test) {
    known(guard, {test.action}, "action that votes", voting_actions());
  }
  void check(const GuardRule& guard, const DeadlinePassed& test) {
    known(guard, {test.deadline}, "deadline", names(book_.deadlines));
  }
  template <class Other>
  void check(const GuardRule&, const Other&) {}  // names nothing of the book

  const Rulebook& book_;
  TextErrors& errors_;
};

}  // namespace

void check_references(const Rulebook& book, TextErrors& errors) { ReferenceCheck(book, errors).run(); }

}  // namespace tanpuhui
