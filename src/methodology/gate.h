#pragma once
/// What a regulation asks of a methodology beyond what loading has proven. The caller says what is asked; which
/// rulebook asks it, the caller knows.
///
///   for (const GateFinding& finding : check_gate(methodology, {.additionality = true}))
///     if (finding.blocks) ...     // else a remark: a figure that no authority has confirmed
#include <string>
#include <vector>

#include "methodology/methodology.h"

namespace tanpuhui {

struct GateRule {
  bool additionality = false;  ///< an argument that the reduction would not have come about by itself
};

struct GateFinding {
  bool blocks = true;  ///< false: a remark
  std::string where;   ///< `additionality`, `parameter metro from 2024-09-30`
  BilingualText message;
  std::string remedy;
};

/// In the order of the file's parts.
std::vector<GateFinding> check_gate(const Methodology& methodology, const GateRule& rule);

}  // namespace tanpuhui
