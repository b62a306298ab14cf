#pragma once
/// Batches in the store: compute from sealed acts, sign, post. Each step may be repeated after a crash: the same call
/// ends in the same state, and what is done is not done twice.
///
///   TANPUHUI_TRY(BatchId batch, compute_batch(office, {scenario, from, until}));
///   TANPUHUI_TRY(Done a, sign_batch(office, batch, signature));   // the partner, then the authority or its delegate
///   TANPUHUI_TRY(PostedBatch posted, post_batch(office, batch));
#include <optional>
#include <string>

#include "base/result.h"
#include "crypto/ed25519.h"
#include "ledger/grant.h"
#include "office/office.h"
#include "rooms/reduction/batch.h"

namespace tanpuhui {

struct BatchRequest {
  ScenarioId scenario;
  Day from, until;  ///< both inclusive
};

/// Takes all open sealed days of the period and closes them. When they are closed already and a batch of exactly this
/// period stands, that batch is the answer. Refuses ISS-02 when there is nothing to issue in the period.
Result<BatchId> compute_batch(const Office& office, const BatchRequest& request);

/// The content that signatures cover, as stored.
BatchContent load_batch(Database& database, BatchId batch);

/// Who signs with which key: `authority`, `operator`, or the partner of the scenario. The key was recorded before.
std::string key_holder(Signer signer, const std::string& scenario);
/// Records a public key. Another key for the same holder is refused (ISS-01): keys are not replaced silently.
Result<EntryId> record_key(const Office& office, const std::string& holder, const PublicKeyBytes& key, CommandId id);
/// A delegation document under which the operator may sign. The same again is the same.
Result<EntryId> record_delegation(const Office& office, const Delegation& delegation, CommandId id);

struct BatchSignature {
  Signer signer = Signer::partner;
  std::string delegation;  ///< document, for an operator
  Signature signature{};   ///< Ed25519 over the 32 bytes of the batch digest
};
/// What is to be signed.
Digest digest_to_sign(Database& database, BatchId batch);

/// Refuses ISS-01: not entitled, or the signature is not that of the recorded key. Signing again changes nothing.
Result<Done> sign_batch(const Office& office, BatchId batch, const BatchSignature& signature);

struct PostedBatch {
  std::int64_t persons = 0;
  Points points;
  Milligrams reduction;
  Day credited_on;
};

/// Posts every line as one entry of its person, many in a commit. All lines share the crediting day of the first call.
/// Refuses: ISS-01 unsigned, ISS-03 the sealed acts give another amount now; or a line's own refusal.
Result<PostedBatch> post_batch(const Office& office, BatchId batch);

}  // namespace tanpuhui
