#pragma once
/// The one decision that carries every procedure of every book: may this person take this action in this case now?
///
///   TANPUHUI_TRY(const CaseStep step, decide_step(book, calendar, matter, facts, request, now));
///   apply_step(matter, step);                       // the shell stores the act, and does step.effect
///
/// Refusals, in this order: PRO-01 the state has no such action, PRO-02 another role, SEP-01 to SEP-03 and VER-01
/// (separation.h), PRO-03 a reason or a vote is missing, the notice's code or CAL-01, then the guards' own codes.
#include "procedure/guards.h"

namespace tanpuhui {

struct CaseStep {
  CaseAct act;
  std::string publishes;  ///< the publication that has news; empty: none, also while signatures are missing
  std::string effect;     ///< what a room does with it; empty likewise
};

Result<CaseStep> decide_step(const Rulebook& book, const Calendar& calendar, const Case& matter, const CaseFacts& facts,
                             const StepRequest& request, Instant now);

/// The case after the step.
void apply_step(Case& matter, const CaseStep& step);

/// The first role of the person's in which the action may be taken in that procedure; empty: none of them.
std::string role_for(const Rulebook& book, const std::string& procedure, const std::string& action, const Actor& actor);

/// The first role in which the person acts for the scheme on that day; empty: none.
std::string scheme_role_of(const Rulebook& book, const Actor& actor, Day today);

/// What a person may do in a case now: every action that its state has for some role, with the refusal where this
/// person would meet one. A reason or a vote that is still to be given is not held against them.
struct OfferedAction {
  const ActionRule* action = nullptr;
  std::string role;  ///< the one of the person's in which it would be done; empty: none of them
  std::optional<Refusal> refusal;
};
std::vector<OfferedAction> actions_of(const Rulebook& book, const Calendar& calendar, const Case& matter,
                                      const CaseFacts& facts, const Actor& actor, Instant now);

}  // namespace tanpuhui
