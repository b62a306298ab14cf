#include "rooms/points/expire.h"

namespace tanpuhui {

Posting decide_expiry(const AccountState& account, Day today) { return expire_points(account, today); }

Cleared cleared_by(const Posting& posting) {
  Cleared cleared;
  for (const Leg& leg : posting.legs) {
    if (leg.account == system_account(SystemAccount::points_expired)) cleared.points += leg.d_points;
    if (leg.account == system_account(SystemAccount::expired)) cleared.reductions += leg.d_free_mg;
  }
  return cleared;
}

}  // namespace tanpuhui
