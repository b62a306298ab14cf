#pragma once
/// Who declared an interest in a case, and takes no part in it as an expert or verifier.
#include <set>
#include <string>

#include "store/database.h"

namespace tanpuhui {

std::set<std::string> find_conflicts(Database& database, std::int64_t case_number);

}  // namespace tanpuhui
