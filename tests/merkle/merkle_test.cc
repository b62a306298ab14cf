#include "merkle/merkle.h"

#include <bit>

#include <gtest/gtest.h>

#include "base/check.h"
#include "plain_sha256.h"

namespace tanpuhui {
namespace {

constexpr std::size_t sizes_max = 70;

// Eight bytes of input decide eight bytes of output: quick, and good enough to tell every tree from every other.
Digest quick_hash(ByteView data) {
  std::array<std::uint64_t, 4> lanes = {1, 2, 3, 4};
  for (std::uint8_t byte : data)
    for (std::uint64_t& lane : lanes) lane = (std::rotl(lane, 29) ^ byte) * 0x9e3779b97f4a7c15U;
  Digest digest;
  for (std::size_t i = 0; i < 32; ++i) digest[i] = static_cast<std::uint8_t>(lanes[i / 8] >> (8 * (i % 8)));
  return digest;
}

std::vector<Digest> some_leaves(std::size_t count) {
  std::vector<Digest> leaves;
  for (std::size_t i = 0; i < count; ++i) leaves.push_back(merkle_leaf_hash(as_bytes(std::to_string(i)), quick_hash));
  return leaves;
}

// The definition in RFC 6962 2.1, word for word: independent of the appender.
Digest root_by_definition(std::span<const Digest> leaves) {
  if (leaves.empty()) return quick_hash({});
  if (leaves.size() == 1) return leaves[0];
  std::size_t split = 1;
  while (split * 2 < leaves.size()) split *= 2;
  Bytes node = {1};
  for (const Digest& half : {root_by_definition(leaves.first(split)), root_by_definition(leaves.subspan(split))})
    node.insert(node.end(), half.begin(), half.end());
  return quick_hash(node);
}

std::vector<Digest> published_leaves() {
  std::vector<Digest> leaves;
  for (const char* hex :
       {"", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"})
    leaves.push_back(merkle_leaf_hash(*from_hex(hex), plain_sha256));
  return leaves;
}

TEST(merkle_tree, of_no_leaves_is_the_hash_of_nothing) {
  EXPECT_EQ(to_hex(merkle_root({}, plain_sha256)), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST(merkle_tree, has_the_published_roots_of_certificate_transparency) {
  const std::vector<Digest> leaves = published_leaves();
  const std::vector<std::string> roots = {"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
                                          "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
                                          "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
                                          "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
                                          "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
                                          "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
                                          "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
                                          "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"};
  for (std::size_t size = 1; size <= roots.size(); ++size)
    EXPECT_EQ(to_hex(merkle_root(std::span(leaves).first(size), plain_sha256)), roots[size - 1]) << size;
}

TEST(merkle_tree, of_every_size_has_the_root_of_the_definition) {
  const std::vector<Digest> leaves = some_leaves(sizes_max);
  for (std::size_t size = 0; size <= sizes_max; ++size) {
    const auto part = std::span(leaves).first(size);
    EXPECT_EQ(merkle_root(part, quick_hash), root_by_definition(part)) << size;
  }
}

TEST(merkle_leaf, is_hashed_alike_below_and_above_the_size_kept_on_the_stack) {
  for (std::size_t size : {0U, 1U, 1022U, 1023U, 1024U, 5000U}) {
    Bytes prefixed(size + 1, 7);
    prefixed[0] = 0;
    EXPECT_EQ(merkle_leaf_hash(Bytes(size, 7), quick_hash), quick_hash(prefixed)) << size;
  }
}

TEST(inclusion, of_every_leaf_of_every_tree_is_proved) {
  const std::vector<Digest> leaves = some_leaves(sizes_max);
  for (std::size_t size = 1; size <= sizes_max; ++size) {
    const auto tree = std::span(leaves).first(size);
    const Digest root = root_by_definition(tree);
    for (std::size_t i = 0; i < size; ++i) {
      const MerklePath path = inclusion_proof(tree, i, quick_hash);
      EXPECT_TRUE(inclusion_holds({tree[i], i, size, path, root}, quick_hash)) << i << " of " << size;
    }
  }
}

TEST(inclusion, is_refused_for_every_other_index) {
  const std::vector<Digest> leaves = some_leaves(sizes_max);
  for (std::size_t size = 1; size <= sizes_max; ++size) {
    const auto tree = std::span(leaves).first(size);
    const Digest root = root_by_definition(tree);
    for (std::size_t i = 0; i < size; ++i) {
      const MerklePath path = inclusion_proof(tree, i, quick_hash);
      for (std::size_t other = 0; other < size + 2; ++other)
        EXPECT_EQ(inclusion_holds({tree[i], other, size, path, root}, quick_hash), other == i) << i << " of " << size;
    }
  }
}

TEST(inclusion, is_refused_for_another_leaf_and_another_root) {
  const std::vector<Digest> leaves = some_leaves(sizes_max);
  for (std::size_t size = 1; size <= sizes_max; ++size) {
    const auto tree = std::span(leaves).first(size);
    const Digest root = root_by_definition(tree);
    const Digest wrong = quick_hash(as_bytes("wrong"));
    for (std::size_t i = 0; i < size; ++i) {
      const MerklePath path = inclusion_proof(tree, i, quick_hash);
      EXPECT_FALSE(inclusion_holds({wrong, i, size, path, root}, quick_hash));
      EXPECT_FALSE(inclusion_holds({tree[i], i, size, path, wrong}, quick_hash));
    }
  }
}

// Each path that differs from the right one in one digest, one too few or one too many.
std::vector<MerklePath> wrong_paths(const MerklePath& right) {
  std::vector<MerklePath> paths;
  for (std::size_t i = 0; i < right.size(); ++i) {
    paths.push_back(right);
    paths.back()[i][i % 32] ^= 1U;
    paths.push_back(right);
    paths.back().erase(paths.back().begin() + static_cast<std::ptrdiff_t>(i));
  }
  for (std::size_t i = 0; i <= right.size(); ++i) {
    paths.push_back(right);
    paths.back().insert(paths.back().begin() + static_cast<std::ptrdiff_t>(i), Digest{});
  }
  for (std::size_t i = 0; i + 1 < right.size(); ++i) {
    paths.push_back(right);
    std::swap(paths.back()[i], paths.back()[i + 1]);
  }
  return paths;
}

TEST(inclusion, is_refused_for_every_wrong_path) {
  const std::vector<Digest> leaves = some_leaves(sizes_max);
  for (std::size_t size = 1; size <= sizes_max; ++size) {
    const auto tree = std::span(leaves).first(size);
    const Digest root = root_by_definition(tree);
    for (std::size_t i = 0; i < size; ++i)
      for (const MerklePath& path : wrong_paths(inclusion_proof(tree, i, quick_hash)))
        EXPECT_FALSE(inclusion_holds({tree[i], i, size, path, root}, quick_hash)) << i << " of " << size;
  }
}

TEST(inclusion, asked_for_a_leaf_that_is_not_there_is_a_defect) {
  EXPECT_THROW(static_cast<void>(inclusion_proof(some_leaves(3), 3, quick_hash)), Defect);
}

TEST(consistency, of_every_pair_of_sizes_is_proved) {
  const std::vector<Digest> leaves = some_leaves(sizes_max);
  for (std::size_t size = 0; size <= sizes_max; ++size) {
    const auto tree = std::span(leaves).first(size);
    for (std::size_t old = 0; old <= size; ++old) {
      const MerklePath path = consistency_proof(tree, old, quick_hash);
      const ConsistencyClaim claim{old, root_by_definition(tree.first(old)), size, root_by_definition(tree), path};
      EXPECT_TRUE(consistency_holds(claim, quick_hash)) << old << " to " << size;
    }
  }
}

TEST(consistency, is_refused_for_every_wrong_path) {
  const std::vector<Digest> leaves = some_leaves(sizes_max);
  for (std::size_t size = 0; size <= sizes_max; ++size) {
    const auto tree = std::span(leaves).first(size);
    const Digest root = root_by_definition(tree);
    for (std::size_t old = 0; old <= size; ++old) {
      const Digest old_root = root_by_definition(tree.first(old));
      for (const MerklePath& path : wrong_paths(consistency_proof(tree, old, quick_hash)))
        EXPECT_FALSE(consistency_holds({old, old_root, size, root, path}, quick_hash)) << old << " to " << size;
    }
  }
}

TEST(consistency, is_refused_for_a_wrong_old_or_new_root) {
  const std::vector<Digest> leaves = some_leaves(sizes_max);
  const Digest wrong = quick_hash(as_bytes("wrong"));
  for (std::size_t size = 0; size <= sizes_max; ++size) {
    const auto tree = std::span(leaves).first(size);
    for (std::size_t old = 0; old <= size; ++old) {
      const MerklePath path = consistency_proof(tree, old, quick_hash);
      const Digest old_root = root_by_definition(tree.first(old));
      const Digest new_root = root_by_definition(tree);
      EXPECT_FALSE(consistency_holds({old, wrong, size, new_root, path}, quick_hash)) << old << " to " << size;
      // Nothing was promised about the tree that begins with no leaf at all.
      if (old == 0) continue;
      EXPECT_FALSE(consistency_holds({old, old_root, size, wrong, path}, quick_hash)) << old << " to " << size;
    }
  }
}

TEST(consistency, is_refused_when_an_old_leaf_was_rewritten) {
  const std::vector<Digest> leaves = some_leaves(sizes_max);
  for (std::size_t old = 1; old < sizes_max; ++old)
    for (std::size_t changed = 0; changed < old; ++changed) {
      std::vector<Digest> rewritten = leaves;
      rewritten[changed][0] ^= 1U;
      const MerklePath path = consistency_proof(rewritten, old, quick_hash);
      const Digest old_root = merkle_root(std::span(leaves).first(old), quick_hash);
      const Digest new_root = merkle_root(rewritten, quick_hash);
      EXPECT_FALSE(consistency_holds({old, old_root, sizes_max, new_root, path}, quick_hash)) << old << ' ' << changed;
    }
}

TEST(consistency, of_a_tree_that_shrank_is_refused) {
  const std::vector<Digest> leaves = some_leaves(5);
  const Digest five = merkle_root(leaves, quick_hash);
  const Digest four = merkle_root(std::span(leaves).first(4), quick_hash);
  EXPECT_FALSE(consistency_holds({5, five, 4, four, {}}, quick_hash));
}

TEST(merkle_appender, goes_on_from_a_stored_frontier) {
  const std::vector<Digest> leaves = some_leaves(sizes_max);
  for (std::size_t stop = 0; stop <= sizes_max; ++stop) {
    MerkleAppender before(quick_hash);
    for (std::size_t i = 0; i < stop; ++i) before.append(leaves[i]);
    MerkleAppender after(quick_hash, before.size(), before.frontier());
    for (std::size_t i = stop; i < sizes_max; ++i) after.append(leaves[i]);
    EXPECT_EQ(after.root(), root_by_definition(leaves)) << stop;
  }
}

TEST(merkle_appender, refuses_a_frontier_that_does_not_fit_the_size) {
  EXPECT_THROW(MerkleAppender(quick_hash, 3, some_leaves(1)), Defect);
}

}  // namespace
}  // namespace tanpuhui
