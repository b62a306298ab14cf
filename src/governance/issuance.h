#pragma once
/// Issuance on application: the developer of a recognised scenario or project applies for a period and an amount; the
/// step of the case that grants it stands for the authority's signature under the batch that the platform computed.
///
///   case: apply (scenario, period_from, period_to, amount_kg) -> examine -> approve -> issue -> release
///   batch:            compute -> sign by the partner       ...            signed -> post, held -> released
///
/// Basis: sip25.a16, AMB-23, AMB-24, AMB-53
#include "cases/case_rooms.h"

namespace tanpuhui {

/// `reductions_issued` refuses: ISS-03 no batch of that period and amount stands; ISS-01 its partner has not signed it.
/// `notice_hold_lifted` lets what was issued be used, `correction_opened` leaves it held.
std::map<std::string, Effect> issuance_effects();

/// `period_free`: the period lies in the time of operation and overlaps no issued one of the same object.
/// `amount_equals_engine`: the platform computed that amount for exactly that period.
/// `none_issued_within_a_year`: nothing was issued for the object in the last twelve months.
std::map<std::string, FactFinder> issuance_facts();

}  // namespace tanpuhui
