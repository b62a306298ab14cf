#pragma once
/// Cases that come with a first act of their own (procedure/first_act.h). Two entries, the opening and the act; a
/// command that was cut off between them goes on when it is sent again. A refusal leaves no case behind.
///
///   TANPUHUI_TRY(const BegunCase begun, bring_in({office, calendar, rooms}, opening, "live", request, files, id));
///   TANPUHUI_TRY(const std::int64_t number, open_filled_case(office, opening, {actor, "compile", fields}, files, id));
#include "cases/work_on_case.h"
#include "procedure/first_act.h"

namespace tanpuhui {

struct BegunCase {
  std::int64_t number = 0;
  CaseStep step;
};

/// A case that was decided before it was kept here: it stands in `state`, and what follows from standing there is done.
Result<BegunCase> bring_in(const CaseOffice& at, const CaseOpening& opening, const std::string& state,
                           StepRequest request, const Files& files, CommandId id);

struct FirstAct {
  Actor actor;
  std::string action;  ///< how the history names it
  std::map<std::string, std::string> fields;
};

/// A case that the scheme opens itself, about something made beforehand that the files hold.
Result<std::int64_t> open_filled_case(const Office& office, const CaseOpening& opening, const FirstAct& first,
                                      const Files& files, CommandId id);

}  // namespace tanpuhui
