#pragma once
/// A scenario enters the register: what its case, filed or recognised, does not say - the name that records carry, its
/// formula, the partner's key. Whether it is live on a day its case says (find_scenario.h). Basis: js24.a17, js24.a20
#include "office/office.h"
#include "rooms/scenario/scenario.h"
#include "rooms/scenario/shell/find_scenario.h"

namespace tanpuhui {

/// The same record again is the same scenario; another record of the same name is refused (SCN-04), and so is what
/// `decide_record_scenario` names. The partner's key stands as `partner:<name>` among the signing keys.
Result<ScenarioId> record_scenario(const Office& office, const ScenarioRecord& record, CommandId id);

}  // namespace tanpuhui
