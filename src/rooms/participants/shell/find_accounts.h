#pragma once
/// Accounts of the register by the programme's own name for the holder.
#include <optional>
#include <string_view>

#include "base/ids.h"
#include "store/database.h"

namespace tanpuhui {

std::optional<AccountId> find_account_of(Database& database, std::string_view ref);

}  // namespace tanpuhui
