#pragma once
/// A segment as it is stored: compressed, with a checksum. Basis: decisions D36
#include <optional>

#include "base/bytes.h"

namespace tanpuhui {

/// Columns of `act_segment.h`, zstd.
inline constexpr std::int64_t segment_codec = 1;

Bytes compress_segment(ByteView columns);
/// None when a byte of it is another one.
std::optional<Bytes> expand_segment(ByteView stored);

}  // namespace tanpuhui
