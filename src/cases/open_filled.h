#pragma once
/// A case that the scheme opens itself and that is about something made beforehand, e.g. an issue of a publication: its
/// first act says who made it and brings the documents. No action of the book allows it and none can be taken a second
/// time by it; all that follows is the book's.
///
///   TANPUHUI_TRY(const std::int64_t number, open_filled_case(office, opening, {actor, "compile", fields}, files, id));
#include "cases/work_on_case.h"

namespace tanpuhui {

struct FirstAct {
  Actor actor;
  std::string action;  ///< how the history names it
  std::map<std::string, std::string> fields;
};

/// Two entries: the opening, then the act. A command that was cut off between them goes on when it is sent again.
/// Refused: as open_case; PRO-02 when the actor does not act for the scheme.
Result<std::int64_t> open_filled_case(const Office& office, const CaseOpening& opening, const FirstAct& first,
                                      const Files& files, CommandId id);

}  // namespace tanpuhui
