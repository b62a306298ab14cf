#pragma once
/// A draw by lot that anybody can repeat. The seed comes from the transparency log: the block that holds the case's
/// last act, which stood in no block when the draw was decided on. Names are ranked by the hash of the seed and the
/// name; the first ones are drawn. The text of the draw says all of it, and is kept in the case as the document `draw`:
///
///   tanpuhui draw 1
///   case 1204
///   block 17 3f0c...            its number in the log, and its hash
///   seed 9ce1...                SHA-256 of "tph/draw1", the block's hash and the case's number, in CBOR
///   pool 40
///   drawn 2
///   00a3... e17                 SHA-256 of the seed's hexadecimal digits, a space and the name; in this order
///   01bf... e02
///
/// Basis: js24.a7, sip25.a13p4
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "rulebook/rulebook.h"

namespace tanpuhui {

struct Draw {
  std::int64_t case_number = 0;
  std::int64_t block = 0;
  Digest block_hash{};
  std::vector<std::string> ranked;  ///< the whole pool, in the order of the lot
  std::size_t count = 0;            ///< the first so many are drawn

  std::vector<std::string> drawn() const {
    return {ranked.begin(), ranked.begin() + static_cast<std::ptrdiff_t>(count)};
  }
};

/// How many are drawn at least from a pool of this size.
std::size_t least_of(const DrawRule& rule, std::size_t pool);

Digest seed_of(const Draw& draw, HashFunction hash);
/// Puts the pool in the order of the lot, whatever order it had.
void rank(Draw& draw, HashFunction hash);

std::string format_draw(const Draw& draw, HashFunction hash);
/// Accepts exactly what `format_draw` writes; none else.
std::optional<Draw> read_draw_text(std::string_view text, HashFunction hash);

}  // namespace tanpuhui
