#pragma once
/// Corrections: what an account got of a batch for records that do not count is taken back as far as it is still there;
/// the rest is owed or made good. Nothing posted is edited: each act is an entry of its own.
///
///   const Taken taken = taken_of(account, batch, entries);               // what became of the batch on this account
///   if (!taken.open_order)
///     CorrectedLot corrected = correct_lot(state, {batch, points(10), points(6), mg(1000), mg(650)}, taken);
///
/// Taken first from the person, then from providers (`invalidate_acquired`), then made good from the reserve
/// (`cover_from_reserve`, `compensate`). Serials that were fixed stay. Basis: js24.a22p2, AMB-08, AMB-09, AMB-38,
/// decisions D3, D10
#include <map>
#include <span>
#include <vector>

#include "ledger/acts.h"

namespace tanpuhui {

/// What an account has done with a batch, by its entries.
struct Taken {
  Points used;              ///< in completed orders, uses and clearings: they count as honours
  Milligrams used_mg;       ///< with them
  Points set_off;           ///< taken for a debt
  Milligrams set_off_mg;    ///< with them
  bool open_order = false;  ///< one that may still be refunded took from the batch
  /// Completed orders, the last one first: what they put in escrow.
  struct Escrowed {
    AccountId escrow;
    Milligrams mg;
  };
  std::vector<Escrowed> escrowed;

  Points gone() const { return used + set_off; }
  Milligrams gone_mg() const { return used_mg + set_off_mg; }
};
/// `entries` are all entries of the account, in any order.
Taken taken_of(AccountId account, BatchId batch, std::span<const Entry> entries);

/// What the account was granted of a batch, and what it should have been; after is never above before.
struct GrantChange {
  BatchId batch;
  Points points_before, points_after;
  Milligrams mg_before, mg_after;
};

struct CorrectedLot {
  Posting posting;        ///< may be empty: nothing was left and nothing was honoured
  Points reversed;        ///< taken back
  Milligrams taken_back;  ///< likewise, now invalid
  Points overdrawn;       ///< spent though they should not have been there
  Milligrams missing;     ///< gone though they should not have been there: to be found elsewhere
};
/// What is left of the batch comes to stand in one lot, with the latest of its last days; honours lose what was
/// overdrawn. The batch has no locks on this account and no open order. `state` is that of the account after all of the
/// entries that `taken` was made from.
CorrectedLot correct_lot(const AccountState& state, const GrantChange& change, const Taken& taken);
/// Points of the batch that are pledged or in a case: a correction waits for them.
bool has_locks(const AccountState& state, BatchId batch);

/// Grams of these batches that the account acquired become invalid, each at most what it holds of them.
Posting invalidate_acquired(const AccountState& holder, std::span<const BatchAmount> amounts);
/// What the account holds of the batch as acquired.
Milligrams acquired_of(const AccountState& holder, BatchId batch);

/// An organisation's reductions go to the reserve. `plan` was made on this very state.
Posting give_to_reserve(const AccountState& state, const UsePlan& plan);
/// Reductions of the reserve go to a holder who lost some without fault.
Posting compensate(const AccountState& holder, std::span<const BatchAmount> amounts, Day today);
/// Reductions of the reserve are cancelled for others that left circulation wrongly: those stay as they are.
Posting cover_from_reserve(std::span<const BatchAmount> amounts);

/// At most `owed` points that were credited on or after `since` are set off against a debt; what backs them goes to the
/// reserve. An empty posting when there are none.
Posting set_off_points(const AccountState& state, Points owed, Day since);

}  // namespace tanpuhui
