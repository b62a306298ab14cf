#include "ledger/grant.h"

namespace tanpuhui {
namespace {

Points points_of_acts(std::int64_t acts, Points each) {
  std::int64_t points = 0;
  TANPUHUI_REQUIRE(!__builtin_mul_overflow(acts, each.count(), &points), "points of acts fit in 64 bits");
  return Points(points);
}

}  // namespace

Grant grant_of(const GrantRequest& request, const GrantRule& rule) {
  Grant grant;
  grant.batch = request.batch;
  grant.mg = request.reduction;
  grant.credited_on = request.credited_on;
  grant.points = points_of_acts(request.plain_acts, rule.points_per_act);
  if (rule.mg_per_point > Milligrams()) grant.points += Points(request.reduction.count() / rule.mg_per_point.count());
  if (grant.points > Points()) grant.expires_on = add_years(request.credited_on, rule.years_valid);
  return grant;
}

Result<Posting> decide_grant(const GrantRequest& request, const AccountState& account, const GrantRule& rule) {
  return post_lot(account, grant_of(request, rule));
}

}  // namespace tanpuhui
