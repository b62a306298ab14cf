#include "audit/account_rows.h"

#include <fmt/format.h>

#include "store/account_row.h"

namespace tanpuhui {
namespace {

const std::string invariant = "L1 account rows stand as they were written";

std::vector<Bytes> load_pages(Database& database, std::int64_t part, AccountId account) {
  std::vector<Bytes> pages;
  auto rows = database.statement("SELECT lots FROM lot_pages WHERE part = ? AND account_id = ? ORDER BY n");
  rows.bind(part).bind(account.value);
  while (rows.step()) pages.emplace_back(rows.blob(0).begin(), rows.blob(0).end());
  return pages;
}

// The row and the register name the same part.
void check_part(const Statement& row, AccountId account, Findings& findings) {
  if (row.is_null(1)) findings.report(invariant, fmt::format("account {}: is in no register", account.value));
  const std::int64_t part = part_of(account).value;
  if (row.integer(0) != part || (!row.is_null(1) && row.integer(1) != part))
    findings.report(invariant, fmt::format("account {}: belongs to part {} and lies elsewhere", account.value, part));
}

}  // namespace

std::int64_t read_account_rows(Database& database, Findings& findings,
                               const std::function<void(const AccountState&)>& use) {
  std::int64_t count = 0, pages_seen = 0;
  auto rows =
      database.scan(fmt::format("SELECT a.part, r.part, a.account_id, {} FROM accounts a LEFT JOIN "
                                "accounts_register r ON r.account_id = a.account_id",
                                account_columns));
  for (; rows.step(); ++count) {
    AccountState state;
    state.account = AccountId{rows.integer(2)};
    read_account_totals(rows, 3, state);
    check_part(rows, state.account, findings);
    const auto page_count = page_count_of(rows.blob(3 + account_lots_column));
    std::vector<Bytes> pages;
    if (page_count && *page_count > 0) pages = load_pages(database, rows.integer(0), state.account);
    pages_seen += std::ssize(pages);
    if (const auto decoded = decode_lots(state, rows.blob(3 + account_lots_column), pages); decoded)
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
