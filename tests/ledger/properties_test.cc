#include <random>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "small_ledger.h"

namespace tanpuhui {
namespace {

constexpr AccountId ann{1001};
const Day spring = day("2025-03-01"), summer = day("2025-06-01");

SmallLedger ledger_of(const std::vector<std::pair<std::uint16_t, std::uint16_t>>& grants) {
  SmallLedger ledger;
  std::int64_t batch = 0;
  for (const auto& [count, grams] : grants) {
    ++batch;
    if (count % 50 + grams > 0) ledger.grant(ann, batch, count % 50, grams, spring + static_cast<int>(batch % 3));
  }
  return ledger;
}

RC_GTEST_PROP(spending, leaves_the_same_lots_however_it_is_split,
              (const std::vector<std::pair<std::uint16_t, std::uint16_t>>& grants,
               const std::vector<std::uint8_t>& cuts)) {
  SmallLedger whole = ledger_of(grants), split = ledger_of(grants);
  std::int64_t sum = 0;
  for (const std::uint8_t cut : cuts) {
    const std::int64_t count = 1 + cut % 20;
    if (points(sum + count) > spendable_points(whole.state(ann), summer)) break;
    split.order(ann, count, summer);
    sum += count;
  }
  RC_PRE(sum > 0);
  whole.order(ann, sum, summer);
  RC_ASSERT(whole.state(ann).lots == split.state(ann).lots);
}

RC_GTEST_PROP(spending, uses_no_plain_point_while_a_bearing_one_remains,
              (const std::vector<std::pair<std::uint16_t, std::uint16_t>>& grants, std::uint16_t wanted)) {
  SmallLedger ledger = ledger_of(grants);
  const auto plan = plan_spend(ledger.state(ann), points(1 + wanted % 300), SpendOrder::bearing_first, summer);
  RC_PRE(plan.has_value());
  Points bearing;
  for (const Lot& lot : ledger.state(ann).lots)
    if (lot.bearing()) bearing += lot.points_left;
  RC_ASSERT(plan->plain_points == points(0) || plan->bearing_points == bearing);
  RC_ASSERT(plan->points() == points(1 + wanted % 300));
}

RC_GTEST_PROP(donating, takes_enough_and_not_one_point_too_many,
              (const std::vector<std::pair<std::uint16_t, std::uint16_t>>& grants, std::uint32_t wanted)) {
  SmallLedger ledger = ledger_of(grants);
  const AccountState& state = ledger.state(ann);
  RC_PRE(usable_mg(state, summer) > mg(0));
  const Milligrams asked = mg(1 + wanted % usable_mg(state, summer).count());
  const UsePlan plan = plan_use(state, asked, summer).value();
  RC_ASSERT(plan.total_mg() >= asked);
  if (plan.points == points(0)) {
    RC_ASSERT(plan.total_mg() == asked);
    return;
  }
  const PlanLine& last = plan.lines.back();
  for (const Lot& lot : state.lots)
    if (lot.tranche == last.tranche)
      RC_ASSERT(plan.total_mg() - last.backing_mg + lot.backing_of_next(last.points - points(1)) < asked);
}

RC_GTEST_PROP(refunding, restores_every_figure,
              (const std::vector<std::pair<std::uint16_t, std::uint16_t>>& grants, std::uint16_t wanted)) {
  SmallLedger ledger = ledger_of(grants);
  RC_PRE(spendable_points(ledger.state(ann), summer) > points(0));
  const AccountState before = ledger.state(ann);
  const std::int64_t count = 1 + wanted % before.points_available.count();
  ledger.refund(ledger.order(ann, count, summer), {.today = summer});
  const AccountState& after = ledger.state(ann);
  RC_ASSERT(after.points_available == before.points_available);
  RC_ASSERT(after.backing_mg == before.backing_mg);
  RC_ASSERT(after.free_mg == before.free_mg);
  RC_ASSERT(after.next_expiry == before.next_expiry);
  RC_ASSERT(ledger.first_violation() == "");
}

/// The same ledger, told without lots' arithmetic: each point is a thing of its own that knows the grams it carries.
struct NaiveLot {
  Day credited_on, expires_on;
  std::int64_t batch = 0, tranche = 0;
  bool bearing = false, grace_used = false;
  std::vector<std::int64_t> carried;  ///< of each point, the next to leave last
  std::int64_t free_mg = 0;
};
struct NaiveOrder {
  std::vector<NaiveLot> taken;
};

std::int64_t ceiling(std::int64_t a, std::int64_t b) { return (a + b - 1) / b; }

class NaiveAccount {
 public:
  void grant(std::int64_t batch, std::int64_t count, std::int64_t grams, Day credited_on, Day expires_on, bool graced) {
    NaiveLot lot{credited_on, expires_on, batch, opened_++, count > 0 && grams > 0, graced, {}, 0};
    for (std::int64_t i = 1; i <= count; ++i)
      lot.carried.push_back(ceiling(grams * i, count) - ceiling(grams * (i - 1), count));
    if (count == 0) lot.free_mg = grams;
    lots_.push_back(lot);
    std::sort(lots_.begin(), lots_.end(), [](const NaiveLot& a, const NaiveLot& b) {
      return std::tie(a.credited_on, a.batch, a.tranche) < std::tie(b.credited_on, b.batch, b.tranche);
    });
  }
  /// One point after the other.
  NaiveOrder order(std::int64_t count, Day today) {
    NaiveOrder result;
    for (; count > 0; --count) take_point(next_to_spend(today), result);
    return result;
  }
  void refund(const NaiveOrder& order, Day today) {
    for (const NaiveLot& taken : order.taken) {
      const Day graced = today + 7;
      const bool grace = !taken.grace_used && taken.expires_on < graced;
      std::int64_t grams = 0;
      for (const std::int64_t carried : taken.carried) grams += carried;
      grant(taken.batch, static_cast<std::int64_t>(taken.carried.size()), grams, taken.credited_on,
            grace ? graced : taken.expires_on, grace || taken.grace_used);
    }
  }
  void use(std::int64_t grams, Day today) {
    for (NaiveLot& lot : lots_) {
      const std::int64_t taken = std::min(grams, lot.free_mg);
      lot.free_mg -= taken;
      grams -= taken;
    }
    for (NaiveLot& lot : lots_)
      while (grams > 0 && lot.bearing && !(lot.expires_on < today) && !lot.carried.empty()) {
        grams -= lot.carried.back();
        lot.carried.pop_back();
      }
  }
  void expire(Day today) {
    for (NaiveLot& lot : lots_)
      if (lot.expires_on < today) lot.carried.clear();
  }
  std::int64_t spendable(Day today) const {
    std::int64_t sum = 0;
    for (const NaiveLot& lot : lots_)
      if (!(lot.expires_on < today)) sum += static_cast<std::int64_t>(lot.carried.size());
    return sum;
  }
  bool same_as(const AccountState& state) const {
    std::vector<NaiveLot> mine;
    for (const NaiveLot& lot : lots_)
      if (!lot.carried.empty() || lot.free_mg > 0) mine.push_back(lot);
    return mine.size() == state.lots.size() &&
           std::equal(mine.begin(), mine.end(), state.lots.begin(), [](const NaiveLot& a, const Lot& b) {
             std::int64_t grams = 0;
             for (const std::int64_t carried : a.carried) grams += carried;
             return BatchId{a.batch} == b.batch && a.tranche == b.tranche && a.expires_on == b.expires_on &&
                    points(static_cast<std::int64_t>(a.carried.size())) == b.points_left && mg(grams) == b.backing() &&
                    mg(a.free_mg) == b.free_mg && a.grace_used == b.grace_used;
           });
  }

 private:
  NaiveLot& next_to_spend(Day today) {
    for (const bool bearing : {true, false})
      for (NaiveLot& lot : lots_)
        if (lot.bearing == bearing && !(lot.expires_on < today) && !lot.carried.empty()) return lot;
    throw Defect("the model has no point left");
  }
  static void take_point(NaiveLot& lot, NaiveOrder& result) {
    if (result.taken.empty() || result.taken.back().tranche != lot.tranche) {
      result.taken.push_back(lot);
      result.taken.back().carried.clear();
    }
    result.taken.back().carried.push_back(lot.carried.back());
    lot.carried.pop_back();
  }
  std::vector<NaiveLot> lots_;
  std::int64_t opened_ = 0;
};

/// Random acts on a few accounts, in step with the naive model. Time moves on, so that points expire.
class Storm {
 public:
  explicit Storm(std::uint64_t seed) : random_(seed) {}

  void step() {
    if (pick(4) == 0) today_ = today_ + static_cast<int>(pick(6));
    const AccountId account{1001 + static_cast<std::int64_t>(pick(people))};
    AccountState& state = ledger_.state(account);
    NaiveAccount& naive = naive_[account];
    switch (pick(8)) {
      case 0:
      case 1:
        return grant(account, naive);
      case 2:
      case 3:
        return order(account, state, naive);
      case 4:
        return end_order();
      case 5:
        return use(account, state, naive);
      case 6:
        return provider_use();
      default:
        ledger_.expire(account, today_);
        naive.expire(today_);
    }
  }
  void check() {
    for (auto& [account, naive] : naive_) ASSERT_TRUE(naive.same_as(ledger_.state(account))) << account.value;
    RowsAddUp rows;
    for (const auto& [account, state] : ledger_.states()) rows.see(state);
    ASSERT_TRUE(rows.violations().empty()) << rows.violations().front().what;
    for (; checked_ < ledger_.entries().size(); ++checked_)
      ASSERT_EQ(imbalance_of(ledger_.entries()[checked_].posting), "");
  }
  SmallLedger& ledger() { return ledger_; }

 private:
  static constexpr std::uint64_t people = 6;
  std::uint64_t pick(std::uint64_t below) { return random_() % below; }

  void grant(AccountId account, NaiveAccount& naive) {
    const auto batch = static_cast<std::int64_t>(1 + pick(40));
    const auto count = static_cast<std::int64_t>(pick(12));
    const auto grams = static_cast<std::int64_t>(pick(3) == 0 ? 0 : pick(1000));
    if (count + grams == 0) return;
    ledger_.grant(account, batch, count, grams, today_);
    naive.grant(batch, count, grams, today_, count > 0 ? add_years(today_, 2) : never, false);
  }
  void order(AccountId account, const AccountState& state, NaiveAccount& naive) {
    ASSERT_EQ(points(naive.spendable(today_)), spendable_points(state, today_));
    const auto count = static_cast<std::int64_t>(1 + pick(25));
    if (naive.spendable(today_) < count) {
      EXPECT_FALSE(plan_spend(state, points(count), SpendOrder::bearing_first, today_));
      return;
    }
    const Entry entry = ledger_.order(account, count, today_);
    orders_.emplace_back(entry, naive.order(count, today_));
  }
  void end_order() {
    if (orders_.empty()) return;
    const auto at = orders_.begin() + static_cast<std::ptrdiff_t>(pick(orders_.size()));
    const auto [entry, naive_order] = *at;
    orders_.erase(at);
    if (pick(2) == 0) return ledger_.complete(entry, today_);
    ledger_.refund(entry, {.today = today_});
    naive_[entry.posting.account].refund(naive_order, today_);
  }
  void use(AccountId account, const AccountState& state, NaiveAccount& naive) {
    const Milligrams usable = usable_mg(state, today_);
    if (usable == mg(0)) return;
    const auto grams = static_cast<std::int64_t>(1 + pick(static_cast<std::uint64_t>(usable.count())));
    ledger_.donate(account, grams, today_);
    naive.use(grams, today_);
  }
  void provider_use() {
    const Milligrams usable = usable_mg(ledger_.state(SmallLedger::provider), today_);
    if (usable == mg(0)) return;
    ledger_.donate(SmallLedger::provider,
                   static_cast<std::int64_t>(1 + pick(static_cast<std::uint64_t>(usable.count()))), today_);
  }

  std::mt19937_64 random_;
  Day today_ = spring;
  SmallLedger ledger_;
  std::map<AccountId, NaiveAccount> naive_;
  std::vector<std::pair<Entry, NaiveOrder>> orders_;
  std::size_t checked_ = 0;
};

TEST(random_acts, stay_in_step_with_a_naive_model_and_keep_every_invariant) {
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    Storm storm(seed);
    for (int i = 0; i < 2000; ++i) {
      storm.step();
      storm.check();
      ASSERT_FALSE(testing::Test::HasFatalFailure()) << "seed " << seed << " step " << i;
    }
    ASSERT_EQ(storm.ledger().first_violation(), "") << "seed " << seed;
  }
}

TEST(random_acts, audited_in_full_after_every_step_keep_every_invariant) {
  Storm storm(4711);
  for (int i = 0; i < 400; ++i) {
    storm.step();
    ASSERT_EQ(storm.ledger().first_violation(), "") << "step " << i;
  }
}

TEST(replay, of_stored_bytes_gives_the_same_account) {
  Storm storm(7);
  for (int i = 0; i < 1500; ++i) storm.step();
  std::vector<Entry> read;
  for (const Entry& entry : storm.ledger().entries()) read.push_back(decode_entry(encode_entry(entry)).value());
  for (const auto& [account, state] : storm.ledger().states())
    EXPECT_TRUE(rebuild(account, read).value().same_as(state)) << account.value;
}

}  // namespace
}  // namespace tanpuhui
