#pragma once
/// The one function that changes an account, live and in a replay.
#include <span>
#include <string>

#include "ledger/account.h"
#include "ledger/entry.h"

namespace tanpuhui {

/// Applies what the posting does to this account: openings, legs, locks, honours; version + 1, last_entry. Spent lots
/// leave. Stops the process when a lot is missing, a balance would be negative, or a leg's backing is not the derived
/// one: the ledger would be broken.
void apply(AccountState& state, const Posting& posting, EntryId entry_id);

/// As `apply`, but says what is wrong instead of stopping; `state` is then of no use. For audits of stored entries.
/// Empty when all is well.
std::string try_apply(AccountState& state, const Posting& posting, EntryId entry_id);

/// The account as its entries (in order; others are skipped) leave it, or the first entry that cannot be applied.
Result<AccountState, Malformed> rebuild(AccountId account, std::span<const Entry> entries);

}  // namespace tanpuhui
