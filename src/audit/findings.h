#pragma once
/// What an audit has found so far. Of each invariant the first sentences are kept and the rest counted, so that a
/// programme that is broken everywhere still gives a report that can be read.
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "ledger/invariants.h"

namespace tanpuhui {

inline constexpr std::int64_t findings_max = 100;  ///< sentences kept of one invariant

class Findings {
 public:
  void report(const std::string& invariant, std::string what);
  void report(const Violation& violation) { report(violation.invariant, violation.what); }

  /// Runs a check; figures that do not add up in 64 bits and values that cannot be read (only in bytes that somebody
  /// changed) become a violation.
  void guard(const std::string& invariant, const std::function<void()>& check);

  std::vector<Violation> take();

 private:
  std::vector<Violation> kept_;
  std::map<std::string, std::int64_t> counts_;
};

}  // namespace tanpuhui
