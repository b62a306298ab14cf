#include "audit/stored_entries.h"

#include <fmt/format.h>

namespace tanpuhui {
namespace {

const std::string invariant = "L1 entries stand as they were written";

}  // namespace

std::int64_t StoredEntries::read(const std::function<void(const Entry&)>& use) {
  std::int64_t count = 0;
  auto rows =
      database_.scan("SELECT entry_id, part, account_id, act_no, prev_entry, body FROM entries ORDER BY entry_id");
  for (; rows.step(); ++count) {
    check_id(rows.integer(0));
    heads_[rows.integer(1)] = rows.integer(3);
    const auto entry = decode_entry(rows.blob(5));
    if (!entry) {
      findings_.report(invariant, fmt::format("entry {}: {}", rows.integer(0), entry.error().what));
      continue;
    }
    check_columns(rows, *entry);
    check_chain(rows, *entry);
    use(*entry);
  }
  check_heads();
  return count;
}

void StoredEntries::check_id(std::int64_t id) {
  if (id != last_id_ + 1) findings_.report(invariant, fmt::format("entry {} follows entry {}", id, last_id_));
  last_id_ = id;
}

void StoredEntries::check_columns(const Statement& row, const Entry& entry) {
  const AccountId account{row.integer(2)};
  const auto compare = [&](std::string_view name, std::int64_t column, std::int64_t bytes) {
    if (column != bytes)
      findings_.report(invariant,
                       fmt::format("entry {}: column {} is {}, its bytes say {}", row.integer(0), name, column, bytes));
  };
  compare("entry_id", row.integer(0), entry.entry_id.value);
  compare("part", row.integer(1), entry.part.value);
  compare("account_id", account.value, entry.posting.account.value);
  compare("act_no", row.integer(3), entry.act_no);
  if (part_of(account).value != row.integer(1))
    findings_.report(invariant, fmt::format("entry {}: account {} belongs to part {}, not {}", row.integer(0),
                                            account.value, part_of(account).value, row.integer(1)));
}

void StoredEntries::check_chain(const Statement& row, const Entry& entry) {
  const AccountId account = entry.posting.account;
  const EntryId expected = is_system(account) ? EntryId{} : std::exchange(last_of_[account], entry.entry_id);
  if (expected.value != row.integer(4))
    findings_.report(invariant, fmt::format("entry {}: the chain of account {} goes on from entry {}, not {}",
                                            row.integer(0), account.value, expected.value, row.integer(4)));
}

void StoredEntries::check_heads() {
  auto rows = database_.statement("SELECT part, act_no FROM part_heads");
  while (rows.step()) {
    const auto last = heads_.extract(rows.integer(0));
    if (last.empty() || last.mapped() != rows.integer(1))
      findings_.report(invariant, fmt::format("part {}: its head says act {}, its last entry is act {}",
                                              rows.integer(0), rows.integer(1), last.empty() ? 0 : last.mapped()));
  }
  for (const auto& [part, act_no] : heads_)
    findings_.report(invariant, fmt::format("part {}: has {} acts and no head", part, act_no));
}

}  // namespace tanpuhui
