#pragma once
/// An issuance: what the persons of one scenario saved in one period, summed, signed and posted.
///
///   draft -> compute (sums a person, from sealed acts) -> sign (partner, authority) -> post -> closed
///
/// A posted batch is never edited; what comes later is a batch of its own.
/// Basis: js24.a25, js24.a5p1 (signing is the authority's act), decisions D4, D10
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/ids.h"
#include "base/quantity.h"
#include "base/result.h"
#include "base/time.h"

namespace tanpuhui {

/// What one person saved in the period.
struct BatchLine {
  AccountId account;
  Milligrams reduction;
  std::int64_t records = 0;
  bool operator==(const BatchLine&) const = default;
};

/// What the signatures cover. `digest` is the SHA-256 of its canonical bytes with all lines.
struct BatchContent {
  BatchId id;
  std::string scenario;
  Day period_from, period_until;  ///< both inclusive
  std::string methodology;        ///< id and version
  Digest methodology_hash{};
  Digest rulebook_hash{};
  Digest acts_digest{};          ///< over the digests of the sealed days, in order of day and round
  std::vector<BatchLine> lines;  ///< by account, no account twice, each above zero

  Milligrams total() const;
  std::int64_t records() const;
};

Digest batch_digest(const BatchContent& content, HashFunction hash);

/// Who may sign for the authority: the authority itself, or the operator under a written delegation.
struct Delegation {
  std::string document;  ///< number of the delegation document
  std::string scope;     ///< scenario name, or `*`
  Day from, until;       ///< both inclusive
  Milligrams limit;      ///< for one batch
};

enum class Signer { partner, authority, operator_by_delegation };

struct SigningFacts {
  Signer signer = Signer::partner;
  std::optional<Delegation> delegation;  ///< the one named by the operator
};

/// May this signer sign a batch of this scenario and total today? ISS-01 when not. Basis: js24.a5p1, js24.a6
Result<Done> decide_sign(const BatchContent& content, const SigningFacts& facts, Day today);

struct PostingFacts {
  bool signed_by_partner = false;
  bool signed_by_authority = false;
  Milligrams recomputed_total;  ///< from the sealed acts, now
  bool digest_matches = false;  ///< the content that was signed is the content that would be posted
};

/// May the batch be posted? ISS-01 without both signatures, ISS-03 when the amount is not the engine's.
Result<Done> decide_post(const BatchContent& content, const PostingFacts& facts);

}  // namespace tanpuhui
