#pragma once
/// A check that follows the entries in order of their ids and compares them with rows of its own. All of them share one
/// pass over the entries.
#include "audit/findings.h"
#include "ledger/entry.h"

namespace tanpuhui {

class EntryCheck {
 public:
  EntryCheck(std::string invariant, Findings& findings) : invariant_(std::move(invariant)), findings_(findings) {}
  virtual ~EntryCheck() = default;
  virtual void see(const Entry& entry) = 0;
  /// After the last entry.
  virtual void finish() {}
  const std::string& invariant() const { return invariant_; }

 protected:
  void report(std::string what) { findings_.report(invariant_, std::move(what)); }
  void report(const std::string& invariant, std::string what) { findings_.report(invariant, std::move(what)); }

 private:
  std::string invariant_;
  Findings& findings_;
};

}  // namespace tanpuhui
