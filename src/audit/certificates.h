#pragma once
/// Every certificate stands on an entry of a use whose document digest is that of the certificate's context, and every
/// use has its certificate. Basis: decisions D43
#include "audit/entry_check.h"
#include "store/database.h"

namespace tanpuhui {

class CertificatesStand : public EntryCheck {
 public:
  CertificatesStand(Database& database, Findings& findings);
  void see(const Entry& entry) override;
  void finish() override;

 private:
  void advance();
  void compare(const Entry& entry);

  Statement rows_;  ///< certificates by entry, read along with the entries
  bool more_ = false;
};

}  // namespace tanpuhui
