#pragma once
/// Points are granted on a person's sum in a batch, by the published rule, rounded down; they are good for the term of
/// the rulebook from the day they were credited. Basis: js24.a34, js24.a37p3, decisions D4
#include "base/result.h"
#include "ledger/acts.h"

namespace tanpuhui {

/// The rule in force on the crediting day.
struct GrantRule {
  Milligrams mg_per_point;  ///< 0: the scenario grants no points
  int years_valid = 2;
};

struct GrantRequest {
  BatchId batch;
  Milligrams reduction;  ///< the person's sum in the batch, above zero
  Day credited_on;
};

Grant grant_of(const GrantRequest& request, const GrantRule& rule);

/// The posting of one person's line of a batch. Refuses: ACC-01.
Result<Posting> decide_grant(const GrantRequest& request, const AccountState& account, const GrantRule& rule);

}  // namespace tanpuhui
