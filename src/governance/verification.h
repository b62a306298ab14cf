#pragma once
/// What verification asks of the registers: staff of one body only, a lead who changes, verifiers of the body that has
/// the task. Basis: js24.a40, js24.a42
#include "cases/case_rooms.h"

namespace tanpuhui {

/// `staff_in_one_body`: the field `staff` lists at least as many different people as `qualified_staff` says, and no
/// other body that applied or is on the list has one of them. `lead_rotates`: the `lead` did not have the last three
/// tasks about the same `object`. `is_of_the_body`: who acts is of the unit whose body has the task.
std::map<std::string, FactFinder> verification_facts();

}  // namespace tanpuhui
