#include "audit/stored_entries.h"

#include <fmt/format.h>

#include "store/lanes.h"

namespace tanpuhui {
namespace {

const std::string invariant = "L1 entries stand as they were written";

}  // namespace

StoredEntries::StoredEntries(Database& database, Findings& findings)
    : database_(database), findings_(findings), lanes_(count_lanes(database)) {}

std::int64_t StoredEntries::read(const std::function<void(const Entry&)>& use) {
  std::int64_t count = 0;
  auto rows =
      database_.scan("SELECT entry_id, part, account_id, act_no, prev_entry, body FROM entries ORDER BY entry_id");
  for (; rows.step(); ++count) {
    check_numbers(rows);
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

void StoredEntries::check_numbers(const Statement& row) {
  const std::int64_t id = row.integer(0), part = row.integer(1), act_no = row.integer(3);
  const bool is_part = part >= 0 && part < part_count;  // else its columns are reported
  const int lane = is_part ? lane_of(Part{static_cast<std::int32_t>(part)}, lanes_) : 0;
  if (is_part && id != number_after(id - 1, lane, lanes_))
    findings_.report(invariant, fmt::format("entry {}: is no number of lane {}, where part {} lies", id, lane, part));
  std::int64_t& last = heads_[part];
  if (act_no != last + 1)
    findings_.report(invariant, fmt::format("entry {}: act {} of part {} follows act {}", id, act_no, part, last));
  last = act_no;
  last_of_lane_[lane] = id;
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
  auto lanes = database_.statement("SELECT lane, last_entry FROM entry_lanes");
  while (lanes.step()) {
    const std::int64_t last = last_of_lane_[static_cast<int>(lanes.integer(0))];
    if (last != lanes.integer(1))
      findings_.report(invariant, fmt::format("lane {}: its head says entry {}, its last entry is {}", lanes.integer(0),
                                              lanes.integer(1), last));
  }
}

}  // namespace tanpuhui
