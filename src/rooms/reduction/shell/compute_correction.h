#pragma once
/// Computing a correction: the months of the records are sealed again without them, and what each account's lines come
/// to then is kept beside what was issued. May be repeated until the case decides it.
///
///   TANPUHUI_TRY(StoredCorrection correction, compute_correction(office, {case_number, scenario, &methodology, ...}));
///   correction.content.taken_back()
///
/// Basis: js24.a22p2, decisions D10
#include "methodology/methodology.h"
#include "rooms/reduction/shell/find_corrections.h"

namespace tanpuhui {

struct CorrectionRequest {
  std::int64_t case_number = 0;
  ScenarioId scenario;
  const Methodology* methodology = nullptr;                                   ///< of the scenario
  std::string responsible;                                                    ///< `person`, or the name of a unit
  std::string list;                                                           ///< of records: see parse_faulty_records
  std::function<void(std::int64_t done, std::int64_t rounds)> progress = {};  ///< may be empty
};

/// Refuses: HLD-01 the case's correction is decided already, another of the programme is decided and not posted yet,
/// nothing would change, or losses are carried between batches of the scenario; DAT-06 a list that cannot be read, is
/// empty, or names a record that does not count; ISS-03 a batch of theirs is not posted yet, or was computed under
/// another methodology.
Result<StoredCorrection> compute_correction(const Office& office, const CorrectionRequest& request);

}  // namespace tanpuhui
