#pragma once
/// Projections for readers who want SQL: `posting_lines`, a row a leg, and `lot_lines`, a row a lot that is left, of
/// all entries of closed days. Both come from the entries alone and move together, so the lots are at every moment the
/// sums of the postings. Never on the hot path. docs/STORAGE.md describes the columns.
///
///   project_lines(writer, {today, book.zone}, {});
///
/// Basis: design.7
#include "jobs/fold_entries.h"

namespace tanpuhui {

inline constexpr std::string_view lines_job = "lines";

/// Days before `today` are closed; an entry belongs to the day on which it was recorded. Entries behind the first one
/// that was recorded today wait with it.
struct ClosedDays {
  Day today;
  Zone zone;
};

FoldReport project_lines(Database& writer, const ClosedDays& days, const FoldOptions& options);

}  // namespace tanpuhui
