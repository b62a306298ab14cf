#pragma once
/// Tables of frozen figures in the store: recorded once, read by every seal of their period. Basis: decisions D16
#include <string>
#include <vector>

#include "office/office.h"
#include "rooms/activity/frozen_table.h"
#include "store/database.h"

namespace tanpuhui {

/// Journalled with the digest of the table. Recording the same table again changes nothing.
Result<Digest> freeze_table(const Office& office, ScenarioId scenario, std::string_view scenario_name,
                            const FrozenTable& table);

/// What stands, by reference and period.
std::vector<FrozenTable> list_frozen_tables(Database& database, ScenarioId scenario);

/// The means of the acts that stand sealed over the days, both ends included: a draft of a table whose period is the
/// caller's to set. Words of fewer than `peers_min` persons have no row.
Result<FrozenTable> mean_of_peers(Database& database, ScenarioId scenario, const Methodology& methodology,
                                  const std::string& reference, Day from, Day until);

}  // namespace tanpuhui
