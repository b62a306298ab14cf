#pragma once
/// What the public may know of the database, as JSON: totals and batches. Sums of the log that were added up are kept.
///
/// No sum runs over accounts: totals come from the log's blocks and only new blocks are added. What has to be counted
/// (persons) is counted again only when the file changed, and for at most a twentieth of the time.
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include <boost/json.hpp>

#include "base/time.h"
#include "server/reader.h"
#include "store/log.h"

namespace tanpuhui {

struct BatchPage {
  std::optional<std::int64_t> before;
  std::int64_t limit = 50;
};

class Registers {
 public:
  /// A Fault when there is no programme in the file.
  Registers(std::string path, Zone zone);

  const ProgrammeSettings& settings() const { return settings_; }
  /// When the newest block was sealed; null when there is none.
  boost::json::value as_of();
  boost::json::object totals();
  boost::json::object batches(const BatchPage& page);
  /// One state of the database for whoever reads other tables.
  template <class Read>
  auto read(Read read_rows) {
    return reader_.read(std::move(read_rows));
  }

 private:
  struct Counts {
    std::int64_t persons = 0, records = 0, batches = 0;
  };
  void count(Database& database);

  Reader reader_;
  Zone zone_;
  ProgrammeSettings settings_;
  LogTotals sums_;
  Counts counts_;
  std::pair<int, std::int64_t> counted_at_;  ///< opening of the reader, its change counter
  std::chrono::steady_clock::time_point count_again_;
};

}  // namespace tanpuhui
