#pragma once
/// Points are granted on a person's sum in a batch, by the published rule, rounded down; acts that bear no reductions
/// earn points each by itself. They are good for the term of the rulebook from the day they were credited.
/// Basis: js24.a33p2, js24.a34, js24.a37p3, decisions D4, AMB-01
#include "base/result.h"
#include "ledger/acts.h"

namespace tanpuhui {

/// The rule in force on the crediting day.
struct GrantRule {
  Milligrams mg_per_point;  ///< 0: the scenario grants no points
  int years_valid = 2;
  Points points_per_act{};  ///< for an act that bears no reductions
};

struct GrantRequest {
  BatchId batch;
  Milligrams reduction;  ///< the person's sum in the batch
  Day credited_on;
  std::int64_t plain_acts = 0;  ///< that bear no reductions; not zero together with `reduction`
};

Grant grant_of(const GrantRequest& request, const GrantRule& rule);

/// The posting of one person's line of a batch. Refuses: ACC-01.
Result<Posting> decide_grant(const GrantRequest& request, const AccountState& account, const GrantRule& rule);

}  // namespace tanpuhui
