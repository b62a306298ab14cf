#pragma once
/// What a correction adds is issued by a batch of its own, with a crediting day of its own, signed and posted like any
/// other. Its lines are the gains; each counts as one record. Basis: decisions D10
#include "rooms/reduction/batch.h"
#include "rooms/reduction/shell/find_corrections.h"

namespace tanpuhui {

/// The gains of a correction, by account; empty: it adds nothing.
std::vector<BatchLine> gains_of(const CorrectionContent& content);

/// Inside a transaction. `computed`, as any batch before it is signed; its acts are named by the correction's digest.
BatchId open_supplement(const Office& office, const StoredCorrection& correction);
std::optional<BatchId> find_supplement(Database& database, std::int64_t case_number);
/// The case whose correction the batch issues more for; none: it is not of the kind.
std::optional<std::int64_t> corrected_by(Database& database, BatchId batch);

}  // namespace tanpuhui
