#include "store/account_history.h"

#include "store/entry_row.h"

namespace tanpuhui {

// `part` stands in every step, so that a cluster asks one node only. Numbers of entries rise along an account's chain.
std::vector<Entry> find_last_entries(Database& database, AccountId account, std::size_t limit) {
  auto rows = database.statement(
      "WITH RECURSIVE chain(part, entry_id, prev_entry, body, place) AS ("
      "SELECT e.part, e.entry_id, e.prev_entry, e.body, 1 FROM accounts a JOIN entries e ON e.part = a.part AND "
      "e.entry_id = a.last_entry WHERE a.part = ? AND a.account_id = ? "
      "UNION ALL "
      "SELECT e.part, e.entry_id, e.prev_entry, e.body, c.place + 1 FROM chain c JOIN entries e ON e.part = c.part AND "
      "e.entry_id = c.prev_entry WHERE c.place < ?) "
      "SELECT entry_id, body FROM chain ORDER BY entry_id DESC LIMIT ?");
  rows.bind(part_of(account).value).bind(account.value).bind(limit).bind(limit);
  std::vector<Entry> entries;
  while (rows.step()) entries.push_back(read_entry(database, EntryId{rows.integer(0)}, rows.blob(1)));
  return entries;
}

}  // namespace tanpuhui
