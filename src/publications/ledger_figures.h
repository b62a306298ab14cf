#pragma once
/// What the ledger says month by month: every entry up to one is read once and its legs are summed. Amounts are of the
/// month in which the ledger took them (`recorded_at`), so that a month that is over never changes.
///
///   const LedgerFigures figures = read_ledger_figures(database, {as_of, zone, group_min});
///   figures.flow(october.first, october.last, Flow::issued)
///
/// Time is that of a pass over all entries, memory that of the persons' accounts.
#include <map>
#include <vector>

#include "ledger/entry.h"
#include "publications/suppression.h"
#include "store/database.h"

namespace tanpuhui {

/// What moved, in milligrams or points.
enum class Flow {
  issued,
  points_granted,
  retired_event,
  retired_offset,
  retired_eco,
  cancelled,
  expired,  ///< grams that were cleared with their points
  points_cleared,
  corrected,  ///< grams found wrong after the posting
  traded,     ///< between holders
};

struct FlowFigure {
  explicit FlowFigure(int group_min) : persons(group_min) {}
  std::int64_t sum = 0;
  PersonGroup persons;  ///< whose entries made it
};

struct MonthFigures {
  explicit MonthFigures(int group_min) : holders(group_min), moved_collected(group_min) {}

  std::map<Flow, FlowFigure> flows;
  std::map<BatchId, PersonGroup> issued_to;  ///< persons to whom the batch was posted in this month
  // At the end of the month:
  Milligrams held;       ///< issued and not yet out of circulation, wherever it is
  Milligrams collected;  ///< of it, with benefit providers that wait for their orders' end
  PersonGroup holders;
  PersonGroup moved_collected;  ///< persons whose orders changed what is collected
};

struct BatchFigures {
  explicit BatchFigures(int group_min) : group(group_min) {}
  Milligrams amount;
  std::int64_t persons = 0, entries = 0;
  PersonGroup group;
  Instant last_posted_at;
};

struct LedgerFigures {
  int group_min = 0;
  std::map<Day, MonthFigures> months;  ///< by first day, from the first entry to the last without a gap
  std::map<BatchId, BatchFigures> batches;

  /// Null when nothing happened then and either before or after it.
  const MonthFigures* month(Day first) const;
  /// Those of the months inside.
  std::vector<const MonthFigures*> months_in(Day first, Day last) const;
};

struct LedgerReading {
  EntryId as_of;
  Day last;  ///< what was recorded in months after this day's is left aside
  Zone zone;
  int group_min = 0;
};
LedgerFigures read_ledger_figures(Database& database, const LedgerReading& reading);

}  // namespace tanpuhui
