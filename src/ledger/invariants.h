#pragma once
/// The invariants as code that runs in production: `tanpuhui audit`, and tests after every step. Each class takes all
/// entries in order of entry id, then all account rows, and reports what is broken as sentences.
///
///   LedgerAudit audit([&](AccountId id) { return escrows.contains(id); });
///   for (entry) audit.see(entry);  for (row) audit.see(row);
///   for (const Violation& v : audit.finish()) ...
///
/// Basis: requirements L1-L6, L9, L13, L14
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "ledger/account.h"
#include "ledger/entry.h"

namespace tanpuhui {

struct Violation {
  std::string invariant;  ///< e.g. `L3 reductions are conserved`
  std::string what;       ///< names the entry, account or batch and both figures
};

/// Tells accounts without a row (escrow) from persons and organisations. System accounts are known.
using IsEscrow = std::function<bool(AccountId)>;

class Invariant {
 public:
  explicit Invariant(std::string name) : name_(std::move(name)) {}
  virtual ~Invariant() = default;
  virtual void see(const Entry& entry) = 0;
  virtual void see(const AccountState& row) = 0;
  /// After the last row. May be called on a running ledger at a point where entries and rows agree.
  virtual void finish() {}
  const std::vector<Violation>& violations() const { return violations_; }

  /// As `see`, but figures that overflow (only in bytes that somebody changed) become a violation.
  template <class Seen>
  void check(const Seen& seen) {
    try {
      see(seen);
    } catch (const Defect& defect) {
      report(std::string("cannot be summed: ") + defect.what());
    }
  }

 protected:
  void report(std::string what) { violations_.push_back({name_, std::move(what)}); }

 private:
  std::string name_;
  std::vector<Violation> violations_;
};

/// L1: each entry sums to zero a batch, names its basis and actor; act numbers are gap-free a part.
class EntriesBalance : public Invariant {
 public:
  EntriesBalance();
  void see(const Entry& entry) override;
  void see(const AccountState&) override {}

 private:
  std::map<Part, std::int64_t> last_act_no_;
};

/// L3 and L5 for each batch: issued = held in rows + escrow + retired + cancelled + expired + invalidated + reserve,
/// and points issued = held + used + expired + reversed.
class BatchesConserve : public Invariant {
 public:
  explicit BatchesConserve(IsEscrow is_escrow);
  void see(const Entry& entry) override;
  void see(const AccountState& row) override;
  void finish() override;

 private:
  struct Sums {
    int128 issued_mg = 0, away_mg = 0, held_mg = 0;
    int128 issued_points = 0, away_points = 0, held_points = 0;
  };
  IsEscrow is_escrow_;
  std::map<BatchId, Sums> batches_;
};

/// L2, L5, L6 for each row: totals are the sums of its lots, credited = available + locked + used + expired +
/// reversed, lots in order and once each, nothing spent kept, next expiry right.
class RowsAddUp : public Invariant {
 public:
  RowsAddUp();
  void see(const Entry&) override {}
  void see(const AccountState& row) override;
};

/// Each row equals the replay of its entries; each account with entries has a row.
class RowsEqualReplay : public Invariant {
 public:
  explicit RowsEqualReplay(IsEscrow is_escrow);
  void see(const Entry& entry) override;
  void see(const AccountState& row) override;
  void finish() override;

 private:
  void replay(AccountId account, const Entry& entry);
  IsEscrow is_escrow_;
  std::unordered_map<AccountId, AccountState> replayed_;
  std::set<AccountId> broken_;
};

/// L9: uses and clearings honour exactly what they take out of circulation, completions exactly their order, nothing
/// else honours.
class HonoursAddUp : public Invariant {
 public:
  HonoursAddUp();
  void see(const Entry& entry) override;
  void see(const AccountState&) override {}

 private:
  struct Figures {
    Points points;
    Milligrams mg;
    auto operator<=>(const Figures&) const = default;
  };
  void compare(const Entry& entry, Figures wanted, const std::string& why);
  std::unordered_map<EntryId, Figures> orders_;
};

/// L4: what leaves circulation is numbered; ranges of a batch are disjoint and inside what was issued; final accounts
/// never give back.
class SerialsDisjoint : public Invariant {
 public:
  SerialsDisjoint();
  void see(const Entry& entry) override;
  void see(const AccountState&) override {}
  void finish() override;

 private:
  std::map<BatchId, Milligrams> issued_;
  std::map<BatchId, std::map<Milligrams, Milligrams>> ranges_;  ///< from -> to
};

/// L13: a reversal or completion names an earlier order of the same account, an order ends once, and a reversal undoes
/// it exactly.
class OrdersEndOnce : public Invariant {
 public:
  OrdersEndOnce();
  void see(const Entry& entry) override;
  void see(const AccountState&) override {}

 private:
  void end(const Entry& entry, EntryId order, bool reversal);
  EntryId last_;
  std::unordered_map<EntryId, Posting> open_orders_;
  std::set<EntryId> ended_;
};

/// L14: no row, lot or escrow account is below zero, nor is the reserve.
class NothingNegative : public Invariant {
 public:
  explicit NothingNegative(IsEscrow is_escrow);
  void see(const Entry& entry) override;
  void see(const AccountState& row) override;
  void finish() override;

 private:
  IsEscrow is_escrow_;
  std::map<std::pair<AccountId, BatchId>, Milligrams> escrow_mg_;
};

/// All of them.
class LedgerAudit {
 public:
  explicit LedgerAudit(const IsEscrow& is_escrow);
  void see(const Entry& entry);
  void see(const AccountState& row);
  std::vector<Violation> finish();

 private:
  std::vector<std::unique_ptr<Invariant>> invariants_;
};

}  // namespace tanpuhui
