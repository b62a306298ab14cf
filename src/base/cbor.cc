#include "base/cbor.h"

namespace tanpuhui {
namespace {

// Eight bytes at once where there are as many.
std::uint64_t big_endian(ByteView in, std::size_t width) {
  std::uint64_t value = 0;
  if (in.size() < 8) {
    for (std::size_t i = 0; i < width; ++i) value = value << 8U | in[i];
    return value;
  }
  for (std::size_t i = 0; i < 8; ++i) value = value << 8U | in[i];
  return value >> (64U - 8 * width);
}

}  // namespace

std::uint64_t CborReader::head(std::uint8_t major_wanted, std::uint8_t* major_seen) {
  if (!ok_ || at_ >= in_.size()) return ok_ = false, 0;
  const std::uint8_t first = in_[at_++];
  const auto major = static_cast<std::uint8_t>(first >> 5U);
  if (major_seen != nullptr)
    *major_seen = major;
  else if (major != major_wanted)
    return ok_ = false, 0;
  const std::uint8_t low = first & 31U;
  if (low < 24) return low;
  if (low > 27) return ok_ = false, 0;
  const std::size_t width = std::size_t{1} << (low - 24U);
  if (in_.size() - at_ < width) return ok_ = false, 0;
  const std::uint64_t value = big_endian(in_.subspan(at_), width);
  at_ += width;
  const std::uint64_t least = low == 24 ? 24 : std::uint64_t{1} << (width * 4U);
  if (value < least) return ok_ = false, 0;
  return value;
}

std::int64_t CborReader::longer_integer() {
  std::uint8_t major = 0;
  const std::uint64_t value = head(0, &major);
  if (major > 1 || value > INT64_MAX) return ok_ = false, 0;
  const auto number = static_cast<std::int64_t>(value);
  return major == 0 ? number : -1 - number;
}

ByteView CborReader::take(std::uint64_t size) {
  if (!ok_ || in_.size() - at_ < size) return ok_ = false, ByteView{};
  const ByteView part = in_.subspan(at_, static_cast<std::size_t>(size));
  at_ += static_cast<std::size_t>(size);
  return part;
}

ByteView CborReader::bytes() { return take(head(2)); }

std::string_view CborReader::text() { return as_text(take(head(3))); }

std::size_t CborReader::array() {
  const std::uint64_t count = head(4);
  if (count > in_.size() - at_) return ok_ = false, 0;
  return static_cast<std::size_t>(count);
}

}  // namespace tanpuhui
