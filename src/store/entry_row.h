#pragma once
/// An entry from its row, for who trusts the store; the audit decodes by itself and reports what it finds.
#include "ledger/entry.h"
#include "store/database.h"

namespace tanpuhui {

/// Decodes `entries.body`; a Fault when it is damaged.
Entry read_entry(const Database& database, EntryId id, ByteView body);

}  // namespace tanpuhui
