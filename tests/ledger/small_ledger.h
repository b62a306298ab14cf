#pragma once
/// A ledger in memory, small enough to read: accounts, entries and serial counters, with the house's acts.
#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "ledger/acts.h"
#include "ledger/apply.h"
#include "ledger/invariants.h"
#include "ledger/serials.h"

namespace tanpuhui {

inline Day day(const char* text) { return parse_day(text).value(); }
inline Points points(std::int64_t count) { return Points(count); }
inline Milligrams mg(std::int64_t count) { return Milligrams(count); }

class SmallLedger {
 public:
  static constexpr AccountId escrow{5000}, provider{6000};

  SmallLedger() { state(provider).kind = AccountKind::organisation; }

  AccountState& state(AccountId account) {
    AccountState& found = states_[account];
    found.account = account;
    return found;
  }
  const std::vector<Entry>& entries() const { return entries_; }
  std::vector<Entry>& entries() { return entries_; }
  std::map<AccountId, AccountState>& states() { return states_; }

  const Entry& commit(EntryKind kind, Posting posting, const Entry* order = nullptr) {
    Entry entry;
    entry.entry_id = EntryId{static_cast<std::int64_t>(entries_.size()) + 1};
    entry.act_no = static_cast<std::int64_t>(entries_.size()) + 1;
    entry.kind = kind;
    entry.actor = "person";
    entry.basis = "js24.a37";
    if (kind == EntryKind::refund) entry.reverses = order->entry_id;
    if (kind == EntryKind::complete) entry.completes = order->entry_id;
    number_serials(posting, leaving_circulation(posting),
                   [&](BatchId batch) -> SerialCounter& { return counters_[batch]; });
    entry.posting = std::move(posting);
    for (auto& [account, account_state] : states_)
      if (entry.posting.touches(account)) apply(account_state, entry.posting, entry.entry_id);
    entries_.push_back(std::move(entry));
    return entries_.back();
  }

  void grant(AccountId account, std::int64_t batch, std::int64_t point_count, std::int64_t grams, Day credited_on) {
    SerialCounter& counter = counters_[BatchId{batch}];
    counter.batch = BatchId{batch};
    counter.issued_mg += mg(grams);
    const Grant grant{BatchId{batch}, points(point_count), mg(grams), credited_on, add_years(credited_on, 2)};
    commit(EntryKind::post, post_lot(state(account), grant).value());
  }
  Entry order(AccountId account, std::int64_t count, Day today) {
    const SpendPlan plan = plan_spend(state(account), points(count), SpendOrder::bearing_first, today).value();
    return commit(EntryKind::order, order_points(state(account), plan, escrow));
  }
  void refund(const Entry& order, const RefundTerms& terms) {
    commit(EntryKind::refund, refund_order(state(order.posting.account), order, terms).value(), &order);
  }
  void complete(const Entry& order, Day today) {
    commit(EntryKind::complete, complete_order(order, state(provider), today), &order);
  }
  void donate(AccountId account, std::int64_t grams, Day today) {
    const UsePlan plan = plan_use(state(account), mg(grams), today).value();
    commit(EntryKind::donate, use_reductions(state(account), plan, SystemAccount::retired_event));
  }
  void expire(AccountId account, Day today) {
    Posting posting = expire_points(state(account), today);
    if (!posting.empty()) commit(EntryKind::expire, std::move(posting));
  }

  std::vector<Violation> audit() const {
    LedgerAudit audit([](AccountId account) { return account == escrow; });
    for (const Entry& entry : entries_) audit.see(entry);
    for (const auto& [account, account_state] : states_) audit.see(account_state);
    return audit.finish();
  }
  std::string first_violation() const {
    const auto all = audit();
    return all.empty() ? "" : all.front().invariant + ": " + all.front().what;
  }

 private:
  std::map<AccountId, AccountState> states_;
  std::map<BatchId, SerialCounter> counters_;
  std::vector<Entry> entries_;
};

}  // namespace tanpuhui
