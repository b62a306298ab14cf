#pragma once
/// An account's latest entries: the chain from accounts.last_entry over entries.prev_entry, read in one statement.
///
///   for (const Entry& entry : find_last_entries(database, account, 20)) show(entry);     // the latest first
#include <cstddef>
#include <vector>

#include "ledger/entry.h"
#include "store/database.h"

namespace tanpuhui {

/// At most `limit`, the latest first; none for an account that has no entries or is not registered. Costs as many
/// look-ups by key as it gives entries, however many the account or the programme has.
std::vector<Entry> find_last_entries(Database& database, AccountId account, std::size_t limit);

}  // namespace tanpuhui
