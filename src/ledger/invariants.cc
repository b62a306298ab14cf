#include "ledger/invariants.h"

#include <algorithm>

#include "ledger/apply.h"
#include "ledger/serials.h"

namespace tanpuhui {
namespace {

std::string text(std::int64_t value) { return std::to_string(value); }
std::string text(int128 value) {
  std::string digits;
  for (int128 rest = value < 0 ? -value : value; rest > 0 || digits.empty(); rest /= 10)
    digits.insert(digits.begin(), static_cast<char>('0' + static_cast<int>(rest % 10)));
  return value < 0 ? "-" + digits : digits;
}
std::string named(const Entry& entry) { return "entry " + text(entry.entry_id.value) + ": "; }
std::string named(AccountId account) { return "account " + text(account.value) + ": "; }
std::string named(BatchId batch) { return "batch " + text(batch.value) + ": "; }

Milligrams mg_of(const Leg& leg) { return leg.d_backing_mg + leg.d_free_mg; }

bool ends_order(const Entry& entry) { return entry.reverses || entry.completes; }

bool is_use(EntryKind kind) {
  return kind == EntryKind::donate || kind == EntryKind::retire || kind == EntryKind::cancel ||
         kind == EntryKind::expire;
}

}  // namespace

EntriesBalance::EntriesBalance() : Invariant("L1 entries sum to zero") {}

void EntriesBalance::see(const Entry& entry) {
  const std::string imbalance = imbalance_of(entry.posting);
  if (!imbalance.empty()) report(named(entry) + imbalance);
  if (entry.basis.empty() || entry.actor.empty()) report(named(entry) + "no basis or no actor");
  std::int64_t& last = last_act_no_[entry.part];
  if (entry.act_no != last + 1)
    report(named(entry) + "act " + text(entry.act_no) + " of part " + text(std::int64_t{entry.part.value}) +
           " follows act " + text(last));
  last = entry.act_no;
}

BatchesConserve::BatchesConserve(IsEscrow is_escrow)
    : Invariant("L3, L5 what was issued is held, in escrow or accounted for"), is_escrow_(std::move(is_escrow)) {}

void BatchesConserve::see(const Entry& entry) {
  for (const Leg& leg : entry.posting.legs) {
    const bool issued = leg.account == system_account(SystemAccount::issued);
    if (!issued && !is_system(leg.account) && !is_escrow_(leg.account)) continue;
    Sums& sums = batches_[leg.batch];
    (issued ? sums.issued_mg : sums.away_mg) += issued ? -mg_of(leg).count() : mg_of(leg).count();
    (issued ? sums.issued_points : sums.away_points) += issued ? -leg.d_points.count() : leg.d_points.count();
  }
}

void BatchesConserve::see(const AccountState& row) {
  for (const Lot& lot : row.lots) {
    Sums& sums = batches_[lot.batch];
    sums.held_mg += int128{lot.backing().count()} + lot.free_mg.count();
    sums.held_points += lot.points_left.count();
  }
}

void BatchesConserve::finish() {
  for (const auto& [batch, sums] : batches_) {
    if (sums.issued_mg != sums.held_mg + sums.away_mg)
      report(named(batch) + "issued " + text(sums.issued_mg) + " mg, held " + text(sums.held_mg) +
             " mg, in escrow or out of circulation " + text(sums.away_mg) + " mg");
    if (sums.issued_points != sums.held_points + sums.away_points)
      report(named(batch) + "granted " + text(sums.issued_points) + " points, held " + text(sums.held_points) +
             ", used, expired or reversed " + text(sums.away_points));
  }
}

RowsAddUp::RowsAddUp() : Invariant("L2, L5, L6 rows add up") {}

void RowsAddUp::see(const AccountState& row) {
  AccountState sums = row;
  refresh_totals(sums);
  if (!sums.same_as(row)) report(named(row.account) + "totals are not the sums of the lots");
  const Points accounted =
      row.points_available + row.points_locked + row.points_used + row.points_expired + row.points_reversed;
  if (row.points_credited != accounted)
    report(named(row.account) + "credited " + text(row.points_credited.count()) + " points, accounted for " +
           text(accounted.count()));
  for (std::size_t i = 1; i < row.lots.size(); ++i)
    if (!(row.lots[i - 1].key() < row.lots[i].key())) report(named(row.account) + "lots out of order");
  for (const Lot& lot : row.lots)
    if (lot.spent() || lot.points_left > lot.base_points || lot.locks > lot.points_left)
      report(named(row.account) + "tranche " + text(lot.tranche) + " is spent or holds more than it began with");
}

RowsEqualReplay::RowsEqualReplay(IsEscrow is_escrow)
    : Invariant("L4 rows equal the replay of their entries"), is_escrow_(std::move(is_escrow)) {}

void RowsEqualReplay::replay(AccountId account, const Entry& entry) {
  if (is_system(account) || is_escrow_(account) || broken_.contains(account)) return;
  AccountState& state = replayed_[account];
  if (state.last_entry == entry.entry_id) return;  // already applied: an entry has many legs
  state.account = account;
  const std::string wrong = try_apply(state, entry.posting, entry.entry_id);
  if (wrong.empty()) return;
  broken_.insert(account);
  report(named(entry) + named(account) + wrong);
}

void RowsEqualReplay::see(const Entry& entry) {
  for (const Leg& leg : entry.posting.legs) replay(leg.account, entry);
  for (const LotOpening& opening : entry.posting.openings) replay(opening.account, entry);
  for (const HonourLine& line : entry.posting.honours) replay(line.account, entry);
  for (const LockLine& line : entry.posting.locks) replay(line.account, entry);
}

void RowsEqualReplay::see(const AccountState& row) {
  if (broken_.contains(row.account)) return;
  AccountState expected;
  expected.account = row.account;
  if (const auto found = replayed_.find(row.account); found != replayed_.end()) expected = found->second;
  if (!expected.same_as(row))
    report(named(row.account) + "the row (version " + text(row.version) + ", " + text(row.points_available.count()) +
           " points, " + text(row.backing_mg.count()) + " + " + text(row.free_mg.count()) +
           " mg) differs from its entries (version " + text(expected.version) + ", " +
           text(expected.points_available.count()) + " points, " + text(expected.backing_mg.count()) + " + " +
           text(expected.free_mg.count()) + " mg)");
  replayed_.erase(row.account);
}

void RowsEqualReplay::finish() {
  for (const auto& [account, state] : replayed_)
    if (!broken_.contains(account)) report(named(account) + "has entries but no row");
}

HonoursAddUp::HonoursAddUp() : Invariant("L9 honours equal what was used") {}

void HonoursAddUp::compare(const Entry& entry, Figures wanted, const std::string& why) {
  Figures got;
  for (const HonourLine& line : entry.posting.honours) {
    got.points += line.d_points;
    got.mg += line.d_mg;
    if (line.account != entry.posting.account) report(named(entry) + "honours of another account");
  }
  if (got == wanted) return;
  report(named(entry) + "honours " + text(got.points.count()) + " points and " + text(got.mg.count()) + " mg, " + why +
         " " + text(wanted.points.count()) + " points and " + text(wanted.mg.count()) + " mg");
}

void HonoursAddUp::see(const Entry& entry) {
  Figures away;
  for (const Leg& leg : entry.posting.legs) {
    if (leg.account == entry.posting.account) away.points -= leg.d_points;
    if (leg.account == entry.posting.account) away.mg -= mg_of(leg);
  }
  if (entry.kind == EntryKind::order) orders_[entry.entry_id] = away;
  if (is_use(entry.kind)) return compare(entry, away, "took");
  if (entry.kind == EntryKind::correct) return;  // the one act that may change honours both ways
  if (!entry.completes) return compare(entry, {}, "may honour");
  const auto order = orders_.find(*entry.completes);
  compare(entry, order == orders_.end() ? Figures{} : order->second, "its order has");
}

SerialsDisjoint::SerialsDisjoint() : Invariant("L4 serials are fixed once") {}

void SerialsDisjoint::see(const Entry& entry) {
  std::map<BatchId, Milligrams> missing;
  for (const Leg& leg : entry.posting.legs) {
    if (leg.account == system_account(SystemAccount::issued)) issued_[leg.batch] -= mg_of(leg);
    if (!is_final(leg.account)) continue;
    missing[leg.batch] += mg_of(leg);
    if (mg_of(leg) < Milligrams()) report(named(entry) + "a final account gives back");
  }
  for (const SerialRange& range : entry.posting.serials) {
    if (range.from_mg >= range.to_mg) report(named(entry) + "empty range " + describe(range));
    missing[range.batch] -= range.to_mg - range.from_mg;
    auto [at, fresh] = ranges_[range.batch].emplace(range.from_mg, range.to_mg);
    if (!fresh) report(named(entry) + "range given twice: " + describe(range));
    if (!fresh) at->second = std::max(at->second, range.to_mg);
  }
  for (const auto& [batch, mg] : missing)
    if (mg != Milligrams())
      report(named(entry) + named(batch) + text(mg.count()) + " mg left circulation without their serials");
}

void SerialsDisjoint::finish() {
  for (const auto& [batch, ranges] : ranges_) {
    Milligrams reached;
    for (const auto& [from, to] : ranges) {
      if (from < reached) report(named(batch) + "ranges overlap: " + describe(SerialRange{batch, from, to}));
      reached = std::max(reached, to);
    }
    if (reached > issued_[batch]) report(named(batch) + "serials reach beyond what was issued");
  }
}

OrdersEndOnce::OrdersEndOnce() : Invariant("L13 reversals point back, once") {}

void OrdersEndOnce::see(const Entry& entry) {
  if (entry.entry_id <= last_) report(named(entry) + "not after entry " + text(last_.value));
  last_ = entry.entry_id;
  if (entry.kind == EntryKind::order) open_orders_.emplace(entry.entry_id, entry.posting);
  if ((entry.kind == EntryKind::refund || entry.kind == EntryKind::complete) && !ends_order(entry))
    report(named(entry) + "names no order");
  if (entry.reverses) end(entry, *entry.reverses, true);
  if (entry.completes) end(entry, *entry.completes, false);
}

void OrdersEndOnce::end(const Entry& entry, EntryId order, bool reversal) {
  const std::string name = "order " + text(order.value);
  if (!ended_.insert(order).second) return report(named(entry) + name + " ends a second time");
  const auto found = open_orders_.find(order);
  if (found == open_orders_.end()) return report(named(entry) + "there is no earlier " + name);
  const Posting original = std::move(found->second);
  open_orders_.erase(found);
  if (original.account != entry.posting.account) report(named(entry) + name + " is another account's");
  if (!reversal) return;
  std::map<std::pair<AccountId, BatchId>, std::pair<Points, Milligrams>> sums;
  for (const auto* legs : {&original.legs, &entry.posting.legs})
    for (const Leg& leg : *legs) {
      auto& [points, mg] = sums[{leg.account, leg.batch}];
      points += leg.d_points;
      mg += mg_of(leg);
    }
  const bool undone =
      std::ranges::all_of(sums, [](const auto& sum) { return sum.second == std::pair<Points, Milligrams>(); });
  if (!undone) report(named(entry) + name + " is not undone exactly");
}

NothingNegative::NothingNegative(IsEscrow is_escrow)
    : Invariant("L14 nothing is negative"), is_escrow_(std::move(is_escrow)) {}

void NothingNegative::see(const Entry& entry) {
  for (const Leg& leg : entry.posting.legs)
    if (leg.account == system_account(SystemAccount::reserve) || is_escrow_(leg.account))
      escrow_mg_[{leg.account, leg.batch}] += mg_of(leg);
}

void NothingNegative::see(const AccountState& row) {
  const Points least = std::min({row.points_available, row.points_locked, row.points_credited, row.points_used,
                                 row.points_expired, row.points_reversed, row.honour_points});
  const Milligrams least_mg = std::min({row.backing_mg, row.free_mg, row.honour_mg});
  if (least < Points() || least_mg < Milligrams()) report(named(row.account) + "a total is negative");
  for (const Lot& lot : row.lots)
    if (lot.points_left < Points() || lot.free_mg < Milligrams() || lot.base_mg < Milligrams() || lot.locks < Points())
      report(named(row.account) + "tranche " + text(lot.tranche) + " is negative");
}

void NothingNegative::finish() {
  for (const auto& [key, mg] : escrow_mg_)
    if (mg < Milligrams()) report(named(key.first) + named(key.second) + "escrow holds " + text(mg.count()) + " mg");
}

LedgerAudit::LedgerAudit(const IsEscrow& is_escrow) {
  invariants_.push_back(std::make_unique<EntriesBalance>());
  invariants_.push_back(std::make_unique<BatchesConserve>(is_escrow));
  invariants_.push_back(std::make_unique<RowsAddUp>());
  invariants_.push_back(std::make_unique<RowsEqualReplay>(is_escrow));
  invariants_.push_back(std::make_unique<HonoursAddUp>());
  invariants_.push_back(std::make_unique<SerialsDisjoint>());
  invariants_.push_back(std::make_unique<OrdersEndOnce>());
  invariants_.push_back(std::make_unique<NothingNegative>(is_escrow));
}

void LedgerAudit::see(const Entry& entry) {
  for (const auto& invariant : invariants_) invariant->check(entry);
}

void LedgerAudit::see(const AccountState& row) {
  for (const auto& invariant : invariants_) invariant->check(row);
}

std::vector<Violation> LedgerAudit::finish() {
  std::vector<Violation> all;
  for (const auto& invariant : invariants_) {
    invariant->finish();
    const auto& found = invariant->violations();
    all.insert(all.end(), found.begin(), found.end());
  }
  return all;
}

}  // namespace tanpuhui
