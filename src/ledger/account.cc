#include "ledger/account.h"

#include <algorithm>

namespace tanpuhui {
namespace {

struct SystemName {
  SystemAccount account;
  std::string_view en, zh;
};
constexpr SystemName system_names[] = {
    {SystemAccount::issued, "issued", "签发"},
    {SystemAccount::points_used, "points_used", "已使用碳积分"},
    {SystemAccount::points_expired, "points_expired", "已清零碳积分"},
    {SystemAccount::points_reversed, "points_reversed", "已冲回碳积分"},
    {SystemAccount::retired_event, "retired:event", "大型活动碳中和核销"},
    {SystemAccount::retired_offset, "retired:offset", "自愿抵消核销"},
    {SystemAccount::cancelled, "cancelled", "自愿注销"},
    {SystemAccount::retired_eco, "retired:eco_compensation", "生态环境损害赔偿核销"},
    {SystemAccount::expired, "expired", "清零"},
    {SystemAccount::invalidated, "invalidated", "作废"},
    {SystemAccount::reserve, "reserve", "储备"},
};

const SystemName& name_of(SystemAccount account) {
  for (const SystemName& name : system_names)
    if (name.account == account) return name;
  raise_defect("every system account has a name", __FILE__, __LINE__);
}

}  // namespace

std::string_view name_en(SystemAccount account) { return name_of(account).en; }
std::string_view name_zh(SystemAccount account) { return name_of(account).zh; }

std::string_view name_en(LotOrigin origin) {
  constexpr std::string_view names[] = {"granted", "refunded", "acquired", "imported"};
  const auto number = static_cast<std::size_t>(origin);
  TANPUHUI_REQUIRE(number >= 1 && number <= std::size(names), "every origin of a lot has a name");
  return names[number - 1];
}

bool AccountState::same_as(const AccountState& other) const {
  const auto figures = [](const AccountState& s) {
    return std::tie(s.account, s.version, s.last_entry, s.tranches_opened, s.points_available, s.points_locked,
                    s.points_credited, s.points_used, s.points_expired, s.points_reversed, s.backing_mg, s.free_mg,
                    s.honour_points, s.honour_mg, s.next_expiry, s.lots);
  };
  return figures(*this) == figures(other);
}

Points spendable_points(const AccountState& state, Day today) {
  Points sum;
  for (const Lot& lot : state.lots)
    if (!lot.expired(today)) sum += lot.unlocked();
  return sum;
}

Milligrams usable_mg(const AccountState& state, Day today) {
  Milligrams sum;
  for (const Lot& lot : state.lots) {
    sum += lot.free_mg;
    if (!lot.expired(today)) sum += lot.backing_of_next(lot.unlocked());
  }
  return sum;
}

void refresh_totals(AccountState& state) {
  state.points_available = state.points_locked = Points();
  state.backing_mg = state.free_mg = Milligrams();
  state.next_expiry = never;
  for (const Lot& lot : state.lots) {
    state.points_available += lot.unlocked();
    state.points_locked += lot.locks;
    state.backing_mg += lot.backing();
    state.free_mg += lot.free_mg;
    if (lot.unlocked() > Points()) state.next_expiry = std::min(state.next_expiry, lot.expires_on);
  }
}

}  // namespace tanpuhui
