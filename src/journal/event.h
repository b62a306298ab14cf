#pragma once
/// Sealed events: what a block commits to without showing it. A leaf is "tph/ev1" ‖ salt ‖ entry bytes, so nobody who
/// lacks the salt can guess the entry, and destroying the key that the salt comes from makes it unguessable for good.
///
///   const std::vector<Digest> leaves = event_leaves(events, block_secret, sha256);
///   record.event_count = leaves.size();
///   record.event_root = merkle_root(leaves, sha256);
///   ... later, for one certificate: inclusion_proof(leaves, position, sha256)
///
/// Basis: design.9
#include <span>
#include <vector>

#include "base/bytes.h"

namespace tanpuhui {

/// 32 secret random-looking bytes, for instance HMAC(key of the account, entry id).
using Salt = Digest;

struct SealedEvent {
  Salt salt;
  ByteView entry;  ///< the canonical bytes as stored
};

Bytes event_leaf_data(const SealedEvent& event);
Digest event_leaf_hash(const SealedEvent& event, HashFunction hash);

/// A block has at least this many leaves, so that a small one does not point at a person.
inline constexpr std::size_t event_leaves_min = 16;

/// The leaf hashes of a block in order of the events, filled up to `event_leaves_min` with commitments to nothing.
/// `filler_secret` makes the fillers look like any other leaf; the same secret gives the same fillers again.
std::vector<Digest> event_leaves(std::span<const SealedEvent> events, const Digest& filler_secret, HashFunction hash);

}  // namespace tanpuhui
