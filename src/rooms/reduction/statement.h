#pragma once
/// The public facts of a use that are not in its entry, in canonical bytes: what a cancellation statement says besides
/// the amounts. The entry's document digest is the SHA-256 of these bytes. Pure, so that anybody can decode offline.
/// Basis: decisions D43
#include <string>
#include <vector>

#include "journal/certificate.h"
#include "ledger/entry.h"

namespace tanpuhui {

struct StatementBatch {
  BatchId id;
  std::string label;  ///< public name: scenario and period
  std::string methodology;
  Digest methodology_hash{};
};

struct StatementContext {
  std::string number;
  Bilingual programme;
  std::string purpose_id;
  Bilingual purpose;
  std::string beneficiary;
  std::string holder;  ///< a pseudonym, never the account's number
  Zone zone;
  std::vector<StatementBatch> batches;  ///< by id; exactly those whose serials the entry fixes
};

Bytes encode_statement(const StatementContext& context);
/// Accepts exactly what `encode_statement` writes; else CER-13.
Result<StatementContext> decode_statement(ByteView bytes);

/// For `render_certificate` and `verify_certificate`: entry and context together. CER-11 when the entry is none,
/// CER-13 when the two do not belong together.
Result<StatementFacts> decode_statement_facts(ByteView entry, ByteView context);

}  // namespace tanpuhui
