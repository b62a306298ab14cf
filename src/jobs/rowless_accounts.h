#pragma once
/// Accounts that receive legs only and have no row: those of the system and the escrows of providers.
#include <set>

#include "ledger/account.h"
#include "rooms/mall/shell/find_offers.h"

namespace tanpuhui {

class RowlessAccounts {
 public:
  /// A provider stands in the register before the first order with it: read after the entries to judge are known.
  void load(Database& database) {
    const auto escrows = escrow_accounts(database);
    escrows_ = {escrows.begin(), escrows.end()};
  }
  bool contains(AccountId account) const { return is_system(account) || escrows_.contains(account); }

 private:
  std::set<AccountId> escrows_;
};

}  // namespace tanpuhui
