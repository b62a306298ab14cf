#include "merkle/merkle.h"

#include <algorithm>
#include <bit>

#include "base/check.h"

namespace tanpuhui {
namespace {

constexpr std::uint8_t leaf_prefix = 0;
constexpr std::uint8_t node_prefix = 1;

std::size_t split_point(std::size_t size) { return std::bit_floor(size - 1); }

void collect_inclusion(std::span<const Digest> leaves, std::size_t index, HashFunction hash, MerklePath& path) {
  if (leaves.size() <= 1) return;
  const std::size_t split = split_point(leaves.size());
  const auto left = leaves.first(split);
  const auto right = leaves.subspan(split);
  const bool in_left = index < split;
  collect_inclusion(in_left ? left : right, in_left ? index : index - split, hash, path);
  path.push_back(merkle_root(in_left ? right : left, hash));
}

// `known` says that the verifier has the root of these leaves already: it is the old root itself.
void collect_consistency(std::span<const Digest> leaves, std::size_t old_size, bool known, HashFunction hash,
                         MerklePath& path) {
  if (old_size == leaves.size()) {
    if (!known) path.push_back(merkle_root(leaves, hash));
    return;
  }
  const std::size_t split = split_point(leaves.size());
  const auto left = leaves.first(split);
  const auto right = leaves.subspan(split);
  const bool in_left = old_size <= split;
  collect_consistency(in_left ? left : right, in_left ? old_size : old_size - split, known && in_left, hash, path);
  path.push_back(merkle_root(in_left ? right : left, hash));
}

// Where a verifier stands: the node of the old leaf and the last node of the tree, level by level towards the root.
struct Climb {
  std::uint64_t node;
  std::uint64_t last;

  void up() {
    node >>= 1U;
    last >>= 1U;
  }
  bool sibling_is_left() const { return (node & 1U) != 0 || node == last; }
  // A node at the right edge without a sibling moves up unhashed.
  void skip_levels_without_sibling() {
    while ((node & 1U) == 0 && node != 0) up();
  }
};

bool grown_tree_holds(const ConsistencyClaim& claim, const MerklePath& path, HashFunction hash) {
  Climb climb{claim.old_size - 1, claim.new_size - 1};
  while ((climb.node & 1U) != 0) climb.up();
  Digest old_root = path.front();
  Digest new_root = path.front();
  for (std::size_t i = 1; i < path.size(); ++i) {
    if (climb.last == 0) return false;
    if (climb.sibling_is_left()) {
      old_root = merkle_node_hash(path[i], old_root, hash);
      new_root = merkle_node_hash(path[i], new_root, hash);
      climb.skip_levels_without_sibling();
    } else {
      new_root = merkle_node_hash(new_root, path[i], hash);
    }
    climb.up();
  }
  return climb.last == 0 && old_root == claim.old_root && new_root == claim.new_root;
}

}  // namespace

Digest merkle_leaf_hash(ByteView data, HashFunction hash) {
  std::array<std::uint8_t, 1024> small;
  if (data.size() < small.size()) {
    small[0] = leaf_prefix;
    std::copy(data.begin(), data.end(), small.begin() + 1);
    return hash(ByteView(small).first(data.size() + 1));
  }
  Bytes prefixed;
  prefixed.reserve(data.size() + 1);
  prefixed.push_back(leaf_prefix);
  prefixed.insert(prefixed.end(), data.begin(), data.end());
  return hash(prefixed);
}

Digest merkle_node_hash(const Digest& left, const Digest& right, HashFunction hash) {
  std::array<std::uint8_t, 65> node;
  node[0] = node_prefix;
  std::copy(left.begin(), left.end(), node.begin() + 1);
  std::copy(right.begin(), right.end(), node.begin() + 33);
  return hash(node);
}

Digest merkle_root(std::span<const Digest> leaves, HashFunction hash) {
  MerkleAppender tree(hash);
  for (const Digest& leaf : leaves) tree.append(leaf);
  return tree.root();
}

MerklePath inclusion_proof(std::span<const Digest> leaves, std::size_t index, HashFunction hash) {
  TANPUHUI_REQUIRE(index < leaves.size(), "the leaf to prove is in the tree");
  MerklePath path;
  collect_inclusion(leaves, index, hash, path);
  return path;
}

MerklePath consistency_proof(std::span<const Digest> leaves, std::size_t old_size, HashFunction hash) {
  TANPUHUI_REQUIRE(old_size <= leaves.size(), "the old tree is not larger than the new one");
  MerklePath path;
  if (old_size > 0) collect_consistency(leaves, old_size, true, hash, path);
  return path;
}

bool inclusion_holds(const InclusionClaim& claim, HashFunction hash) {
  if (claim.index >= claim.size) return false;
  Climb climb{claim.index, claim.size - 1};
  Digest root = claim.leaf;
  for (const Digest& sibling : claim.path) {
    if (climb.last == 0) return false;
    if (climb.sibling_is_left()) {
      root = merkle_node_hash(sibling, root, hash);
      climb.skip_levels_without_sibling();
    } else {
      root = merkle_node_hash(root, sibling, hash);
    }
    climb.up();
  }
  return climb.last == 0 && root == claim.root;
}

bool consistency_holds(const ConsistencyClaim& claim, HashFunction hash) {
  if (claim.old_size > claim.new_size) return false;
  if (claim.old_size == claim.new_size && claim.old_root != claim.new_root) return false;
  if (claim.old_size == 0 && claim.old_root != hash({})) return false;
  if (claim.old_size == 0 || claim.old_size == claim.new_size) return claim.path.empty();
  if (claim.path.empty()) return false;
  MerklePath path(claim.path.begin(), claim.path.end());
  // A complete old tree is a node of the new one, so the proof leaves it out.
  if (std::has_single_bit(claim.old_size)) path.insert(path.begin(), claim.old_root);
  return grown_tree_holds(claim, path, hash);
}

MerkleAppender::MerkleAppender(HashFunction hash, std::uint64_t size, std::vector<Digest> frontier)
    : hash_(hash), size_(size), frontier_(std::move(frontier)) {
  TANPUHUI_REQUIRE(static_cast<std::size_t>(std::popcount(size_)) == frontier_.size(), "the frontier fits the size");
}

void MerkleAppender::append(const Digest& leaf) {
  Digest node = leaf;
  for (std::uint64_t rest = size_; (rest & 1U) != 0; rest >>= 1U) {
    node = merkle_node_hash(frontier_.back(), node, hash_);
    frontier_.pop_back();
  }
  frontier_.push_back(node);
  ++size_;
}

Digest MerkleAppender::root() const {
  if (frontier_.empty()) return hash_({});
  Digest root = frontier_.back();
  for (std::size_t i = frontier_.size() - 1; i-- > 0;) root = merkle_node_hash(frontier_[i], root, hash_);
  return root;
}

}  // namespace tanpuhui
