#include "audit/netting.h"

#include <fmt/format.h>

#include "jobs/net_balances.h"

namespace tanpuhui {

NettedBalancesAgree::NettedBalancesAgree(Database& database, Findings& findings)
    : EntryCheck("L3 netted balances are the sums of their legs", findings),
      database_(database),
      head_(job_head(database, net_job)) {
  rowless_.load(database);
}

void NettedBalancesAgree::see(const Entry& entry) {
  if (entry.entry_id > head_) return;
  for (const Leg& leg : entry.posting.legs) {
    if (!rowless_.contains(leg.account)) continue;
    Sum& sum = legs_[{leg.account, leg.batch}];
    sum.points += leg.d_points;
    sum.mg += leg.d_backing_mg + leg.d_free_mg;
  }
}

void NettedBalancesAgree::finish() {
  auto rows = database_.scan("SELECT account_id, batch_id, points, mg FROM netted_balances");
  while (rows.step()) {
    const std::pair key(AccountId{rows.integer(0)}, BatchId{rows.integer(1)});
    const Sum netted{Points(rows.integer(2)), Milligrams(rows.integer(3))};
    const auto found = legs_.extract(key);
    const Sum sum = found.empty() ? Sum{} : found.mapped();
    if (found.empty() || sum != netted)
      report(fmt::format("account {}, batch {}: netted {} points and {} mg, its legs up to entry {} give {} and {}",
                         key.first.value, key.second.value, netted.points.count(), netted.mg.count(), head_.value,
                         sum.points.count(), sum.mg.count()));
  }
  for (const auto& [key, sum] : legs_)
    report(fmt::format("account {}, batch {}: is not netted, its legs up to entry {} give {} points and {} mg",
                       key.first.value, key.second.value, head_.value, sum.points.count(), sum.mg.count()));
}

}  // namespace tanpuhui
