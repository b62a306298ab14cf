#pragma once
/// `tanpuhui evidence delete`: records as they arrived are deleted once nothing needs them any more; sealed acts, with
/// the formula's inputs and the hashes of the records' ids, outlive them. Basis: decisions D11
///
///   TANPUHUI_TRY(EvidenceReport report, delete_evidence(office, {scenario, "city-bike", before}));
///
/// A day's evidence goes when all of its rounds are closed by posted batches and every record that arrived for it was
/// looked at by one of them. What a file on its way has brought stays. A file that was delivered is known by its
/// digest for ever, and a record that comes again later is met by what was posted.
#include <cstdint>
#include <string>

#include "office/office.h"

namespace tanpuhui {

struct EvidenceRequest {
  ScenarioId scenario;
  std::string scenario_name;
  Day before;  ///< the first day that is kept
};

struct EvidenceReport {
  std::int64_t days = 0, runs = 0, records = 0, bytes = 0;  ///< deleted
  std::int64_t days_kept = 0;                               ///< before that day, but still needed
};

/// Refuses HLD-01 while an investigation holds the scenario's evidence, by its case or by its developer.
/// Some days at a time, each time with one entry in the journal that says how much went. Again, it finds nothing.
Result<EvidenceReport> delete_evidence(const Office& office, const EvidenceRequest& request);

}  // namespace tanpuhui
