#pragma once
/// The block record: the open leaf of the transparency log. It names no person; it carries the totals from which
/// anybody can add up what was issued, held and cancelled. Basis: design.9, L14
///
///   const Bytes bytes = encode_block(record);            // stored, hashed and published as they are
///   const Digest leaf = block_hash(bytes, sha256);       // leaf of the log, and `previous` of the next block
#include <cstdint>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/ids.h"
#include "base/result.h"
#include "base/time.h"

namespace tanpuhui {

/// Sum of the legs of a block that fell on one class of accounts by one kind of movement. Signed: out is negative.
struct BlockTotal {
  std::string account_class;  ///< e.g. `person`, `issued`, `retired:event`
  std::string movement;       ///< e.g. `post`, `order`, `retire`
  std::int64_t points = 0;
  std::int64_t mg = 0;  ///< reductions, backing and free together
  bool operator==(const BlockTotal&) const = default;
};

/// The end of four-digit years: no instant of ours lies there.
inline constexpr Instant year_10000{253'402'300'800'000};

struct BlockRecord {
  std::string ledger;       ///< id of the ledger: one programme, one ledger
  std::int64_t number = 0;  ///< rises by one a block
  EntryId first_entry;      ///< the smallest id in the block
  EntryId last_entry;       ///< the largest
  Instant sealed_at;
  std::int64_t event_count = 0;    ///< leaves of the event tree, fillers included
  std::vector<BlockTotal> totals;  ///< sorted by (account_class, movement), each pair once
  Digest event_root{};
  Digest previous{};  ///< block hash of the block before; zeros in the first
  Digest rulebook{};  ///< hash of the rulebook in force at sealing
  bool operator==(const BlockRecord&) const = default;
};

/// Canonical CBOR: ["tph/block", 1, ledger, number, first, last, sealed_at ms, events, totals, root, previous,
/// rulebook]. Sorts the totals; the same pair twice, no event or an impossible time is a Defect.
Bytes encode_block(const BlockRecord& record);
/// Accepts exactly what `encode_block` writes; else CER-15.
Result<BlockRecord> decode_block(ByteView bytes);

Digest block_hash(ByteView block_bytes, HashFunction hash);

}  // namespace tanpuhui
