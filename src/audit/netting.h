#pragma once
/// Netted balances are the sums of the legs up to the head of their job, and nothing else stands beside them.
#include <map>
#include <utility>

#include "audit/entry_check.h"
#include "jobs/rowless_accounts.h"
#include "store/database.h"

namespace tanpuhui {

class NettedBalancesAgree : public EntryCheck {
 public:
  NettedBalancesAgree(Database& database, Findings& findings);
  void see(const Entry& entry) override;
  void finish() override;

 private:
  struct Sum {
    Points points;
    Milligrams mg;
    bool operator==(const Sum&) const = default;
  };
  Database& database_;
  const EntryId head_;
  RowlessAccounts rowless_;
  std::map<std::pair<AccountId, BatchId>, Sum> legs_;
};

}  // namespace tanpuhui
