#pragma once
/// Entries as the store keeps them: ids without a gap, bytes that decode, columns that say what the bytes say, each
/// account's chain over `prev_entry`, and the heads of the parts.
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
  StoredEntries(Database& database, Findings& findings) : database_(database), findings_(findings) {}

  /// Gives every entry that decodes to `use`, in order of entry id. Returns how many rows there are.
  std::int64_t read(const std::function<void(const Entry&)>& use);

 private:
  void check_id(std::int64_t id);
  void check_columns(const Statement& row, const Entry& entry);
  void check_chain(const Statement& row, const Entry& entry);
  void check_heads();

  Database& database_;
  Findings& findings_;
  std::int64_t last_id_ = 0;
  std::unordered_map<AccountId, EntryId> last_of_;
  std::map<std::int64_t, std::int64_t> heads_;  ///< part -> last act number
};

}  // namespace tanpuhui
