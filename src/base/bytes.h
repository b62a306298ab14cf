#pragma once
/// Byte strings, digests and how they are written as text.
#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tanpuhui {

using Bytes = std::vector<std::uint8_t>;
using ByteView = std::span<const std::uint8_t>;

/// SHA-256 or SM3: 32 bytes.
using Digest = std::array<std::uint8_t, 32>;

/// Pure code that hashes receives the function: the provider behind it is the shell's choice.
using HashFunction = Digest (*)(ByteView);

inline ByteView as_bytes(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}
inline std::string_view as_text(ByteView bytes) { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }

std::string to_hex(ByteView bytes);
std::optional<Bytes> from_hex(std::string_view text);

/// RFC 4648 with padding. Decoding accepts exactly what encoding writes: no other text gives the same bytes.
std::string to_base64(ByteView bytes);
std::optional<Bytes> from_base64(std::string_view text);

std::optional<Digest> digest_from_hex(std::string_view text);

}  // namespace tanpuhui
