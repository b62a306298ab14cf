#pragma once
/// Every act of a case is the one whose digest its entry names, every such entry has its act, the acts of each case
/// lead where its row says, every standing was given by a step, and documents are what their digests say.
#include "audit/entry_check.h"
#include "store/database.h"

namespace tanpuhui {

class CasesAgree : public EntryCheck {
 public:
  CasesAgree(Database& database, Findings& findings);
  void see(const Entry& entry) override;
  void finish() override;

 private:
  void advance() { more_ = rows_.step(); }
  void compare(const Entry& entry, const std::string& number);
  void check_documents();
  void check_standings();
  void check_states();

  Database& database_;
  Statement rows_;  ///< acts of cases by entry, read along with the entries
  bool more_ = false;
};

}  // namespace tanpuhui
