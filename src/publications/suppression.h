#pragma once
/// Figures about a few persons would tell about each of them. This says which are left out, also so that they cannot be
/// worked out from others.
///
/// A group is **few** when it has persons, but fewer than the book's `group_min`. Three rules, in this order:
///
/// 1. A figure is left out when its own group is few.
/// 2. A total is left out when what remains of it is about a few: take off every finer figure that is shown; the rest
///    is made by the persons of the finer figures that are not shown. Finer than a month's issuance are its batches,
///    finer than a year's figure is that of each month (and of each purpose), finer than what events were given is what
///    each was given.
/// 3. A stock (what is held) is a total over time: what it was when last shown, and all that moved since. It is left
///    out while those who made movements that are not shown since then are few; once it is shown they count anew.
///
/// So nothing that is shown, added and subtracted in whatever way, isolates a group that is few; a figure that is left
/// out is always mixed with others of together at least `group_min` persons, or its total is left out too. Figures of
/// organisations alone have no persons and are shown.
/// Basis: requirements section 7
#include <set>
#include <vector>

#include "base/ids.h"

namespace tanpuhui {

/// Persons, remembered one by one only while they are few.
class PersonGroup {
 public:
  explicit PersonGroup(int least = 1) : least_(static_cast<std::size_t>(least)) {}

  void add(AccountId person) {
    if (some_.size() < least_) some_.insert(person);
  }
  void add(const PersonGroup& others) {
    for (const AccountId person : others.some_) add(person);
  }
  bool empty() const { return some_.empty(); }
  bool many() const { return some_.size() >= least_; }
  bool few() const { return !empty() && !many(); }

 private:
  std::size_t least_;
  std::set<AccountId> some_;
};

/// A total and the finer figures of which it is made.
struct FinerFigure {
  PersonGroup persons;
  bool shown = false;
};
bool may_show_total(const PersonGroup& persons, const std::vector<FinerFigure>& finer, int group_min);

/// A stock over time: each period's movements, then whether it may be shown at the end of the period.
class StockMask {
 public:
  explicit StockMask(int group_min) : hidden_(group_min), group_min_(group_min) {}
  void hide(const PersonGroup& movers) { hidden_.add(movers); }
  /// `holders`: whose stock it is.
  bool may_show(const PersonGroup& holders);

 private:
  PersonGroup hidden_;
  int group_min_;
};

}  // namespace tanpuhui
