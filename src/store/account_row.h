#pragma once
/// The columns of an account row and how they are read: the writer trusts them, the audit does not.
#include <string_view>

#include "ledger/account.h"
#include "store/database.h"

namespace tanpuhui {

/// Of `accounts a`; the last one is `a.lots`.
inline constexpr std::string_view account_columns =
    "a.version, a.points_available, a.points_locked, a.points_credited, a.points_used, a.points_expired, "
    "a.points_reversed, a.backing_mg, a.free_mg, a.honour_points, a.honour_mg, a.next_expiry, a.last_entry, a.lots";
inline constexpr int account_lots_column = 13;  ///< counted from the first of them

/// Of `accounts_register r`; all columns of an account are these, then those above.
inline constexpr std::string_view registered_columns = "r.account_id, r.kind, r.status, r.points_owed";
inline constexpr int registered_count = 4;

/// Everything but the lots, from the columns that begin at `first`.
void read_account_totals(const Statement& row, int first, AccountState& state);
/// The whole account, with its pages, from a row of all columns; one without entries has nulls there. Fault when its
/// lots are damaged.
AccountState read_account(Database& database, const Statement& row);

}  // namespace tanpuhui
