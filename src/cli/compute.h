#pragma once
/// A methodology over a file of records, without a programme: what intake and seal would make of it, were it the whole
/// truth. Everything is held in memory; for a draft, a partner's sample, a check of totals.
#include <map>
#include <string>
#include <vector>

#include "methodology/methodology.h"
#include "rooms/activity/frozen_table.h"
#include "rooms/activity/seal.h"

namespace tanpuhui {

/// One record that could be read. Of one that failed a check of the methodology the references are not known.
struct ComputedRecord {
  std::int64_t line = 0;
  std::string record_id;
  Day day;
  Outcome outcome = Outcome::accepted;
  std::vector<std::int64_t> inputs;  ///< as the formula reads them
  std::int64_t reduction_mg = 0;
};

struct ComputedFile {
  std::int64_t lines = 0;
  std::map<std::string, std::int64_t> counts;  ///< by outcome, of intake and seal; what was received is what was sealed
  std::vector<ComputedRecord> records;  ///< by day; then those that failed a check, the others by person and start
  std::int64_t reduction_mg = 0;
};

/// A Fault when the file cannot be read. The scenario is that of the first record; nothing is too late.
/// `tables`: the frozen figures that its references may take.
ComputedFile compute_file(const Methodology& methodology, const std::string& path, Zone zone,
                          std::span<const FrozenTable> tables = {});

/// Tables as files; a Fault that names what is wrong in one.
std::vector<FrozenTable> read_frozen_files(const std::vector<std::string>& files, const Methodology& methodology);

}  // namespace tanpuhui
