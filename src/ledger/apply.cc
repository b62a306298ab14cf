#include "ledger/apply.h"

#include <algorithm>

namespace tanpuhui {
namespace {

constexpr const char* well = "";

std::string open_lot(AccountState& state, const LotOpening& opening) {
  if (opening.tranche != state.tranches_opened) return "a lot is opened out of turn";
  if (opening.base_points < Points() || opening.base_mg < Milligrams()) return "a lot is opened below zero";
  Lot lot;
  lot.batch = opening.batch;
  lot.tranche = opening.tranche;
  lot.credited_on = opening.credited_on;
  lot.expires_on = opening.expires_on;
  lot.origin = opening.origin;
  lot.base_points = opening.base_points;
  lot.base_mg = opening.base_mg;
  lot.grace_used = opening.grace_used;
  state.lots.insert(std::ranges::upper_bound(state.lots, lot.key(), {}, &Lot::key), lot);
  state.tranches_opened += 1;
  state.pages_unordered = true;
  return well;
}

Lot* find_lot(AccountState& state, BatchId batch, std::int64_t tranche) {
  const auto found =
      std::ranges::find_if(state.lots, [&](const Lot& lot) { return lot.tranche == tranche && lot.batch == batch; });
  if (found == state.lots.end()) return nullptr;
  if (found->page > 0) state.pages_dirty = true;
  return &*found;
}

std::string move_leg(AccountState& state, const Leg& leg) {
  Lot* lot = find_lot(state, leg.batch, leg.tranche);
  if (lot == nullptr) return "a leg names a lot that the account does not have";
  const Milligrams before = lot->backing();
  lot->points_left += leg.d_points;
  lot->free_mg += leg.d_free_mg;
  if (lot->points_left < Points() || lot->points_left > lot->base_points) return "points of a lot out of range";
  if (lot->free_mg < Milligrams()) return "free grams of a lot below zero";
  if (lot->backing() - before != leg.d_backing_mg) return "the backing of a leg is not the derived one";
  return well;
}

std::string move_lock(AccountState& state, const LockLine& line) {
  Lot* lot = find_lot(state, line.batch, line.tranche);
  if (lot == nullptr) return "a lock names a lot that the account does not have";
  lot->locks += line.d_points;
  return lot->locks < Points() ? "locks of a lot below zero" : well;
}

// Where the points of the account came from or went.
void count_points(AccountState& state, const Leg& leg) {
  if (leg.account == system_account(SystemAccount::issued)) state.points_credited -= leg.d_points;
  if (leg.account == system_account(SystemAccount::points_used)) state.points_used += leg.d_points;
  if (leg.account == system_account(SystemAccount::points_expired)) state.points_expired += leg.d_points;
  if (leg.account == system_account(SystemAccount::points_reversed)) state.points_reversed += leg.d_points;
}

std::string move_all(AccountState& state, const Posting& posting) {
  std::string wrong;
  for (const LotOpening& opening : posting.openings)
    if (wrong.empty() && opening.account == state.account) wrong = open_lot(state, opening);
  for (const Leg& leg : posting.legs) {
    if (wrong.empty() && leg.account == state.account) wrong = move_leg(state, leg);
    if (posting.account == state.account) count_points(state, leg);
  }
  for (const LockLine& line : posting.locks)
    if (wrong.empty() && line.account == state.account) wrong = move_lock(state, line);
  return wrong;
}

bool counters_are_sound(const AccountState& state) {
  const Points none;
  return state.points_used >= none && state.points_expired >= none && state.points_reversed >= none &&
         state.honour_points >= none && state.honour_mg >= Milligrams();
}

}  // namespace

std::string try_apply(AccountState& state, const Posting& posting, EntryId entry_id) {
  std::string wrong = move_all(state, posting);
  if (!wrong.empty()) return wrong;
  for (const HonourLine& line : posting.honours)
    if (line.account == state.account) state.honour_points += line.d_points, state.honour_mg += line.d_mg;
  if (!counters_are_sound(state)) return "a counter of the account below zero";
  if (std::ranges::any_of(state.lots, [](const Lot& lot) { return lot.locks > lot.points_left; }))
    return "more points of a lot locked than left";
  std::erase_if(state.lots, [](const Lot& lot) { return lot.spent(); });
  refresh_totals(state);
  state.version += 1;
  state.last_entry = entry_id;
  return well;
}

void apply(AccountState& state, const Posting& posting, EntryId entry_id) {
  const std::string wrong = try_apply(state, posting, entry_id);
  TANPUHUI_HALT_UNLESS(wrong.empty(), wrong.c_str());
}

Result<AccountState, Malformed> rebuild(AccountId account, std::span<const Entry> entries) {
  AccountState state;
  state.account = account;
  for (const Entry& entry : entries) {
    if (!entry.posting.touches(account)) continue;
    const std::string wrong = try_apply(state, entry.posting, entry.entry_id);
    if (!wrong.empty()) return Malformed{"entry " + std::to_string(entry.entry_id.value) + ": " + wrong};
  }
  return state;
}

}  // namespace tanpuhui
