#pragma once
/// Account numbers say nothing about whose they are: a keyed hash of the programme's own name for the holder.
#include <string_view>

#include "base/bytes.h"
#include "base/ids.h"

namespace tanpuhui {

/// 63 bits of hash(salt, ref), never below `first_own_account`. The same holder gets the same number again.
AccountId account_number(ByteView salt, std::string_view ref, HashFunction hash);

}  // namespace tanpuhui
