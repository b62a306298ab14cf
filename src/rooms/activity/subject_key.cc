#include "rooms/activity/subject_key.h"

#include <algorithm>

#include "base/cbor.h"

namespace tanpuhui {

std::int64_t key_of(const Digest& digest) {
  std::uint64_t key = 0;
  for (std::size_t i = 0; i < sizeof key; ++i) key = key << 8U | digest[i];
  return std::max<std::int64_t>(1, static_cast<std::int64_t>(key >> 1U));
}

std::int64_t subject_key(ByteView salt, std::string_view scenario, std::string_view subject, HashFunction hash) {
  CborWriter content;
  content.array(4).text("tph/subject1").bytes(salt).text(scenario).text(subject);
  return key_of(hash(content.result()));
}

}  // namespace tanpuhui
