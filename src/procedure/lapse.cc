#include "procedure/lapse.h"

#include "base/words.h"

namespace tanpuhui {
namespace {

bool is_watched(const Rulebook& book, const ActionRule& action, const Case& matter, Day today) {
  return !action.lapses.empty() && action.procedure == matter.procedure && is_one_of(action.when, matter.state) &&
         book.applies_on(action, today);
}

std::optional<Refusal> first_failure(const ActionRule& action, const Circumstances& at, Day today) {
  for (const std::string& id : action.lapses)
    if (const GuardRule* guard = at.book.find(at.book.guards, id, today))
      if (auto refusal = refuse_by_guard(*guard, at)) return refusal;
  return std::nullopt;
}

CaseStep step_of(const ActionRule& action, const Case& matter, const Refusal& failure, Instant now) {
  CaseStep step{{}, action.publishes, action.effect};
  CaseAct& act = step.act;
  act.role = platform_role;
  act.action = action.id;
  act.from = matter.state;
  act.to = action.to.empty() ? matter.state : action.to;
  act.at = now;
  act.reason = failure.code + ": " + failure.message_zh + " / " + failure.message_en;
  act.basis = action.basis;
  return step;
}

}  // namespace

bool may_lapse(const Rulebook& book, const Case& matter, Day today) {
  for (const ActionRule& action : book.actions)
    if (is_watched(book, action, matter, today)) return true;
  return false;
}

std::optional<CaseStep> decide_lapse(const Rulebook& book, const Calendar& calendar, const Case& matter,
                                     const CaseFacts& facts, Instant now) {
  const Day today = day_at(now, book.zone);
  const Circumstances at{book, calendar, matter, facts, now};
  for (const ActionRule& action : book.actions)
    if (is_watched(book, action, matter, today))
      if (const auto failure = first_failure(action, at, today)) return step_of(action, matter, *failure, now);
  return std::nullopt;
}

}  // namespace tanpuhui
