#pragma once
/// A scenario enters the register as live. Application, review and notice come with the procedures; what is recorded
/// here is their result. Basis: js24.a17
#include "crypto/ed25519.h"
#include "office/office.h"
#include "rooms/scenario/shell/find_scenario.h"

namespace tanpuhui {

struct ScenarioRecord {
  std::string name, title_zh, title_en, developer, methodology;
  Digest methodology_hash{};
  Day live_from;
  std::optional<Day> live_until;
  std::int32_t lateness_days = 30;  ///< 0 to 366
  PublicKeyBytes partner_key{};     ///< with which the partner signs its batches
};

/// The same record again is the same scenario; another record of the same name is refused (SCN-...: see the closed
/// list of refusal codes).
Result<ScenarioId> record_scenario(const Office& office, const ScenarioRecord& record, CommandId id);

}  // namespace tanpuhui
