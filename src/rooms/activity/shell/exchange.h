#pragma once
/// The register of acts that other programmes credited, and what this one tells them (rooms/activity/exchange.h).
///
///   join_exchange(office, scenario, {"rides", secret}, id);
///   tell_credited(database, scenario, from, until)                 // the text of a file for the others
///   TANPUHUI_TRY(const Heard heard, hear_credited(office, scenario, "province", text, id));
///
/// Days that are still open are sealed again with what was heard. Basis: js24.a23, sip25.a15, AMB-30, decisions D17
#include "office/office.h"
#include "rooms/activity/exchange.h"
#include "rooms/activity/seal.h"

namespace tanpuhui {

/// The scenario's acts are told and heard as those of this group from now on. SCN-04 when it is in another one already.
Result<EntryId> join_exchange(const Office& office, ScenarioId scenario, const ExchangeGroup& group, CommandId id);
std::optional<ExchangeGroup> find_exchange(Database& database, ScenarioId scenario);

/// Acts that were credited: accepted, in rounds that a batch closed. The scenario is in a group.
std::string tell_credited(Database& database, ScenarioId scenario, Day from, Day until);

struct Heard {
  std::int64_t acts = 0, known_before = 0;
};
/// DAT-06 when the text is no such file, or of another group.
Result<Heard> hear_credited(const Office& office, ScenarioId scenario, const std::string& programme,
                            std::string_view text, CommandId id);

/// What was heard of acts of a day: keys, sorted.
std::vector<std::int64_t> find_heard(Database& database, ScenarioId scenario, Day day);
/// Which of the acts were heard of, as the seal takes them.
std::vector<CreditedElsewhere> find_credited_elsewhere(Database& database, const ExchangeGroup& group,
                                                       const std::vector<std::int64_t>& heard, const Acts& acts);

}  // namespace tanpuhui
