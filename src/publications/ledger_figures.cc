#include "publications/ledger_figures.h"

#include <algorithm>
#include <set>
#include <unordered_map>
#include <unordered_set>

#include "publications/period.h"
#include "rooms/mall/shell/find_offers.h"
#include "store/entry_row.h"

namespace tanpuhui {
namespace {

std::unordered_set<AccountId> read_persons(Database& database) {
  std::unordered_set<AccountId> persons;
  auto rows = database.scan("SELECT account_id FROM accounts_register WHERE kind = ?");
  rows.bind(static_cast<int>(AccountKind::person));
  while (rows.step()) persons.insert(AccountId{rows.integer(0)});
  return persons;
}

std::unordered_set<AccountId> read_escrow(Database& database) {
  const std::vector<AccountId> accounts = escrow_accounts(database);
  return {accounts.begin(), accounts.end()};
}

class Reading {
 public:
  Reading(Database& database, const LedgerReading& reading)
      : database_(database), reading_(reading), persons_(read_persons(database)), escrow_(read_escrow(database)) {
    figures_.group_min = reading.group_min;
  }

  LedgerFigures run() {
    auto rows = database_.scan("SELECT entry_id, body FROM entries WHERE entry_id <= ? ORDER BY entry_id");
    rows.bind(reading_.as_of.value);
    while (rows.step()) see(read_entry(database_, EntryId{rows.integer(0)}, rows.blob(1)));
    if (!figures_.months.empty()) fill_gaps();
    return std::move(figures_);
  }

 private:
  // Months are cut by what is recorded; stocks are summed afterwards, since the clocks of two writers may differ.
  struct Movement {
    Milligrams held, collected;
    std::unordered_map<AccountId, Milligrams> of_persons;
  };

  void see(const Entry& entry) {
    const Day month = period_of("month", day_at(entry.recorded_at, reading_.zone))->first;
    if (month > reading_.last) return;
    MonthFigures& figures = figures_.months.try_emplace(month, reading_.group_min).first->second;
    Movement& movement = movements_[month];
    for (const Leg& leg : entry.posting.legs) see(entry, leg, figures, movement);
    if (entry.kind == EntryKind::post) see_batch(entry);
  }

  void see(const Entry& entry, const Leg& leg, MonthFigures& figures, Movement& movement) {
    const Milligrams mg = leg.d_backing_mg + leg.d_free_mg;
    const AccountId account = leg.account;
    const auto is = [&](SystemAccount system) { return account == system_account(system); };
    if (is(SystemAccount::issued)) {
      add(entry, figures, Flow::issued, -mg.count());
      add(entry, figures, Flow::points_granted, -leg.d_points.count());
      if (is_person(entry.posting.account)) group_of(figures.issued_to, leg.batch).add(entry.posting.account);
    }
    if (is(SystemAccount::retired_event)) add(entry, figures, Flow::retired_event, mg.count());
    if (is(SystemAccount::retired_offset)) add(entry, figures, Flow::retired_offset, mg.count());
    if (is(SystemAccount::retired_eco)) add(entry, figures, Flow::retired_eco, mg.count());
    if (is(SystemAccount::cancelled)) add(entry, figures, Flow::cancelled, mg.count());
    if (is(SystemAccount::expired)) add(entry, figures, Flow::expired, mg.count());
    if (is(SystemAccount::points_expired)) add(entry, figures, Flow::points_cleared, leg.d_points.count());
    if (is(SystemAccount::invalidated)) add(entry, figures, Flow::corrected, mg.count());
    if (entry.kind == EntryKind::transfer && mg > Milligrams()) add(entry, figures, Flow::traded, mg.count());
    if (!is(SystemAccount::issued) && !is_final(account)) movement.held += mg;
    if (is_person(account)) movement.of_persons[account] += mg;
    if (!escrow_.contains(account) || mg == Milligrams()) return;
    movement.collected += mg;
    if (is_person(entry.posting.account)) figures.moved_collected.add(entry.posting.account);
  }

  void add(const Entry& entry, MonthFigures& figures, Flow flow, std::int64_t amount) {
    if (amount == 0) return;
    FlowFigure& figure = figures.flows.try_emplace(flow, reading_.group_min).first->second;
    figure.sum = (Milligrams(figure.sum) + Milligrams(amount)).count();
    if (is_person(entry.posting.account)) figure.persons.add(entry.posting.account);
  }

  void see_batch(const Entry& entry) {
    std::set<BatchId> seen;
    for (const Leg& leg : entry.posting.legs) {
      if (leg.account != system_account(SystemAccount::issued)) continue;
      BatchFigures& batch = figures_.batches.try_emplace(leg.batch, reading_.group_min).first->second;
      batch.amount += -(leg.d_backing_mg + leg.d_free_mg);
      if (!seen.insert(leg.batch).second) continue;
      ++batch.entries;
      batch.last_posted_at = std::max(batch.last_posted_at, entry.recorded_at);
      if (!is_person(entry.posting.account)) continue;
      ++batch.persons;  // a batch is posted to a person once
      batch.group.add(entry.posting.account);
    }
  }

  void fill_gaps() {
    Milligrams held, collected;
    std::unordered_map<AccountId, Milligrams> of_persons;
    const Day last = figures_.months.rbegin()->first;
    for (Day first = figures_.months.begin()->first; first <= last;) {
      MonthFigures& month = figures_.months.try_emplace(first, reading_.group_min).first->second;
      const Movement& movement = movements_[first];
      month.held = held += movement.held;
      month.collected = collected += movement.collected;
      for (const auto& [account, mg] : movement.of_persons) of_persons[account] += mg;
      for (auto holder = of_persons.begin(); holder != of_persons.end() && !month.holders.many(); ++holder)
        if (holder->second != Milligrams()) month.holders.add(holder->first);
      first = period_of("month", first)->last + 1;
    }
  }

  PersonGroup& group_of(std::map<BatchId, PersonGroup>& groups, BatchId batch) const {
    return groups.try_emplace(batch, reading_.group_min).first->second;
  }
  bool is_person(AccountId account) const { return persons_.contains(account); }

  Database& database_;
  const LedgerReading reading_;
  const std::unordered_set<AccountId> persons_, escrow_;
  std::map<Day, Movement> movements_;
  LedgerFigures figures_;
};

}  // namespace

const MonthFigures* LedgerFigures::month(Day first) const {
  const auto found = months.find(first);
  return found == months.end() ? nullptr : &found->second;
}

std::vector<const MonthFigures*> LedgerFigures::months_in(Day first, Day last) const {
  std::vector<const MonthFigures*> inside;
  for (const auto& [day, month] : months)
    if (first <= day && day <= last) inside.push_back(&month);
  return inside;
}

LedgerFigures read_ledger_figures(Database& database, const LedgerReading& reading) {
  return Reading(database, reading).run();
}

}  // namespace tanpuhui
