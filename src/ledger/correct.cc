#include "ledger/correct.h"

#include <algorithm>

namespace tanpuhui {
namespace {

constexpr AccountId points_used = system_account(SystemAccount::points_used);
constexpr AccountId points_expired = system_account(SystemAccount::points_expired);
constexpr AccountId points_reversed = system_account(SystemAccount::points_reversed);
constexpr AccountId invalidated = system_account(SystemAccount::invalidated);
constexpr AccountId reserve = system_account(SystemAccount::reserve);

Milligrams mg_of(const Leg& leg) { return leg.d_backing_mg + leg.d_free_mg; }

bool is_escrow(const Leg& leg, AccountId own) { return leg.account != own && !is_system(leg.account); }

void add_set_off(Taken& taken, BatchId batch, const Entry& entry) {
  for (const Leg& leg : entry.posting.legs) {
    if (leg.batch != batch) continue;
    if (leg.account == points_reversed) taken.set_off += leg.d_points;
    if (leg.account == reserve) taken.set_off_mg += mg_of(leg);
  }
}

// Orders, refunds, uses and clearings; grams that a correction invalidated are no longer of the grant.
void add_use(Taken& taken, BatchId batch, const Entry& entry) {
  for (const Leg& leg : entry.posting.legs) {
    if (leg.batch != batch) continue;
    if (leg.account == points_used || leg.account == points_expired) taken.used += leg.d_points;
    const bool is_use = is_final(leg.account) && leg.account != invalidated;
    if (is_use || is_escrow(leg, entry.posting.account)) taken.used_mg += mg_of(leg);
  }
}

bool takes_from(const Entry& entry, BatchId batch) {
  return std::ranges::any_of(entry.posting.legs, [&](const Leg& leg) { return leg.batch == batch; });
}

template <class Amount>
Amount above(Amount gone, Amount granted) {
  return std::max(Amount(), gone - granted);
}

struct Left {
  Points points;
  Milligrams mg;
  Day credited_on, expires_on;
  LotOrigin origin = LotOrigin::granted;
  bool grace_used = false;
};

/// Everything that is left of the batch leaves the account's lots.
Left empty_lots(const AccountState& state, BatchId batch, Posting& posting) {
  Left left{{}, {}, never, Day{}, LotOrigin::granted, false};
  for (const Lot& lot : state.lots) {
    if (lot.batch != batch) continue;
    TANPUHUI_REQUIRE(lot.locks == Points(), "a correction waits for locks");
    posting.legs.push_back({state.account, batch, lot.tranche, -lot.points_left, -lot.backing(), -lot.free_mg});
    if (left.expires_on < lot.expires_on) left.expires_on = lot.expires_on, left.origin = lot.origin;
    left.credited_on = std::min(left.credited_on, lot.credited_on);
    left.grace_used = left.grace_used || lot.grace_used;
    left.points += lot.points_left;
    left.mg += lot.backing() + lot.free_mg;
  }
  return left;
}

/// What should be there comes back, in one lot.
void open_rest(const AccountState& state, BatchId batch, const Left& left, Points points, Milligrams mg,
               Posting& posting) {
  const bool backed = points > Points();
  posting.openings.push_back({state.account, batch, state.tranches_opened, left.credited_on,
                              backed ? left.expires_on : never, left.origin, points, backed ? mg : Milligrams(),
                              left.grace_used});
  posting.legs.push_back(
      {state.account, batch, state.tranches_opened, points, backed ? mg : Milligrams(), backed ? Milligrams() : mg});
}

void add_counter(Posting& posting, AccountId account, BatchId batch, Points points, Milligrams mg) {
  if (points != Points() || mg != Milligrams()) posting.legs.push_back({account, batch, 0, points, {}, mg});
}

Posting balanced(Posting posting) {
  check_balanced(posting);
  return posting;
}

}  // namespace

Taken taken_of(AccountId account, BatchId batch, std::span<const Entry> entries) {
  Taken taken;
  std::map<EntryId, const Entry*, std::greater<>> orders;
  std::vector<EntryId> completed;
  for (const Entry& entry : entries) {
    if (entry.posting.account != account) continue;
    if (entry.completes) completed.push_back(*entry.completes);
    if (entry.reverses) orders.try_emplace(*entry.reverses, nullptr).first->second = nullptr;
    if (!takes_from(entry, batch)) continue;
    if (entry.kind == EntryKind::set_off) add_set_off(taken, batch, entry);
    if (entry.kind == EntryKind::set_off || entry.kind == EntryKind::correct || entry.kind == EntryKind::transfer)
      continue;
    add_use(taken, batch, entry);
    if (entry.kind == EntryKind::order) orders.try_emplace(entry.entry_id, &entry);
  }
  for (const auto& [id, order] : orders) {
    if (order == nullptr) continue;
    if (std::ranges::find(completed, id) == completed.end()) taken.open_order = true;
    for (const Leg& leg : order->posting.legs)
      if (leg.batch == batch && is_escrow(leg, account)) taken.escrowed.push_back({leg.account, mg_of(leg)});
  }
  return taken;
}

bool has_locks(const AccountState& state, BatchId batch) {
  return std::ranges::any_of(state.lots, [&](const Lot& lot) { return lot.batch == batch && lot.locks > Points(); });
}

CorrectedLot correct_lot(const AccountState& state, const GrantChange& change, const Taken& taken) {
  TANPUHUI_REQUIRE(change.points_after <= change.points_before && change.mg_after <= change.mg_before,
                   "a correction of a lot takes back");
  CorrectedLot corrected;
  Posting& posting = corrected.posting;
  posting.account = state.account;
  const Left left = empty_lots(state, change.batch, posting);
  const Points stay = above(change.points_after, taken.gone());
  const Milligrams stay_mg = above(change.mg_after, taken.gone_mg());
  corrected.reversed = left.points - stay;
  corrected.taken_back = left.mg - stay_mg;
  TANPUHUI_REQUIRE(corrected.reversed >= Points() && corrected.taken_back >= Milligrams(),
                   "no more stays than is there");
  if (stay > Points() || stay_mg > Milligrams()) open_rest(state, change.batch, left, stay, stay_mg, posting);
  add_counter(posting, points_reversed, change.batch, corrected.reversed, Milligrams());
  add_counter(posting, invalidated, change.batch, Points(), corrected.taken_back);
  if (corrected.reversed == Points() && corrected.taken_back == Milligrams())
    posting.legs.clear(), posting.openings.clear();

  corrected.overdrawn = above(taken.gone(), change.points_after) - above(taken.gone(), change.points_before);
  corrected.missing = above(taken.gone_mg(), change.mg_after) - above(taken.gone_mg(), change.mg_before);
  const auto dishonoured = [&](Points granted) { return std::min(above(taken.gone(), granted), taken.used); };
  const auto dishonoured_mg = [&](Milligrams granted) {
    return std::min(above(taken.gone_mg(), granted), taken.used_mg);
  };
  const HonourLine honour{state.account, dishonoured(change.points_before) - dishonoured(change.points_after),
                          dishonoured_mg(change.mg_before) - dishonoured_mg(change.mg_after)};
  if (honour.d_points != Points() || honour.d_mg != Milligrams()) posting.honours.push_back(honour);
  check_balanced(posting);
  return corrected;
}

Milligrams acquired_of(const AccountState& holder, BatchId batch) {
  Milligrams sum;
  for (const Lot& lot : holder.lots)
    if (lot.batch == batch && lot.origin == LotOrigin::acquired) sum += lot.free_mg;
  return sum;
}

Posting invalidate_acquired(const AccountState& holder, std::span<const BatchAmount> amounts) {
  Posting posting;
  posting.account = holder.account;
  for (const BatchAmount& amount : amounts) {
    Milligrams wanted = amount.mg;
    for (const Lot& lot : holder.lots) {
      if (lot.batch != amount.batch || lot.origin != LotOrigin::acquired) continue;
      const Milligrams taken = std::min(wanted, lot.free_mg);
      if (taken == Milligrams()) continue;
      posting.legs.push_back({holder.account, lot.batch, lot.tranche, {}, {}, -taken});
      add_counter(posting, invalidated, lot.batch, Points(), taken);
      wanted -= taken;
    }
  }
  return balanced(std::move(posting));
}

Posting give_to_reserve(const AccountState& state, const UsePlan& plan) {
  TANPUHUI_REQUIRE(plan.points == Points(), "only reductions without points go to the reserve");
  Posting posting;
  posting.account = state.account;
  for (const PlanLine& line : plan.lines) {
    posting.legs.push_back({state.account, line.batch, line.tranche, {}, {}, -line.free_mg});
    add_counter(posting, reserve, line.batch, Points(), line.free_mg);
  }
  return balanced(std::move(posting));
}

Posting compensate(const AccountState& holder, std::span<const BatchAmount> amounts, Day today) {
  return settle_escrow(holder, reserve, amounts, today);
}

Posting cover_from_reserve(std::span<const BatchAmount> amounts) {
  Posting posting;
  posting.account = reserve;
  for (const BatchAmount& amount : amounts) {
    add_counter(posting, reserve, amount.batch, Points(), -amount.mg);
    add_counter(posting, system_account(SystemAccount::cancelled), amount.batch, Points(), amount.mg);
  }
  return balanced(std::move(posting));
}

Posting set_off_points(const AccountState& state, Points owed, Day since) {
  Posting posting;
  posting.account = state.account;
  Points left = owed;
  for (const Lot& lot : state.lots) {
    const Points taken = std::min(left, lot.unlocked());
    if (lot.credited_on < since || taken == Points()) continue;
    const Milligrams backing = lot.backing_of_next(taken);
    posting.legs.push_back({state.account, lot.batch, lot.tranche, -taken, -backing, {}});
    add_counter(posting, points_reversed, lot.batch, taken, Milligrams());
    add_counter(posting, reserve, lot.batch, Points(), backing);
    left -= taken;
  }
  return balanced(std::move(posting));
}

}  // namespace tanpuhui
