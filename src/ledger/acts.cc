#include "ledger/acts.h"

#include <algorithm>
#include <map>

namespace tanpuhui {
namespace {

Leg leg(AccountId account, BatchId batch, Points points, Milligrams free_mg) {
  return {account, batch, 0, points, Milligrams(), free_mg};
}

/// Collects what goes to accounts without a row: one leg for each account and batch.
class CounterLegs {
 public:
  explicit CounterLegs(std::size_t expected) { legs_.reserve(expected); }
  void add(AccountId account, BatchId batch, Points points, Milligrams mg) {
    for (Leg& sum : legs_)
      if (sum.account == account && sum.batch == batch) {
        sum.d_points += points;
        sum.d_free_mg += mg;
        return;
      }
    legs_.push_back(leg(account, batch, points, mg));
  }
  void append_to(Posting& posting) const {
    for (const Leg& sum : legs_)
      if (sum.d_points != Points() || sum.d_free_mg != Milligrams()) posting.legs.push_back(sum);
  }

 private:
  std::vector<Leg> legs_;
};

Posting sealed(Posting posting) {
  check_balanced(posting);
  return posting;
}

const Lot& lot_of(const AccountState& state, BatchId batch, std::int64_t tranche) {
  for (const Lot& lot : state.lots)
    if (lot.tranche == tranche && lot.batch == batch) return lot;
  raise_defect("a plan is posted on the state it was made on", __FILE__, __LINE__);
}

/// The plan's lines leave the account; points go to `points_to`, grams to `grams_to`.
Posting take_lines(const AccountState& state, const std::vector<PlanLine>& lines, SystemAccount points_to,
                   AccountId grams_to) {
  Posting posting;
  posting.account = state.account;
  posting.legs.reserve(3 * lines.size());
  CounterLegs counter(2 * lines.size());
  for (const PlanLine& line : lines) {
    const Lot& lot = lot_of(state, line.batch, line.tranche);
    TANPUHUI_REQUIRE(line.points <= lot.unlocked() && line.backing_mg == lot.backing_of_next(line.points),
                     "a plan is posted on the state it was made on");
    posting.legs.push_back({state.account, line.batch, line.tranche, -line.points, -line.backing_mg, -line.free_mg});
    counter.add(system_account(points_to), line.batch, line.points, Milligrams());
    counter.add(grams_to, line.batch, Points(), line.backing_mg + line.free_mg);
  }
  counter.append_to(posting);
  return posting;
}

Refusal not_an_order_of(const AccountState& state) {
  return refuse("MAL-02")
      .because("account", std::to_string(state.account.value))
      .says("该账户没有这笔兑换", "this account has no such order")
      .mend("请核对订单编号", "check the order's number");
}

const DrawnLot& drawn_of(const Entry& order, const Leg& taken) {
  for (const DrawnLot& drawn : order.posting.drawn)
    if (drawn.tranche == taken.tranche && drawn.batch == taken.batch) return drawn;
  raise_defect("an order carries the dates of the lots it drew from", __FILE__, __LINE__);
}

LotOpening reopened(const DrawnLot& drawn, const Leg& taken, std::int64_t tranche, const RefundTerms& terms) {
  LotOpening opening{taken.account,     taken.batch,         tranche,
                     drawn.credited_on, drawn.expires_on,    LotOrigin::refunded,
                     -taken.d_points,   -taken.d_backing_mg, drawn.grace_used};
  const Day graced = terms.today + terms.grace_days;
  if (terms.own_cancellation || drawn.grace_used || graced <= drawn.expires_on) return opening;
  opening.expires_on = graced;
  opening.grace_used = true;
  return opening;
}

void order_must_be_one(const Entry& order) {
  TANPUHUI_REQUIRE(order.kind == EntryKind::order, "only an order can be completed");
}

Points points_of(const Entry& order) {
  Points sum;
  for (const Leg& l : order.posting.legs)
    if (l.account == system_account(SystemAccount::points_used)) sum += l.d_points;
  return sum;
}

bool is_escrow_leg(const Entry& order, const Leg& l) {
  return l.account != order.posting.account && !is_system(l.account);
}

HonourLine honour_of(const Entry& order) {
  HonourLine honour{order.posting.account, points_of(order), Milligrams()};
  for (const BatchAmount& amount : escrowed_by(order)) honour.d_mg += amount.mg;
  return honour;
}

/// The provider's lot for grams of this batch: one that it has, or a new one.
std::int64_t acquired_tranche(const AccountState& provider, BatchId batch, Day today, Posting& posting) {
  for (const Lot& lot : provider.lots)
    if (lot.batch == batch && lot.origin == LotOrigin::acquired && lot.base_points == Points()) return lot.tranche;
  LotOpening opening;
  opening.account = provider.account;
  opening.batch = batch;
  opening.tranche = provider.tranches_opened + static_cast<std::int64_t>(posting.openings.size());
  opening.credited_on = today;
  opening.origin = LotOrigin::acquired;
  posting.openings.push_back(opening);
  return opening.tranche;
}

void release(Posting& posting, const AccountState& provider, AccountId escrow, std::span<const BatchAmount> amounts,
             Day today) {
  std::map<BatchId, Milligrams> sums;
  for (const BatchAmount& amount : amounts) sums[amount.batch] += amount.mg;
  for (const auto& [batch, mg] : sums) {
    if (mg == Milligrams()) continue;
    posting.legs.push_back(leg(escrow, batch, Points(), -mg));
    const std::int64_t tranche = acquired_tranche(provider, batch, today, posting);
    posting.legs.push_back({provider.account, batch, tranche, Points(), Milligrams(), mg});
  }
}

bool clears(const Lot& lot, Day today) { return lot.expired(today) && lot.unlocked() > Points(); }

PlanLine cleared_line(const Lot& lot) {
  PlanLine line;
  line.batch = lot.batch;
  line.tranche = lot.tranche;
  line.points = lot.unlocked();
  line.backing_mg = lot.backing_of_next(line.points);
  return line;
}

}  // namespace

Result<Posting> post_lot(const AccountState& state, const Grant& grant) {
  TANPUHUI_REQUIRE(grant.points >= Points() && grant.mg >= Milligrams(), "a grant is not negative");
  TANPUHUI_REQUIRE(grant.points > Points() || grant.mg > Milligrams(), "a grant is not empty");
  if (state.status == AccountStatus::closed)
    return refuse("ACC-01")
        .because("account_status", "closed")
        .says("碳账户已注销，不能登记", "the account is closed: nothing can be posted to it")
        .mend("请重新开立碳账户", "open an account again");
  if (state.kind == AccountKind::organisation && grant.points > Points())
    return refuse("PTS-01")
        .says("碳积分只能发放给个人", "points are granted to persons only")
        .mend("请发放至个人碳账户", "grant them to a personal account");
  const bool has_points = grant.points > Points();
  const Milligrams backing = has_points ? grant.mg : Milligrams();
  const Milligrams free = has_points ? Milligrams() : grant.mg;
  Posting posting;
  posting.account = state.account;
  posting.openings.push_back({state.account, grant.batch, state.tranches_opened, grant.credited_on,
                              has_points ? grant.expires_on : never, grant.origin, grant.points, backing, false});
  posting.legs.push_back(leg(system_account(SystemAccount::issued), grant.batch, -grant.points, -grant.mg));
  posting.legs.push_back({state.account, grant.batch, state.tranches_opened, grant.points, backing, free});
  return sealed(std::move(posting));
}

Posting order_points(const AccountState& state, const SpendPlan& plan, AccountId escrow) {
  TANPUHUI_REQUIRE(!is_system(escrow) && escrow != state.account, "escrow is an account of its own");
  Posting posting = take_lines(state, plan.lines, SystemAccount::points_used, escrow);
  for (const PlanLine& line : plan.lines)
    posting.drawn.push_back({line.batch, line.tranche, line.credited_on, line.expires_on, line.grace_used});
  return sealed(std::move(posting));
}

Result<Posting> refund_order(const AccountState& state, const Entry& order, const RefundTerms& terms) {
  if (order.kind != EntryKind::order || order.posting.account != state.account) return not_an_order_of(state);
  Posting posting;
  posting.account = state.account;
  for (const Leg& taken : order.posting.legs) {
    Leg back{taken.account, taken.batch, 0, -taken.d_points, -taken.d_backing_mg, -taken.d_free_mg};
    if (taken.account == state.account) {
      back.tranche = state.tranches_opened + static_cast<std::int64_t>(posting.openings.size());
      posting.openings.push_back(reopened(drawn_of(order, taken), taken, back.tranche, terms));
    }
    posting.legs.push_back(back);
  }
  return sealed(std::move(posting));
}

std::vector<BatchAmount> escrowed_by(const Entry& order) {
  order_must_be_one(order);
  std::vector<BatchAmount> amounts;
  for (const Leg& l : order.posting.legs)
    if (is_escrow_leg(order, l)) amounts.push_back({l.batch, l.d_free_mg});
  return amounts;
}

Posting complete_order(const Entry& order) {
  order_must_be_one(order);
  Posting posting;
  posting.account = order.posting.account;
  posting.honours.push_back(honour_of(order));
  return posting;
}

Posting complete_order(const Entry& order, const AccountState& provider, Day today) {
  Posting posting = complete_order(order);
  const auto escrow = std::ranges::find_if(order.posting.legs, [&](const Leg& l) { return is_escrow_leg(order, l); });
  if (escrow == order.posting.legs.end()) return posting;
  release(posting, provider, escrow->account, escrowed_by(order), today);
  return sealed(std::move(posting));
}

Posting settle_escrow(const AccountState& provider, AccountId escrow, std::span<const BatchAmount> amounts, Day today) {
  Posting posting;
  posting.account = provider.account;
  release(posting, provider, escrow, amounts, today);
  return sealed(std::move(posting));
}

Posting use_reductions(const AccountState& state, const UsePlan& plan, SystemAccount destination) {
  TANPUHUI_REQUIRE(is_final(system_account(destination)), "a use ends on a final account");
  Posting posting = take_lines(state, plan.lines, SystemAccount::points_used, system_account(destination));
  posting.honours.push_back({state.account, plan.points, plan.total_mg()});
  return sealed(std::move(posting));
}

Posting expire_points(const AccountState& state, Day today) {
  std::vector<PlanLine> lines;
  lines.reserve(state.lots.size());
  HonourLine honour{state.account, Points(), Milligrams()};
  for (const Lot& lot : state.lots) {
    if (!clears(lot, today)) continue;
    const PlanLine& line = lines.emplace_back(cleared_line(lot));
    honour.d_points += line.points;
    honour.d_mg += line.backing_mg;
  }
  Posting posting = take_lines(state, lines, SystemAccount::points_expired, system_account(SystemAccount::expired));
  if (!lines.empty()) posting.honours.push_back(honour);
  return sealed(std::move(posting));
}

Posting lock_points(const AccountState& state, const SpendPlan& plan) {
  Posting posting;
  posting.account = state.account;
  for (const PlanLine& line : plan.lines)
    posting.locks.push_back({state.account, line.batch, line.tranche, line.points});
  return posting;
}

Posting unlock_points(const AccountState& state, std::span<const LockLine> locked) {
  Posting posting;
  posting.account = state.account;
  for (const LockLine& line : locked)
    posting.locks.push_back({state.account, line.batch, line.tranche, -line.d_points});
  return posting;
}

}  // namespace tanpuhui
