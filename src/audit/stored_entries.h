#pragma once
/// Entries as the store keeps them: numbers of their lanes, acts of each part without a gap, bytes that decode, columns
/// that say what the bytes say, each account's chain over `prev_entry`, and the heads of parts and lanes.
#include <cstdint>
#include <functional>
#include <map>
#include <unordered_map>

#include "audit/findings.h"
#include "ledger/entry.h"
#include "store/database.h"

namespace tanpuhui {

class StoredEntries {
 public:
  StoredEntries(Database& database, Findings& findings);

  /// Gives every entry that decodes to `use`, in order of entry id. Returns how many rows there are.
  std::int64_t read(const std::function<void(const Entry&)>& use);

 private:
  void check_numbers(const Statement& row);
  void check_columns(const Statement& row, const Entry& entry);
  void check_chain(const Statement& row, const Entry& entry);
  void check_heads();

  Database& database_;
  Findings& findings_;
  int lanes_;
  std::map<int, std::int64_t> last_of_lane_;
  std::unordered_map<AccountId, EntryId> last_of_;
  std::map<std::int64_t, std::int64_t> heads_;  ///< part -> last act number
};

}  // namespace tanpuhui
