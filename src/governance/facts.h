#pragma once
/// Facts that rooms find out by themselves for the guards of cases.
#include "cases/case_rooms.h"

namespace tanpuhui {

std::map<std::string, FactFinder> known_facts();

}  // namespace tanpuhui
