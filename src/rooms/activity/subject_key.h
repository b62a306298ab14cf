#pragma once
/// What an act keeps of a meter or device where a methodology tells subjects apart: a keyed hash, so that the sealed
/// acts hold no partner's token. Basis: decisions D16, D36
#include <cstdint>
#include <string_view>

#include "base/bytes.h"

namespace tanpuhui {

/// The first 63 bits, never 0.
std::int64_t key_of(const Digest& digest);

/// 63 bits of hash(salt, scenario, subject), never 0. Among 85 million meters two share a key with a chance of 1 in
/// 2,500; then acts of both at the same time would be refused as overlapping, never credited twice.
std::int64_t subject_key(ByteView salt, std::string_view scenario, std::string_view subject, HashFunction hash);

}  // namespace tanpuhui
