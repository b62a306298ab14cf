#pragma once
/// Cases as JSON, as api/openapi.yaml lays them out, for one who may see them (cases/sight.h).
#include <boost/json.hpp>

#include "cases/due.h"
#include "cases/sight.h"
#include "procedure/decide_step.h"

namespace tanpuhui {

/// Under which law and when a case is looked at.
struct CaseView {
  const Rulebook& book;
  const Calendar& calendar;
  Instant now;
};

boost::json::object case_head_json(const CaseView& view, const StoredCase& stored);
/// All of it but the actions.
boost::json::object case_json(const CaseView& view, const StoredCase& stored, Sight sight);
boost::json::array actions_json(const std::vector<OfferedAction>& actions);
boost::json::object running_deadline_json(const RunningDeadline& deadline);
/// What a step's answer says.
boost::json::object step_json(const CaseView& view, std::int64_t number, const CaseAct& act);

}  // namespace tanpuhui
