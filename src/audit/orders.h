#pragma once
/// Rows of the mall against the entries: each order its row and its end, each settlement its provider, and in escrow
/// exactly the grams of the orders that are confirmed, or completed and not settled yet. Basis: decisions D5, D29
#include <map>
#include <set>

#include "audit/entry_check.h"
#include "base/quantity.h"
#include "store/database.h"

namespace tanpuhui {

class OrdersAgree : public EntryCheck {
 public:
  OrdersAgree(Database& database, Findings& findings);
  void see(const Entry& entry) override;
  void finish() override;

  bool is_escrow(AccountId account) const { return escrows_.contains(account); }

 private:
  struct Provider {
    AccountId account, escrow;
  };
  using Settled = std::pair<EntryId, AccountId>;  ///< by this entry, to this provider

  void load_providers();
  void advance() { more_ = rows_.step(); }
  void see_order(const Entry& order);
  void see_end(const Entry& entry, EntryId order, std::string_view state);
  void expect_escrow(const Entry& order);
  void check_escrow();
  void check_ends();
  void check_settlements();
  void check_stock();

  Database& database_;
  Statement rows_;  ///< orders by id, read along with the entries
  Statement end_of_;
  bool more_ = false;
  std::map<std::int64_t, Provider> providers_;  ///< by offer
  std::set<AccountId> escrows_;
  std::map<std::pair<AccountId, BatchId>, std::pair<Milligrams, Milligrams>> escrow_;  ///< held, expected
  std::set<Settled> settled_rows_, settle_entries_;
  std::int64_t ended_ = 0;  ///< rows that agree with the entry that ended them
};

}  // namespace tanpuhui
