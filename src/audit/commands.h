#pragma once
/// Every entry is the answer of exactly one command, and every command that was not refused has its entry.
#include "audit/entry_check.h"
#include "store/database.h"

namespace tanpuhui {

class CommandsAnswered : public EntryCheck {
 public:
  CommandsAnswered(Database& database, Findings& findings);
  void see(const Entry& entry) override;
  void finish() override;

 private:
  void name_strays();

  Database& database_;
  Statement find_;
  std::int64_t entries_ = 0;
};

}  // namespace tanpuhui
