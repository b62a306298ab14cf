#include "governance/rooms_of_cases.h"

#include "governance/corrections.h"
#include "governance/draws.h"
#include "governance/facts.h"
#include "governance/issuance.h"
#include "governance/methodology_effects.h"
#include "governance/register_effects.h"
#include "governance/standing_effects.h"
#include "governance/verification.h"

namespace tanpuhui {

CaseRooms rooms_of_cases(GovernanceMeans means) {
  CaseRooms rooms;
  rooms.effects = standing_effects();
  rooms.effects.merge(methodology_effects(std::move(means.read_formula)));
  rooms.effects.merge(account_effects(std::move(means.account_salt)));
  rooms.effects.merge(expert_effects());
  rooms.effects.merge(delegation_effects());
  rooms.effects.merge(issuance_effects());
  rooms.effects.merge(correction_effects());
  for (const char* claims : {"scenario_filed", "scenario_live", "project_registered", "object_recognised"})
    rooms.effects[claims] = both(rooms.effects.at(claims), claim_identifier());
  rooms.facts = known_facts();
  rooms.facts.merge(issuance_facts());
  rooms.facts.merge(correction_facts());
  rooms.facts.merge(verification_facts());
  rooms.facts.merge(draw_facts());
  return rooms;
}

std::set<std::string> performed_effects() {
  std::set<std::string> words;
  for (const auto& [word, effect] : rooms_of_cases({}).effects) words.insert(word);
  return words;
}

}  // namespace tanpuhui
