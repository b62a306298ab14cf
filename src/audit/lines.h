#pragma once
/// The projections for readers against what they project: `posting_lines` is every leg up to the head of its job,
/// `lot_lines` is the sum of these lines, and the lots of each account row that did not change since. Figures are kept
/// by account: a count and the sum of hashes of rows, which does not depend on their order.
#include <unordered_map>

#include "audit/entry_check.h"
#include "ledger/account.h"
#include "store/database.h"

namespace tanpuhui {

class LinesAgree : public EntryCheck {
 public:
  LinesAgree(Database& database, Zone zone, Findings& findings);
  void see(const Entry& entry) override;
  /// After the entries, before the account rows.
  void finish() override;
  void see(const AccountState& row);
  /// After the account rows.
  void finish_rows();

 private:
  struct Tally {
    std::int64_t count = 0;
    std::uint64_t hashes = 0;
    void add(std::uint64_t hash) { ++count, hashes += hash; }
    bool operator==(const Tally&) const = default;
  };
  using Tallies = std::unordered_map<AccountId, Tally>;

  void compare_postings();
  void compare_sums();
  void load_lots();

  Database& database_;
  const Zone zone_;
  const EntryId head_;
  Tallies legs_, lots_;
};

}  // namespace tanpuhui
