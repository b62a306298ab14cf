#pragma once
/// The journal's log in the store: entries are grouped into blocks, blocks are the leaves of the Merkle log, its head
/// is signed. Only what is committed and read back is sealed. Each entry lies in exactly one block, in order. Basis:
/// design.9
///
///   seal_blocks(database, book.hash, now);                       // whatever no block holds yet
///   std::string note = sign_head(database, log_key, key);        // the checkpoint
///   CertificateParts parts = prove_entry(database, entry, note); // entry, salt, paths; the context is the caller's
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "crypto/ed25519.h"
#include "journal/certificate.h"
#include "store/database.h"

namespace tanpuhui {

/// At most so many entries in a block.
inline constexpr std::int64_t block_entries_max = 8192;

/// Account classes in block totals: `person`, `organisation`, `escrow` (those in `providers`) and the names of the
/// system accounts; movements are the names of the entry kinds. Block numbers are positions in the log: from 0.
/// Returns how many blocks were made, each in a commit of its own.
std::int64_t seal_blocks(Database& writer, const Digest& rulebook, Instant now);

/// A random secret that stays with the programme, kept in the meta table and made on first use (also inside a
/// transaction). The log's own is `log.event_key`: who destroys it makes all sealed events unguessable.
Digest log_secret(Database& writer, std::string_view name);

std::int64_t log_size(Database& database);  ///< blocks
Digest log_root(Database& database);

struct SealedBlock {
  std::int64_t number = 0;
  Digest hash{};
};
/// The block that holds the entry; none while it is in none.
std::optional<SealedBlock> find_block_of(Database& database, EntryId entry);

/// The signed note of the present head.
std::string sign_head(Database& database, const LogKey& key, const SigningKey& signing);

/// Everything of a certificate but the context: `note` is a head that covers the entry's block. A Fault when the entry
/// is in no block.
CertificateParts prove_entry(Database& database, EntryId entry, const std::string& note);

/// Totals of all blocks from `from_block` on, added up by (account class, movement).
struct LogTotals {
  std::int64_t next_block = 0;  ///< go on from here
  std::map<std::pair<std::string, std::string>, BlockTotal> sums;
};
void add_totals(Database& database, LogTotals& totals);

/// What is wrong with the blocks as stored, as sentences: a block whose entries changed, a broken chain, a gap. Empty
/// when all is well.
std::vector<std::string> check_blocks(Database& database);

}  // namespace tanpuhui
