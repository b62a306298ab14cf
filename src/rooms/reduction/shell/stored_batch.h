#pragma once
/// A batch as the store holds it: what the acts on batches, the audit and the command line read.
#include <string>
#include <vector>

#include "rooms/reduction/batch.h"
#include "store/database.h"

namespace tanpuhui {

/// A batch of the scenario that is about to be: the next number, and the methodology; period and lines are to be filled
/// in. Inside a transaction, with `save_batch`.
BatchContent new_batch_of(Database& database, ScenarioId scenario);
/// Computed, to be signed. `held`: until its case releases it.
void save_batch(Database& database, const BatchContent& content, ScenarioId scenario, bool held);

/// The content that signatures cover, as stored. A Fault when there is no such batch.
BatchContent load_batch(Database& database, BatchId batch);

/// Its lines alone, by account; none when there is no such batch.
std::vector<BatchLine> load_lines(Database& database, BatchId batch);

/// Signed by both, or broken off while they were posted.
std::vector<BatchId> list_batches_to_post(Database& database);

Digest read_digest(ByteView bytes);

}  // namespace tanpuhui
