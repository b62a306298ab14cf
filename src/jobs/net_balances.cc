#include "jobs/net_balances.h"

#include <map>

#include "jobs/rowless_accounts.h"

namespace tanpuhui {
namespace {

class NetLegs : public Fold {
 public:
  void begin(Database& database) override {
    sums_.clear();
    rowless_.load(database);
  }

  bool take(const Entry& entry) override {
    for (const Leg& leg : entry.posting.legs) {
      if (!rowless_.contains(leg.account)) continue;
      Sum& sum = sums_[{leg.account, leg.batch}];
      sum.points += leg.d_points;
      sum.mg += leg.d_backing_mg + leg.d_free_mg;
    }
    return true;
  }

  void save(Database& writer) override {
    auto upsert = writer.statement(
        "INSERT INTO netted_balances(account_id, batch_id, points, mg) VALUES (?, ?, ?, ?) ON CONFLICT (account_id, "
        "batch_id) DO UPDATE SET points = netted_balances.points + excluded.points, mg = netted_balances.mg + "
        "excluded.mg");
    for (const auto& [key, sum] : sums_)
      upsert.bind(key.first.value).bind(key.second.value).bind(sum.points.count()).bind(sum.mg.count()).add();
    upsert.queue();
  }

 private:
  struct Sum {
    Points points;
    Milligrams mg;
  };
  RowlessAccounts rowless_;
  std::map<std::pair<AccountId, BatchId>, Sum> sums_;
};

}  // namespace

FoldReport net_balances(Database& writer, const FoldOptions& options) {
  NetLegs legs;
  return fold_entries(writer, net_job, legs, options);
}

std::vector<NettedBalance> list_netted(Database& database) {
  std::vector<NettedBalance> balances;
  auto rows = database.statement(
      "SELECT account_id, CAST(sum(points) AS BIGINT), CAST(sum(mg) AS BIGINT) FROM netted_balances GROUP BY "
      "account_id ORDER BY account_id");
  while (rows.step())
    balances.push_back({AccountId{rows.integer(0)}, Points(rows.integer(1)), Milligrams(rows.integer(2))});
  return balances;
}

}  // namespace tanpuhui
