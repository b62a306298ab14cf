#include "ledger/grant.h"

namespace tanpuhui {

Grant grant_of(const GrantRequest& request, const GrantRule& rule) {
  Grant grant;
  grant.batch = request.batch;
  grant.mg = request.reduction;
  grant.credited_on = request.credited_on;
  if (rule.mg_per_point > Milligrams()) grant.points = Points(request.reduction.count() / rule.mg_per_point.count());
  if (grant.points > Points()) grant.expires_on = add_years(request.credited_on, rule.years_valid);
  return grant;
}

Result<Posting> decide_grant(const GrantRequest& request, const AccountState& account, const GrantRule& rule) {
  return post_lot(account, grant_of(request, rule));
}

}  // namespace tanpuhui
