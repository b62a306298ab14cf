#pragma once
/// Batches in the store: compute from sealed acts, sign, post. Each step may be repeated after a crash: the same call
/// ends in the same state, and what is done is not done twice.
///
///   TANPUHUI_TRY(BatchId batch, compute_batch(database, request, hash));
///   TANPUHUI_TRY(Done a, sign_batch(writer, ...));           // the partner, then the authority or its delegate
///   TANPUHUI_TRY(PostedBatch posted, post_batch(...));
#include <functional>
#include <optional>
#include <string>

#include "base/result.h"
#include "ledger/grant.h"
#include "rooms/reduction/batch.h"
#include "rulebook/rulebook.h"
#include "store/writer.h"

namespace tanpuhui {

struct BatchRequest {
  ScenarioId scenario;
  Day from, until;  ///< both inclusive
  Digest rulebook_hash{};
};

/// Takes all open sealed days of the period and closes them. When they are closed already and a batch of exactly this
/// period stands, that batch is the answer. Refuses ISS-02 when there is nothing to issue in the period.
Result<BatchId> compute_batch(Database& database, const BatchRequest& request, HashFunction hash);

/// The content that signatures cover, as stored.
BatchContent load_batch(Database& database, BatchId batch);

struct BatchSignature {
  Signer signer = Signer::partner;
  std::string delegation;  ///< document, for an operator
  Bytes signature;         ///< over the batch digest; checked by the caller against the signer's public key
  CommandId command;
};

Result<Done> sign_batch(Database& database, Writer& writer, BatchId batch, const BatchSignature& signature,
                        const Rulebook& book, Instant now);

struct PostedBatch {
  std::int64_t persons = 0;
  Points points;
  Milligrams reduction;
  Day credited_on;
};

/// Posts every line as one entry of its person, many in a commit. All lines share the crediting day of the first call.
/// Refuses: ISS-01 unsigned, ISS-03 the sealed acts give another amount now; or a line's own refusal.
Result<PostedBatch> post_batch(Database& database, Writer& writer, BatchId batch, const Rulebook& book,
                               HashFunction hash, Instant now);

}  // namespace tanpuhui
