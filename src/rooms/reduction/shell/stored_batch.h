#pragma once
/// A batch as the store holds it: what the acts on batches, the audit and the command line read.
#include <vector>

#include "rooms/reduction/batch.h"
#include "store/database.h"

namespace tanpuhui {

/// The content that signatures cover, as stored. A Fault when there is no such batch.
BatchContent load_batch(Database& database, BatchId batch);

/// The rest of `rows`, whose columns are account, milligrams and number of records.
std::vector<BatchLine> read_lines(Statement& rows);

Digest read_digest(ByteView bytes);

}  // namespace tanpuhui
