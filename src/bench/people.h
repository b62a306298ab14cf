#pragma once
/// Persons who have been with the programme for two years: 24 monthly lots each, as a person who rides every month has
/// them. Their rows are written as the writer writes them, in the order in which entries would have come; only the
/// answers to their commands are left out.
#include <span>
#include <vector>

#include "bench/ground.h"

namespace tanpuhui {

inline constexpr int months = 24;

/// The i-th person of those that `register_people` knows.
AccountId person_at(std::int64_t index);
/// Opens accounts for the persons [first, until).
void register_people(Database& database, std::int64_t first, std::int64_t until);

/// When the lot of a month was credited, counted from 0, and its last good day.
Day credited_on(int month);
Day expires_on(int month);
/// A day in the last month, after its crediting.
Day history_ends();

class History {
 public:
  /// `orders`: of one point each, after the grants of the months. Registers the batches.
  History(Office& office, int orders);

  std::int64_t entries_each() const { return std::ssize(steps_); }
  /// For accounts of the register that have no entries yet. Gives the number of their first entry.
  std::int64_t load(std::span<const AccountId> persons);
  /// Their legs as rows of posting_lines, in the order of the entries, as the job of closed days writes them.
  void load_lines(std::span<const AccountId> persons, std::int64_t first_entry);

 private:
  struct Step {
    EntryKind kind = EntryKind::post;
    Day on;
    Posting posting;  ///< of the model account
  };
  void take(Step step);
  void register_batches();
  void load_entries(std::span<const AccountId> accounts, std::int64_t first_entry);
  void load_accounts(std::span<const AccountId> accounts, std::int64_t first_entry);

  Office& office_;
  AccountState model_;
  std::vector<Step> steps_;
};

/// `count` persons with such a history, from the first on.
std::vector<AccountId> load_people(Office& office, std::int64_t count, int orders);

}  // namespace tanpuhui
