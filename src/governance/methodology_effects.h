#pragma once
/// A methodology's version comes into force and leaves it. The version is the formula that lies in the case (document
/// `formula`): what is published is its hash, so that nothing else can be computed under its name.
/// Basis: js24.a15, sip25.a8; decisions D3
#include "governance/rooms_of_cases.h"

namespace tanpuhui {

inline const std::string formula_document = "formula";

/// Refuse MET-01 no formula, or one that is not sound; MET-04 another formula stands under the same version.
std::map<std::string, Effect> methodology_effects(
    std::function<Result<Methodology, TextErrors>(std::string_view)> read_formula);

}  // namespace tanpuhui
