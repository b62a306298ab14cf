#pragma once
/// What the rooms have to do with cases: what follows from a step, and the facts that guards ask of them. Both are
/// closed tables by the words of the rulebook; what no room carries out stays in the case alone, and `rulebook check`
/// names it.
///
///   CaseRooms rooms;
///   rooms.effects["scenario_live"] = [](const StepTaken& step) -> Result<RowChange> { ... };
///   rooms.facts["conformance_passed"] = [](const FactAsked& asked) { ... };
#include <functional>
#include <map>
#include <string>

#include "calendar/calendar.h"
#include "cases/stored_case.h"
#include "office/office.h"

namespace tanpuhui {

/// By kind of document.
using Files = std::map<std::string, Bytes>;

/// Register rows that change in the commit of the step.
using RowChange = std::function<void(Database&, EntryId)>;

/// A step that the procedure grants, before it is stored.
struct StepTaken {
  const Office& office;
  const StoredCase& stored;  ///< as the step leaves it
  const CaseAct& act;
  const Files& files;  ///< that come with it

  /// The bytes of the case's document of that kind; none when it has none.
  std::optional<Bytes> document(const std::string& kind) const;
};
/// May refuse: then the step is refused.
using Effect = std::function<Result<RowChange>(const StepTaken&)>;

struct FactAsked {
  Database& database;
  const Rulebook& book;
  const StoredCase& stored;  ///< with what the request would fill in
  const StepRequest& request;
  const Calendar& calendar;
  Day today;
};
using FactFinder = std::function<bool(const FactAsked&)>;

struct CaseRooms {
  std::map<std::string, Effect> effects;
  std::map<std::string, FactFinder> facts;
};

}  // namespace tanpuhui
