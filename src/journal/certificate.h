#pragma once
/// The certificate file of the spine: a cancellation statement, not a certificate of carbon neutrality. One canonical
/// JSON text that carries its own proof. Everything a person reads in it is derived from the proof's bytes, so a
/// verifier writes the whole file again and compares before it checks a single hash: no changed byte passes.
///
///   render:  TANPUHUI_TRY(std::string file, render_certificate(parts, decode));
///   verify:  TANPUHUI_TRY(CertificateFacts facts, verify_certificate(file, key, {sha256, verify, decode}));
///
/// What verifying shows: this entry stands in the log whose head the key signed. Not shown: what happened later, and
/// whether the ride took place. Refusals: CER-10 to CER-19 (flaws.h). Basis: design.9, decisions D39 and D43
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/quantity.h"
#include "base/result.h"
#include "base/time.h"
#include "journal/block.h"
#include "journal/checkpoint.h"
#include "journal/event.h"
#include "merkle/merkle.h"

namespace tanpuhui {

struct Bilingual {
  std::string zh, en;
  bool operator==(const Bilingual&) const = default;
};

/// Serials `[from_mg, to_mg)` of one batch: offsets in milligrams. Basis: decisions D32
struct StatementSerials {
  std::string batch;  ///< the batch's public label
  std::int64_t from_mg = 0;
  std::int64_t to_mg = 0;
  bool operator==(const StatementSerials&) const = default;
};

struct CertifiedMethodology {
  std::string id;
  Digest hash{};
  bool operator==(const CertifiedMethodology&) const = default;
};

/// What an entry and its context say, decoded. No personal data: the holder is a pseudonym.
struct StatementFacts {
  EntryId entry_id;  ///< lies in the range of its block
  std::string number;
  Bilingual document;  ///< 注销证明 / cancellation statement
  Bilingual programme;
  std::string purpose_id;
  Bilingual purpose;
  std::string beneficiary;  ///< may be empty
  std::string holder;
  Instant recorded_at;
  Zone zone;  ///< in which `recorded_at` is written
  Milligrams amount;
  std::vector<StatementSerials> serials;  ///< add up to `amount`, none overlap
  std::vector<CertifiedMethodology> methodologies;
  Digest rulebook{};
  Digest context_digest{};  ///< as the entry bytes hold it; compared with the hash of the context
};

/// Reads the ledger's entry bytes and the context (canonical CBOR of public facts that are not in the entry: titles of
/// batches, methodologies and their hashes). Must be a pure function of the two.
using StatementDecoder = std::function<Result<StatementFacts>(ByteView entry, ByteView context)>;

/// The proof, in binary.
struct CertificateParts {
  Bytes entry;
  Bytes context;
  Salt salt{};
  std::int64_t event_index = 0;  ///< of the entry in its block
  MerklePath event_path;
  Bytes block_record;
  std::int64_t log_index = 0;  ///< of the block in the log
  MerklePath log_path;
  std::string checkpoint;  ///< the signed note
  bool operator==(const CertificateParts&) const = default;
};

struct CertificateFacts {
  StatementFacts statement;
  BlockRecord block;
  Checkpoint checkpoint;
};

struct CertificateCheck {
  HashFunction hash;  ///< SHA-256
  VerifyFunction verify;
  StatementDecoder decode;
};

/// Lays out what can be read (else CER-11, -15, -17) and adds up (else CER-19). Whether the proof holds is for
/// `verify_certificate`, which the issuer runs before handing out a file.
Result<std::string> render_certificate(const CertificateParts& parts, const StatementDecoder& decode);

/// The proof inside a file, unchecked; CER-10 when it is no certificate. Files over 4 MiB are none.
Result<CertificateParts> read_certificate(std::string_view file);

/// In this order: read the file (CER-10), decode and add up (CER-11, -19, -15, -17), write again and compare (CER-12),
/// context (CER-13), entry in block (CER-14), block in log (CER-16), signature (CER-17, -18). Offline: needs nothing
/// else.
Result<CertificateFacts> verify_certificate(std::string_view file, const LogKey& key, const CertificateCheck& check);

}  // namespace tanpuhui
