#pragma once
/// The reserve: reductions that make good for what a correction cannot take back. Organisations give to it, and the
/// points of who owes some are set off into it; it compensates providers that lost reductions without fault, and
/// cancels as much as left circulation wrongly. What it cannot cover stays due and is published.
/// Basis: js24.a22p2, AMB-08, AMB-09, decisions D3, D10
#include "office/office.h"

namespace tanpuhui {

/// What the reserve holds now.
Milligrams reserve_mg(Database& database);

/// An organisation gives reductions to the reserve, of those it holds without points. Refuses: TRD-01 for a person;
/// USE-02 when it has not enough, or what it has is held for a notice; ACC-01.
Result<EntryId> give_to_reserve(const Office& office, AccountId giver, Milligrams mg, CommandId id);

/// What a correction's reserve owed and what it has covered.
struct Due {
  std::int64_t case_number = 0;
  AccountId provider;  ///< 0: for what left circulation
  Milligrams due, covered;
  Milligrams open() const { return due - covered; }
};
/// All of them, in the order in which the corrections were decided.
std::vector<Due> list_dues(Database& database);

struct Covered {
  std::int64_t dues = 0;  ///< that were covered wholly or in part
  Milligrams mg;
  Milligrams still_open;
};
/// Covers what is due as far as the reserve reaches, the oldest correction first, providers before what left
/// circulation. Running it again does nothing until the reserve has more.
Result<Covered> cover_dues(const Office& office);

struct SetOff {
  std::int64_t accounts = 0;
  Points points;
  Milligrams mg;  ///< to the reserve
};
/// Sets points that were credited since against what their owners owe.
Result<SetOff> set_off_debts(const Office& office);
/// Accounts that owe points.
std::int64_t count_debtors(Database& database);

}  // namespace tanpuhui
