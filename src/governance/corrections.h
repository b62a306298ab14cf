#pragma once
/// Corrections as cases: what is proposed and decided is what the platform computed, from the very list of records that
/// the case holds, and the case goes on to "posted" when every account has its entry.
///
///   case: open -> propose (scenario, responsible party, amount, list of records) -> decide -> post -> notify
///   correction:  compute ...                                                     decided -> post (entries)
///
/// Basis: js24.a22p2, AMB-08, AMB-09
#include "cases/case_rooms.h"

namespace tanpuhui {

/// `correction_decided` binds the case to what was computed; it refuses HLD-01 when that is not what the case says, or
/// when another correction was decided since. `correction_posted` refuses HLD-01 before every entry stands; what was
/// held because an objection was upheld is released.
std::map<std::string, Effect> correction_effects();

/// `correction_computed`: the platform computed that amount, for that scenario and party, from that list of records.
std::map<std::string, FactFinder> correction_facts();

}  // namespace tanpuhui
