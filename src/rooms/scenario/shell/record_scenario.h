#pragma once
/// A scenario enters the register as live. Application, review and notice come with the procedures; what is recorded
/// here is their result. Basis: js24.a17
#include "office/office.h"
#include "rooms/scenario/scenario.h"
#include "rooms/scenario/shell/find_scenario.h"

namespace tanpuhui {

/// The same record again is the same scenario; another record of the same name is refused (SCN-04), and so is what
/// `decide_record_scenario` names. The partner's key stands as `partner:<name>` among the signing keys.
Result<ScenarioId> record_scenario(const Office& office, const ScenarioRecord& record, CommandId id);

}  // namespace tanpuhui
