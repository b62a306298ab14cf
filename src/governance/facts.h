#pragma once
/// Facts that rooms find out by themselves for the guards of cases.
#include "cases/case_rooms.h"

namespace tanpuhui {

std::map<std::string, FactFinder> known_facts();

/// The case whose number stands in that field; none when it names none.
std::optional<StoredCase> case_in_field(Database& database, const Case& matter, const std::string& field);

}  // namespace tanpuhui
