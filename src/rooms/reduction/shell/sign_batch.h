#pragma once
/// Signing a batch: the partner, then the authority or its delegate. With both signatures it may be posted.
///
///   const Digest digest = digest_to_sign(database, batch);
///   TANPUHUI_TRY(Done partner, sign_batch(office, batch, {Signer::partner, "", key.sign(digest)}));
///
/// Basis: js24.a5p1, js24.a6
#include <string>

#include "crypto/ed25519.h"
#include "office/office.h"
#include "rooms/reduction/batch.h"

namespace tanpuhui {

struct BatchSignature {
  Signer signer = Signer::partner;
  std::string delegation;  ///< document, for an operator
  Signature signature{};   ///< Ed25519 over the 32 bytes of the batch digest
};

/// What is to be signed.
Digest digest_to_sign(Database& database, BatchId batch);

/// Refuses ISS-01: not entitled, or the signature is not that of the recorded key. Signing again changes nothing.
Result<Done> sign_batch(const Office& office, BatchId batch, const BatchSignature& signature);

}  // namespace tanpuhui
