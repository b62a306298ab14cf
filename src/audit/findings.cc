#include "audit/findings.h"

#include "base/check.h"

namespace tanpuhui {

void Findings::report(const std::string& invariant, std::string what) {
  if (++counts_[invariant] <= findings_max) kept_.push_back({invariant, std::move(what)});
}

void Findings::guard(const std::string& invariant, const std::function<void()>& check) {
  try {
    check();
  } catch (const Defect& defect) {
    report(invariant, std::string("cannot be read or summed: ") + defect.what());
  }
}

std::vector<Violation> Findings::take() {
  for (const auto& [invariant, count] : counts_)
    if (count > findings_max)
      kept_.push_back({invariant, "and " + std::to_string(count - findings_max) + " more of this kind"});
  return std::move(kept_);
}

}  // namespace tanpuhui
