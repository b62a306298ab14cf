#pragma once
/// The benchmarks, one function each. Each makes its own programmes and leaves nothing behind.
#include "bench/ground.h"

namespace tanpuhui {

CaseResult measure_intake(const Ground& ground);      // intake.cc
CaseResult measure_seal(const Ground& ground);        // seal.cc
CaseResult measure_pack(const Ground& ground);        // pack.cc
CaseResult measure_redeem(const Ground& ground);      // redeem.cc
CaseResult measure_point_read(const Ground& ground);  // point_read.cc
CaseResult measure_posting(const Ground& ground);     // posting.cc
CaseResult measure_expiry(const Ground& ground);      // expiry.cc
CaseResult measure_formula(const Ground& ground);     // formula.cc

}  // namespace tanpuhui
