#pragma once
/// Accounts: who can hold what, and the state that one row stores.
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/ids.h"
#include "base/quantity.h"
#include "base/result.h"
#include "base/time.h"
#include "ledger/lot.h"

namespace tanpuhui {

/// Accounts of the programme itself. They and the escrow accounts receive legs only and have no row. The numbers are
/// written in legs and never change.
enum class SystemAccount : std::int64_t {
  issued = 1,           ///< where every gram and point comes from: minus what was issued
  points_used = 2,      ///< points of orders and of uses
  points_expired = 3,   ///< points cleared
  points_reversed = 4,  ///< points taken back by a correction
  retired_event = 10,   ///< neutrality of an event. Basis: js24.a26
  retired_offset = 11,  ///< voluntary offset
  cancelled = 12,       ///< voluntary cancellation, no claim of use
  retired_eco = 13,     ///< ecological-damage compensation. Basis: js24.a31
  expired = 14,         ///< cleared with the points that they backed. Basis: js24.a37p3
  invalidated = 15,     ///< found wrong after the posting
  reserve = 20,         ///< reductions that make good for invalid ones
};

inline constexpr std::int64_t first_own_account = 1000;  ///< persons, organisations, escrow accounts: from here

constexpr AccountId system_account(SystemAccount account) { return AccountId{static_cast<std::int64_t>(account)}; }
constexpr bool is_system(AccountId account) { return account.value < first_own_account; }
/// Reductions on these accounts have left circulation for good; their serials are fixed.
constexpr bool is_final(AccountId account) { return account.value >= 10 && account.value <= 15; }

std::string_view name_en(SystemAccount account);  ///< `retired:event`
std::string_view name_zh(SystemAccount account);  ///< 大型活动碳中和核销

enum class AccountKind : std::uint8_t { person = 1, organisation = 2 };
enum class AccountStatus : std::uint8_t { active = 1, suspended = 2, closed = 3 };

/// What the row of an account stores. All totals are derived from entries and equal a replay of them (apply.h);
/// `status`, `kind` and `points_owed` come from the register of accounts.
struct AccountState {
  AccountId account;
  AccountKind kind = AccountKind::person;
  AccountStatus status = AccountStatus::active;
  std::int64_t version = 0;          ///< entries applied so far; the condition of every update
  EntryId last_entry;                ///< 0: none yet
  std::int64_t tranches_opened = 0;  ///< the tranche of the next lot

  Points points_owed;  ///< to be set off against points to come; from the register, too. Basis: AMB-08

  Points points_available;  ///< sum of unlocked points, good or waiting to be cleared
  Points points_locked;
  Points points_credited;  ///< = available + locked + used + expired + reversed
  Points points_used;      ///< refunds take off again
  Points points_expired;
  Points points_reversed;
  Milligrams backing_mg;
  Milligrams free_mg;
  Points honour_points;  ///< points of completed orders, uses and clearings: never spendable. Basis: js24.a38
  Milligrams honour_mg;
  Day next_expiry = never;  ///< the earliest expires_on of a lot with unlocked points

  std::vector<Lot> lots;  ///< sorted by key(); spent lots have left

  std::uint16_t page_count = 0;  ///< pages beside the row, as last encoded or decoded
  bool pages_dirty = false;      ///< a lot in a page changed since
  bool pages_unordered = false;  ///< a lot was opened since: decide anew what lies in the row

  /// Equality of what entries determine: all but what the register says and the layout of pages.
  bool same_as(const AccountState& other) const;
};

/// Points that can be spent today: unlocked, not expired.
Points spendable_points(const AccountState& state, Day today);
/// Reductions that can be donated, offset or cancelled today: free grams and those behind spendable points.
Milligrams usable_mg(const AccountState& state, Day today);

/// At most this in a row or a page; the row has those that are spent next.
inline constexpr std::size_t lots_per_page = 64;
inline constexpr std::size_t bytes_per_page = 2048;

/// The lots in canonical bytes. `row` goes into the account row; pages[0] is page 1.
struct LotBytes {
  Bytes row;
  std::vector<Bytes> pages;    ///< empty when nothing but the row is to be written
  bool pages_changed = false;  ///< true: replace all pages of the account by `pages`, also by none
};

/// Encodes lots and `tranches_opened`; the other fields are columns. Pages are touched when a lot was opened while
/// there were pages, when the row overflows, when a paged lot changed and when the row runs low (refill).
/// Changes only the layout fields of `state`.
LotBytes encode_lots(AccountState& state);

/// How many pages belong to the row (0 for most accounts), without decoding the lots.
Result<std::uint16_t, Malformed> page_count_of(ByteView row);

/// Sets lots, tranches_opened and layout of `state`; other fields stay. `pages` in order, all of them. Bytes that
/// encode_lots could not have written are refused.
Result<Done, Malformed> decode_lots(AccountState& state, ByteView row, std::span<const Bytes> pages = {});

/// Sums and next_expiry recomputed from the lots: points_available, points_locked, backing_mg, free_mg, next_expiry.
void refresh_totals(AccountState& state);

}  // namespace tanpuhui
