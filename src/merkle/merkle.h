#pragma once
/// The Merkle tree of RFC 6962: leaf H(0x00 ‖ data), node H(0x01 ‖ left ‖ right), a tree of n leaves split at the
/// largest power of two below n, the empty tree H("").
///
///   const Digest root = merkle_root(leaves, sha256);
///   const auto path = inclusion_proof(leaves, 5, sha256);
///   inclusion_holds({leaves[5], 5, leaves.size(), path, root}, sha256)   // true
///
/// Leaves are given as leaf hashes everywhere: data is hashed once, by `merkle_leaf_hash`. Nothing here fails: a proof
/// holds or does not; asking for the proof of a leaf that is not there is a Defect. Basis: design.9, RFC 9162
/// section 2.1
#include <cstdint>
#include <span>
#include <vector>

#include "base/bytes.h"

namespace tanpuhui {

using MerklePath = std::vector<Digest>;

Digest merkle_leaf_hash(ByteView data, HashFunction hash);
Digest merkle_node_hash(const Digest& left, const Digest& right, HashFunction hash);

Digest merkle_root(std::span<const Digest> leaves, HashFunction hash);

/// The siblings from the leaf up to the root: what a verifier needs besides the leaf. O(n) hashes.
MerklePath inclusion_proof(std::span<const Digest> leaves, std::size_t index, HashFunction hash);

/// Proves that the first `old_size` leaves are a prefix of all of them. Empty for old_size 0 and for the same size.
MerklePath consistency_proof(std::span<const Digest> leaves, std::size_t old_size, HashFunction hash);

/// "This leaf stands at `index` in the tree of `size` leaves that has this root."
struct InclusionClaim {
  Digest leaf;
  std::uint64_t index = 0;
  std::uint64_t size = 0;
  std::span<const Digest> path;
  Digest root;
};
bool inclusion_holds(const InclusionClaim& claim, HashFunction hash);

/// "The tree of `new_size` leaves begins with the tree of `old_size` leaves." The tree of no leaves begins every tree,
/// by an empty path.
struct ConsistencyClaim {
  std::uint64_t old_size = 0;
  Digest old_root;
  std::uint64_t new_size = 0;
  Digest new_root;
  std::span<const Digest> path;
};
bool consistency_holds(const ConsistencyClaim& claim, HashFunction hash);

/// A tree that grows and remembers only the roots of its complete subtrees (at most 64 digests): what the sequencer
/// keeps between two blocks.
class MerkleAppender {
 public:
  explicit MerkleAppender(HashFunction hash) : hash_(hash) {}
  /// Goes on from a stored frontier. The number of digests must fit the size, else a Defect.
  MerkleAppender(HashFunction hash, std::uint64_t size, std::vector<Digest> frontier);

  void append(const Digest& leaf);
  Digest root() const;
  std::uint64_t size() const { return size_; }
  /// Roots of the complete subtrees, largest first: one for each bit set in `size`.
  const std::vector<Digest>& frontier() const { return frontier_; }

 private:
  HashFunction hash_;
  std::uint64_t size_ = 0;
  std::vector<Digest> frontier_;
};

}  // namespace tanpuhui
