#include "store/account_row.h"

#include <fmt/format.h>

namespace tanpuhui {
namespace {

void read_lots(Database& database, AccountState& state, ByteView row) {
  std::vector<Bytes> pages;
  const auto count = page_count_of(row);
  if (count && *count > 0) {
    auto find = database.statement("SELECT lots FROM lot_pages WHERE part = ? AND account_id = ? ORDER BY n");
    find.bind(std::int64_t{part_of(state.account).value}).bind(state.account.value);
    while (find.step()) pages.emplace_back(find.blob(0).begin(), find.blob(0).end());
  }
  const auto decoded = decode_lots(state, row, pages);
  if (!decoded)
    throw Fault(fmt::format("{}: the lots of account {} are damaged ({}); run `tanpuhui audit`", database.path(),
                            state.account.value, decoded.error().what));
}

}  // namespace

void read_account_totals(const Statement& row, int first, AccountState& state) {
  state.version = row.integer(first);
  state.points_available = Points(row.integer(first + 1));
  state.points_locked = Points(row.integer(first + 2));
  state.points_credited = Points(row.integer(first + 3));
  state.points_used = Points(row.integer(first + 4));
  state.points_expired = Points(row.integer(first + 5));
  state.points_reversed = Points(row.integer(first + 6));
  state.backing_mg = Milligrams(row.integer(first + 7));
  state.free_mg = Milligrams(row.integer(first + 8));
  state.honour_points = Points(row.integer(first + 9));
  state.honour_mg = Milligrams(row.integer(first + 10));
  state.next_expiry = Day{static_cast<std::int32_t>(row.integer(first + 11))};
  state.last_entry = EntryId{row.integer(first + 12)};
}

AccountState read_account(Database& database, const Statement& row) {
  AccountState state;
  state.account = AccountId{row.integer(0)};
  state.kind = static_cast<AccountKind>(row.integer(1));
  state.status = static_cast<AccountStatus>(row.integer(2));
  state.points_owed = Points(row.integer(3));
  if (row.is_null(registered_count)) return state;
  read_account_totals(row, registered_count, state);
  read_lots(database, state, row.blob(registered_count + account_lots_column));
  return state;
}

}  // namespace tanpuhui
