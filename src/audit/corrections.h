#pragma once
/// Corrections: each entry of one is what its line, its provider or its due asks for; the lines are what the records
/// come to without the faulty ones; the reserve and the debts are the sums of their entries.
#include <map>
#include <set>
#include <unordered_map>
#include <vector>

#include "audit/entry_check.h"
#include "ledger/account.h"
#include "methodology/methodology.h"
#include "rooms/reduction/shell/find_corrections.h"

namespace tanpuhui {

class CorrectionsAgree : public EntryCheck {
 public:
  CorrectionsAgree(Database& database, const Rulebook& book, const std::map<std::string, Methodology>& methodologies,
                   Findings& findings);
  void see(const Entry& entry) override;
  void finish() override;

 private:
  struct Account {
    AccountState state;
    std::vector<Entry> entries;
  };
  struct Line {
    std::int64_t case_number = 0;
    PostedLine posted;
  };

  void load();
  void see_correction(const Entry& entry);
  void compare_line(const Entry& entry, const Line& line);
  void compare_taking(const Entry& entry);
  void compare_cover(const Entry& entry);
  Digest digest_of(std::int64_t case_number) const;

  void check_contents();
  void check_content(const StoredCorrection& correction);
  void check_lines_again(const StoredCorrection& correction);
  void check_supplement(const StoredCorrection& correction);
  void check_dues(const StoredCorrection& correction);
  void check_reserve();
  void check_debts();

  Database& database_;
  const Rulebook& book_;
  const std::map<std::string, Methodology>& methodologies_;
  std::map<std::int64_t, StoredCorrection> corrections_;  ///< that are decided, by case
  std::map<EntryId, Line> lines_;                         ///< that are posted, by their entry
  std::unordered_map<AccountId, Account> accounts_;       ///< of lines, as far as the entries have come
  std::map<BatchId, Milligrams> reserve_;
  std::map<AccountId, Points> set_off_;
  std::set<EntryId> met_;
};

}  // namespace tanpuhui
