#pragma once
/// Account rows as the store keeps them. Damage is reported, not thrown: an audit goes on to the next row.
#include <cstdint>
#include <functional>

#include "audit/findings.h"
#include "ledger/account.h"
#include "store/database.h"

namespace tanpuhui {

/// Gives every row whose lots can be read to `use`. Totals are those of the columns, lots those of the bytes. Returns
/// how many rows there are.
std::int64_t read_account_rows(Database& database, Findings& findings,
                               const std::function<void(const AccountState&)>& use);

}  // namespace tanpuhui
