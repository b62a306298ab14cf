#include "audit/account_rows.h"

#include <fmt/format.h>

namespace tanpuhui {
namespace {

const std::string invariant = "L1 account rows stand as they were written";

AccountState read_totals(const Statement& row) {
  AccountState state;
  state.account = AccountId{row.integer(1)};
  state.version = row.integer(2);
  state.points_available = Points(row.integer(3));
  state.points_locked = Points(row.integer(4));
  state.points_credited = Points(row.integer(5));
  state.points_used = Points(row.integer(6));
  state.points_expired = Points(row.integer(7));
  state.points_reversed = Points(row.integer(8));
  state.backing_mg = Milligrams(row.integer(9));
  state.free_mg = Milligrams(row.integer(10));
  state.honour_points = Points(row.integer(11));
  state.honour_mg = Milligrams(row.integer(12));
  state.next_expiry = Day{static_cast<std::int32_t>(row.integer(13))};
  state.last_entry = EntryId{row.integer(14)};
  return state;
}

std::vector<Bytes> load_pages(Database& database, std::int64_t part, AccountId account) {
  std::vector<Bytes> pages;
  auto rows = database.statement("SELECT lots FROM lot_pages WHERE part = ? AND account_id = ? ORDER BY n");
  rows.bind(part).bind(account.value);
  while (rows.step()) pages.emplace_back(rows.blob(0).begin(), rows.blob(0).end());
  return pages;
}

// The row and the register name the same part.
void check_part(const Statement& row, AccountId account, Findings& findings) {
  if (row.is_null(16)) findings.report(invariant, fmt::format("account {}: is in no register", account.value));
  const std::int64_t part = part_of(account).value;
  if (row.integer(0) != part || (!row.is_null(16) && row.integer(16) != part))
    findings.report(invariant, fmt::format("account {}: belongs to part {} and lies elsewhere", account.value, part));
}

}  // namespace

std::int64_t read_account_rows(Database& database, Findings& findings,
                               const std::function<void(const AccountState&)>& use) {
  std::int64_t count = 0, pages_seen = 0;
  auto rows = database.statement(
      "SELECT a.part, a.account_id, a.version, a.points_available, a.points_locked, a.points_credited, a.points_used, "
      "a.points_expired, a.points_reversed, a.backing_mg, a.free_mg, a.honour_points, a.honour_mg, a.next_expiry, "
      "a.last_entry, a.lots, r.part FROM accounts a LEFT JOIN accounts_register r ON r.account_id = a.account_id");
  for (; rows.step(); ++count) {
    AccountState state = read_totals(rows);
    check_part(rows, state.account, findings);
    const auto page_count = page_count_of(rows.blob(15));
    std::vector<Bytes> pages;
    if (page_count && *page_count > 0) pages = load_pages(database, rows.integer(0), state.account);
    pages_seen += std::ssize(pages);
    if (const auto decoded = decode_lots(state, rows.blob(15), pages); decoded)
      use(state);
    else
      findings.report(invariant, fmt::format("account {}: its lots: {}", state.account.value, decoded.error().what));
  }
  const std::int64_t pages = database.statement("SELECT count(*) FROM lot_pages").run_integer();
  if (pages != pages_seen)
    findings.report(invariant, fmt::format("{} pages of lots are stored, {} belong to rows", pages, pages_seen));
  return count;
}

}  // namespace tanpuhui
