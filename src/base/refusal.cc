#include "base/refusal.h"

namespace tanpuhui {

std::string describe(const Refusal& refusal) {
  std::string text = refusal.code + ": " + refusal.message_zh + "\n  " + refusal.message_en + "\n";
  if (!refusal.basis.empty()) text += "  basis: " + refusal.basis + "\n";
  for (const auto& [name, value] : refusal.facts) text += "  " + name + ": " + value + "\n";
  if (!refusal.remedy_en.empty()) text += "  " + refusal.remedy_zh + "\n  " + refusal.remedy_en + "\n";
  return text;
}

}  // namespace tanpuhui
