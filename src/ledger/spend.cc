#include "ledger/spend.h"

#include <algorithm>

#include "base/decimal.h"

namespace tanpuhui {
namespace {

Refusal not_active(const AccountState& state) {
  return refuse("ACC-01")
      .because("account_status", state.status == AccountStatus::closed ? "closed" : "suspended")
      .says("碳账户未处于正常状态，不能办理业务", "the account is not active: no business can be done with it")
      .mend("请联系平台恢复账户", "ask the operator to restore the account");
}

Refusal too_few_points(Points needed, Points available) {
  const std::string need = std::to_string(needed.count()), have = std::to_string(available.count());
  return refuse("MAL-02")
      .because("points_needed", need)
      .because("points_available", have)
      .says("碳积分不足：需要 " + need + "，可用 " + have,
            "not enough points: " + need + " needed, " + have + " available")
      .mend("请选择积分较少的权益", "choose a benefit that costs fewer points");
}

Refusal owes_points(Points owed) {
  const std::string owes = std::to_string(owed.count());
  return refuse("MAL-02")
      .because("points_owed", owes)
      .says("账户因修正尚欠 " + owes + " 碳积分，抵扣前不能兑换",
            "the account owes " + owes + " points after a correction: nothing is redeemed until they are set off")
      .mend("以后取得的碳积分先行抵扣；有异议可以申诉", "points to come are set off first; an appeal is open");
}

Refusal too_few_reductions(Milligrams needed, Milligrams usable) {
  const std::string need = format_fixed(needed.count(), 6), have = format_fixed(usable.count(), 6);
  return refuse("USE-02")
      .because("reduction_kg_needed", need)
      .because("reduction_kg_usable", have)
      .says("减碳量不足：需要 " + need + " 千克，可用 " + have + " 千克",
            "not enough reductions: " + need + " kg needed, " + have + " kg usable")
      .mend("请减少使用数量", "use a smaller amount");
}

PlanLine line_of(const Lot& lot) {
  PlanLine line;
  line.batch = lot.batch;
  line.tranche = lot.tranche;
  line.credited_on = lot.credited_on;
  line.expires_on = lot.expires_on;
  line.grace_used = lot.grace_used;
  return line;
}

void take_points(SpendPlan& plan, const Lot& lot, Points points) {
  PlanLine& line = plan.lines.emplace_back(line_of(lot));
  line.points = points;
  line.backing_mg = lot.backing_of_next(points);
  plan.backing_mg += line.backing_mg;
  (lot.bearing() ? plan.bearing_points : plan.plain_points) += points;
}

enum class LotClass { any, bearing, plain };

void take_class(SpendPlan& plan, const AccountState& state, Points wanted, LotClass wanted_class, Day today) {
  for (const Lot& lot : state.lots) {
    if (plan.points() == wanted) return;
    if (lot.expired(today) || lot.unlocked() == Points()) continue;
    if (wanted_class != LotClass::any && lot.bearing() != (wanted_class == LotClass::bearing)) continue;
    take_points(plan, lot, std::min(lot.unlocked(), wanted - plan.points()));
  }
}

/// The fewest points of the lot that carry at least `need` > 0, or all unlocked ones.
Points points_that_carry(const Lot& lot, Milligrams need) {
  if (lot.backing_of_next(lot.unlocked()) <= need) return lot.unlocked();
  const Milligrams rest = lot.backing() - need;  // the most that may stay behind
  // ceil(base_mg x q / base_points) <= rest exactly when q <= rest x base_points / base_mg
  const int128 stays = static_cast<int128>(rest.count()) * lot.base_points.count() / lot.base_mg.count();
  return lot.points_left - std::min(lot.points_left, Points(static_cast<std::int64_t>(stays)));
}

void take_free(UsePlan& plan, const AccountState& state) {
  for (const Lot& lot : state.lots) {
    const Milligrams taken = std::min(lot.free_mg, plan.asked_mg - plan.total_mg());
    if (taken == Milligrams()) continue;
    plan.lines.emplace_back(line_of(lot)).free_mg = taken;
    plan.free_mg += taken;
  }
}

PlanLine& line_for(UsePlan& plan, const Lot& lot) {
  for (PlanLine& line : plan.lines)
    if (line.tranche == lot.tranche && line.batch == lot.batch) return line;
  return plan.lines.emplace_back(line_of(lot));
}

void take_backed(UsePlan& plan, const AccountState& state, Day today) {
  for (const Lot& lot : state.lots) {
    if (plan.total_mg() >= plan.asked_mg) return;
    if (!lot.bearing() || lot.expired(today) || lot.unlocked() == Points()) continue;
    PlanLine& line = line_for(plan, lot);
    line.points = points_that_carry(lot, plan.asked_mg - plan.total_mg());
    line.backing_mg = lot.backing_of_next(line.points);
    plan.points += line.points;
    plan.backing_mg += line.backing_mg;
  }
}

}  // namespace

Result<SpendPlan> plan_spend(const AccountState& state, Points points, SpendOrder order, Day today) {
  TANPUHUI_REQUIRE(points > Points(), "points to spend are above zero");
  if (state.status != AccountStatus::active) return not_active(state);
  if (state.kind != AccountKind::person)
    return refuse("PTS-01")
        .says("单位不能持有或使用碳积分", "organisations neither hold nor spend points")
        .mend("请使用个人碳账户", "use a personal account");
  if (state.points_owed > Points()) return owes_points(state.points_owed);
  const Points available = spendable_points(state, today);
  if (available < points) return too_few_points(points, available);
  SpendPlan plan;
  if (order == SpendOrder::oldest_first) take_class(plan, state, points, LotClass::any, today);
  take_class(plan, state, points, LotClass::bearing, today);
  take_class(plan, state, points, LotClass::plain, today);
  return plan;
}

AccountState without_held(AccountState state, std::span<const BatchId> held) {
  std::erase_if(state.lots, [&](const Lot& lot) { return std::ranges::find(held, lot.batch) != held.end(); });
  refresh_totals(state);
  return state;
}

Result<UsePlan> plan_use(const AccountState& state, Milligrams mg, Day today) {
  TANPUHUI_REQUIRE(mg > Milligrams(), "reductions to use are above zero");
  if (state.status != AccountStatus::active) return not_active(state);
  const Milligrams usable = usable_mg(state, today);
  if (usable < mg) return too_few_reductions(mg, usable);
  UsePlan plan;
  plan.asked_mg = mg;
  take_free(plan, state);
  take_backed(plan, state, today);
  return plan;
}

}  // namespace tanpuhui
