#pragma once
/// `tanpuhui explain`: the way back from a statement to the records. Basis: design.2
///
///   fmt::print("{}", explain_certificate(database, "S20251101-1f2e3d4c5b6a7980", methodologies, 3));
#include <cstddef>
#include <map>
#include <string>

#include "methodology/methodology.h"
#include "store/database.h"

namespace tanpuhui {

/// Statement, entry, block and place in the log; then each batch with its signatures, its methodology with factors,
/// sources and marks of trust, and at most `records_max` of the holder's own records, the first one worked out.
/// `methodologies` by id and version (`bike-demo/v1`). A Fault when there is no such statement.
std::string explain_certificate(Database& database, std::string_view number_or_entry_id,
                                const std::map<std::string, Methodology>& methodologies, std::size_t records_max);

}  // namespace tanpuhui
