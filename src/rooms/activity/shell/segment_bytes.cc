#include "rooms/activity/shell/segment_bytes.h"

#include <memory>

#include <zstd.h>

#include "base/check.h"

namespace tanpuhui {
namespace {

constexpr int level = 9;
// A damaged head must not make us ask for all memory.
constexpr std::uint64_t columns_max = std::uint64_t{1} << 28U;

struct FreeContext {
  void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
};

}  // namespace

Bytes compress_segment(ByteView columns) {
  const std::unique_ptr<ZSTD_CCtx, FreeContext> context(ZSTD_createCCtx());
  TANPUHUI_REQUIRE(context != nullptr, "zstd has memory");
  ZSTD_CCtx_setParameter(context.get(), ZSTD_c_compressionLevel, level);
  ZSTD_CCtx_setParameter(context.get(), ZSTD_c_checksumFlag, 1);
  Bytes stored(ZSTD_compressBound(columns.size()));
  const std::size_t size = ZSTD_compress2(context.get(), stored.data(), stored.size(), columns.data(), columns.size());
  TANPUHUI_REQUIRE(ZSTD_isError(size) == 0, "zstd compresses into a buffer of the size that it named");
  stored.resize(size);
  return stored;
}

std::optional<Bytes> expand_segment(ByteView stored) {
  const std::uint64_t size = ZSTD_getFrameContentSize(stored.data(), stored.size());
  if (size == ZSTD_CONTENTSIZE_UNKNOWN || size == ZSTD_CONTENTSIZE_ERROR || size > columns_max) return std::nullopt;
  Bytes columns(size);
  if (ZSTD_decompress(columns.data(), columns.size(), stored.data(), stored.size()) != size) return std::nullopt;
  return columns;
}

}  // namespace tanpuhui
