#include "procedure/check_rulebook.h"

#include <algorithm>

#include "base/words.h"
#include "procedure/explore.h"

namespace tanpuhui {
namespace {

int article_number(const std::string& id) {
  int number = 0;
  for (std::size_t at = id.find(".a") + 2; at < id.size() && id[at] >= '0' && id[at] <= '9'; ++at)
    number = number * 10 + (id[at] - '0');
  return number;
}

class BookCheck {
 public:
  explicit BookCheck(const BookMatters& matters) : at_(matters), book_(matters.book) {}

  BookReport run() {
    check_articles();
    check_cases();
    check_twins();
    for (const ProcedureRule& procedure : book_.procedures) check_procedure(procedure);
    check_guards();
    check_questions();
    for (const ActionRule& action : book_.actions)
      if (!action.effect.empty() && !at_.performed_effects.contains(action.effect))
        report_.unperformed_effects.insert(action.effect);
    return report_;
  }

 private:
  void find(const std::string& file, int line, std::string message, std::string remedy) {
    report_.findings.push_back({file, line, 1, std::move(message), std::move(remedy)});
  }
  void find(const Rule& rule, std::string message, std::string remedy) {
    find(rule.file, rule.line, std::move(message), std::move(remedy));
  }

  void check_articles() {
    int last = 0;
    for (const Provision& provision : book_.provisions) {
      if (!provision.status.empty()) ++report_.provisions[provision.status];
      if (provision.is_paragraph) continue;
      const int number = article_number(provision.id);
      for (int missing = last + 1; missing < number; ++missing)
        find(provision.file, provision.line,
             book_.name + ".a" + std::to_string(missing) + " is missing: every article has a status",
             "add it with its summary, kind and status");
      last = number;
    }
  }

  void check_cases() {
    for (const LawCase& told : at_.cases) {
      if (book_.find_provision(told.basis) == nullptr)
        find(told.file, told.line, told.id + ": there is no provision " + told.basis, "name the one it rests on");
      if (!told.waits_for.empty()) {
        ++report_.cases_waiting[told.waits_for];
        continue;
      }
      const Played played = play_case(book_, at_.calendar, told);
      ++report_.cases_played;
      if (!played.problem.empty())
        find(told.file, told.line, told.id + ": " + played.problem, "mend the story");
      else if (played.answer != told.expect)
        find(told.file, told.line,
             told.id + ": expected " + told.expect + ", the engine answers " + played.answer +
                 (played.said.empty() ? "" : ": " + played.said),
             "mend the case or the rule");
    }
  }

  void check_twins() {
    for (const Provision& provision : book_.provisions) {
      if (provision.status != "executable") continue;
      bool granted = false, refused = false;
      for (const LawCase& told : at_.cases)
        if (told.basis == provision.id) (told.expect == "granted" ? granted : refused) = true;
      if (granted && refused) continue;
      const std::string lacks = granted ? "refused" : refused ? "granted" : "granted or refused";
      find(provision.file, provision.line, provision.id + " is executable, but has no case that is " + lacks,
           "add a case with basis = \"" + provision.id + "\"");
    }
  }

  void check_procedure(const ProcedureRule& procedure) {
    const Exploration ways = explore(book_, procedure.id);
    report_.explored[procedure.id] = ways.cases;
    for (const ProcedureState& state : procedure.states) {
      if (!ways.states.contains(state.id))
        find(procedure, procedure.id + ": no way leads to the state " + state.id, "add an action to it, or drop it");
      if (ways.stuck.contains(state.id))
        find(procedure, procedure.id + ": a case in the state " + state.id + " cannot come to rest",
             "add an action that leads on, or let the state rest");
    }
    for (const ActionRule& action : book_.actions)
      if (action.procedure == procedure.id && !ways.granted.contains(action.id) && !action.until)
        find(action, procedure.id + ": nobody can ever take the action " + action.id,
             "look at its states, its roles and what it is kept apart from");
    for (const std::string& way : ways.around_notice)
      find(procedure, procedure.id + ": a way leads around the notice " + way, "let it pass through the notice");
    for (const NoticeRule& notice : book_.notices)
      if (notice.procedure == procedure.id) check_way_around(procedure, notice);
    for (const std::string& action : explore(book_, procedure.id, Cast::one_person).alone)
      find(procedure, procedure.id + ": one person alone can bring about " + action,
           "keep it apart_from what that person did before, or name roles that exclude each other");
  }

  /// The states that can be reached without closing the notice; guards, roles and time do not matter.
  void check_way_around(const ProcedureRule& procedure, const NoticeRule& notice) {
    std::set<std::string> reached = {procedure.starts};
    for (bool grows = true; grows;) {
      grows = false;
      for (const ActionRule& action : book_.actions) {
        const bool closes = std::ranges::find(notice.closes, action.id) != notice.closes.end();
        if (action.procedure != procedure.id || action.to.empty() || closes) continue;
        const bool leaves =
            std::ranges::any_of(action.when, [&](const auto& state) { return reached.contains(state); });
        if (leaves) grows = reached.insert(action.to).second || grows;
      }
    }
    for (const std::string& state : notice.before)
      if (reached.contains(state))
        find(notice, notice.id + ": a way leads around it to the state " + state,
             "let every way to it pass through the action that closes the notice");
  }

  void check_guards() {
    for (const GuardRule& guard : book_.guards) {
      const bool needed = std::ranges::any_of(book_.actions, [&](const ActionRule& action) {
        return is_one_of(action.needs, guard.id) || is_one_of(action.lapses, guard.id);
      });
      if (!needed) find(guard, "no action needs the guard " + guard.id, "name it in needs, or drop it");
    }
  }

  void check_questions() {
    std::set<std::string> asked, answered;
    for (const BookQuestion& question : at_.questions) asked.insert(question.id);
    for (const SettingAnswer& answer : book_.answers) {
      answered.insert(answer.question);
      if (!asked.contains(answer.question))
        find(answer, "nobody asks the question " + answer.question, "add it to common/questions.toml");
    }
    for (const BookQuestion& question : at_.questions)
      if (!answered.contains(question.id))
        find(question.file, question.line, book_.name + " does not answer " + question.id,
             "add [[setting]] question = \"" + question.id + "\" to the book");
    for (const Rule* rule : all_rules(book_))
      for (const std::string& setting : rule->settings)
        if (setting.starts_with("AMB-") && !asked.contains(setting))
          find(*rule, "there is no question " + setting, "add it to common/questions.toml");
  }

  const BookMatters& at_;
  const Rulebook& book_;
  BookReport report_;
};

}  // namespace

BookReport check_rulebook(const BookMatters& matters) { return BookCheck(matters).run(); }

}  // namespace tanpuhui
