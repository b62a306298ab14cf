#pragma once
/// Random bytes of the operating system, fit for keys and salts. Any thread. A system without randomness is a Fault.
#include <span>

#include "base/bytes.h"

namespace tanpuhui {

void fill_random(std::span<std::uint8_t> out);
Bytes random_bytes(std::size_t count);

}  // namespace tanpuhui
