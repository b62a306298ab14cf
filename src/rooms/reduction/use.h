#pragma once
/// Reductions leave circulation for a purpose, in the same posting in which they are used: donate to an event, retire
/// for an offset, cancel. A person's use takes the points that carry the grams; a provider gives what was released to
/// it. Basis: js24.a26, js24.a30, js24.a32, decisions D6, D43
#include <string>
#include <vector>

#include "base/result.h"
#include "ledger/acts.h"

namespace tanpuhui {

/// One purpose the rulebook allows, and where its reductions end.
struct UsePurpose {
  std::string id;  ///< `event_neutrality`, `offset`, `cancel` ...
  std::string zh, en;
  SystemAccount destination = SystemAccount::cancelled;
  EntryKind kind = EntryKind::cancel;
  bool needs_beneficiary = false;
};

struct UseRequest {
  std::string purpose;
  std::string beneficiary;  ///< an event or an organisation; empty where the purpose needs none
  Milligrams amount;
};

struct UseFacts {
  const AccountState* account = nullptr;
  std::vector<UsePurpose> allowed;  ///< by the rulebook, today
  bool event_in_region = true;      ///< of an event: held where the rulebook allows
  std::vector<BatchId> held;        ///< batches on notice, whose reductions are not used yet
  Day today;
};

struct UseDecision {
  EntryKind kind = EntryKind::cancel;
  UsePurpose purpose;
  UsePlan plan;     ///< the preview
  Posting posting;  ///< serials are numbered by the writer
};

/// Refuses: USE-01 purpose not allowed, beneficiary missing, event elsewhere; USE-02 not enough, or what would be
/// enough is held for a notice; ACC-01.
Result<UseDecision> decide_use(const UseRequest& request, const UseFacts& facts);

}  // namespace tanpuhui
