#pragma once
/// Who signed which batch, and when, by the `sign` entries; and the serials that left each batch. Both are needed when
/// the batches are looked at, after the entries.
#include <map>
#include <optional>
#include <string>

#include "audit/entry_check.h"
#include "rooms/reduction/batch.h"

namespace tanpuhui {

struct SignAct {
  Signer signer = Signer::partner;
  std::string delegation;  ///< document, for an operator
  Day signed_on;
};

/// The last act counts: a signature that is given again replaces the one before.
struct SignActs {
  std::optional<SignAct> partner, authority;
};

class BatchActs : public EntryCheck {
 public:
  explicit BatchActs(Findings& findings) : EntryCheck("L7 batches are signed", findings) {}
  void see(const Entry& entry) override;

  SignActs signatures_of(BatchId batch) const;
  Milligrams numbered_of(BatchId batch) const;

 private:
  void see_signature(const Entry& entry);

  std::map<BatchId, SignActs> signatures_;
  std::map<BatchId, Milligrams> numbered_;
};

}  // namespace tanpuhui
