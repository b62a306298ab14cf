#pragma once
/// What the purposes of the rulebooks mean for the ledger: where the reductions end and what the entry is called. One
/// table by the id of the permitted use; a rulebook that brings a new purpose adds a row here.
///
///   TANPUHUI_TRY(const UsePurpose purpose, purpose_of(permitted_use));
///
/// Basis: js24.a26, js24.a31, AMB-21, AMB-22
#include <string_view>
#include <vector>

#include "rooms/reduction/use.h"
#include "rulebook/rules.h"

namespace tanpuhui {

/// USE-01 when the ledger has no place for a purpose of this id.
Result<UsePurpose> purpose_of(const PermittedUse& use);
/// Those that the owner may ask for and the ledger has a place for.
std::vector<UsePurpose> owner_purposes(const std::vector<PermittedUse>& uses);

/// The beneficiary is the id of a recorded event.
bool is_for_event(std::string_view purpose);

/// What a statement may print: UTF-8 without control characters, at most 200 bytes.
bool is_printable(std::string_view text);

}  // namespace tanpuhui
