#include "store/account_row.h"

namespace tanpuhui {

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

}  // namespace tanpuhui
