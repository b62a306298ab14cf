#pragma once
/// The table of what follows from a step of a case, and of the facts that rooms find out for its guards: word of the
/// rulebook -> act of a room, in the commit of the step. A word that no table has is recorded in its case alone.
///
///   const CaseRooms rooms = rooms_of_cases({salt, read_formula});
///   take_step({office, calendar, rooms}, number, request, files, id);
#include <functional>
#include <set>
#include <string>

#include "cases/case_rooms.h"
#include "methodology/methodology.h"

namespace tanpuhui {

/// What the tables need besides the office.
struct GovernanceMeans {
  Bytes account_salt;                                                             ///< of the programme
  std::function<Result<Methodology, TextErrors>(std::string_view)> read_formula;  ///< of a version's file
};

CaseRooms rooms_of_cases(GovernanceMeans means);

/// Words of effects that are carried out.
std::set<std::string> performed_effects();

}  // namespace tanpuhui
