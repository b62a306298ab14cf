#pragma once
/// Effects that change rows which rooms have anyway: accounts, officers, delegations, words in use.
#include "cases/case_rooms.h"

namespace tanpuhui {

/// Accounts by the name of their holder. Opening again is the same account; one identity has one (ACC-02).
std::map<std::string, Effect> account_effects(Bytes account_salt);
/// An appointed expert acts for the scheme until the term ends. Basis: js24.a9, sip25.a6
std::map<std::string, Effect> expert_effects();
/// The authority lets the operator sign batches. Its document is `case:<number>`. Basis: js24.a6
std::map<std::string, Effect> delegation_effects();
/// The identifier of what was filed or recognised is in use from then on. Basis: js24.a23, sip25.a15
Effect claim_identifier();

}  // namespace tanpuhui
