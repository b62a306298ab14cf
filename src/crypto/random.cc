#include "crypto/random.h"

#include <botan/system_rng.h>

#include "crypto/botan_fault.h"

namespace tanpuhui {

void fill_random(std::span<std::uint8_t> out) {
  as_fault("random bytes", [out] { Botan::system_rng().randomize(out.data(), out.size()); });
}

Bytes random_bytes(std::size_t count) {
  Bytes bytes(count);
  fill_random(bytes);
  return bytes;
}

}  // namespace tanpuhui
