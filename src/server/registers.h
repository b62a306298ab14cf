#pragma once
/// What the public may know of the database, as JSON: totals and batches. One connection, read-only. After a Fault the
/// next question opens the file afresh; sums of the log that were added up are kept.
///
/// No sum runs over accounts: totals come from the log's blocks and only new blocks are added. What has to be counted
/// (persons) is counted again only when the file changed, and for at most a twentieth of the time.
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include <boost/json.hpp>

#include "base/time.h"
#include "store/log.h"
#include "store/programme.h"

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
  auto read(Read read_rows);

 private:
  struct Counts {
    std::int64_t persons = 0, records = 0, batches = 0;
  };
  Database& opened();
  void forget();
  void count(Database& database);

  std::string path_;
  Zone zone_;
  std::optional<Database> database_;
  ProgrammeSettings settings_;
  LogTotals sums_;
  Counts counts_;
  std::int64_t counted_version_ = -1;
  std::chrono::steady_clock::time_point count_again_;
};

template <class Read>
auto Registers::read(Read read_rows) {
  const bool is_kept = database_.has_value();
  try {
    Database& database = opened();
    const ReadTransaction transaction(database);
    return read_rows(database);
  } catch (const ConnectionLost&) {
    forget();
    if (is_kept) return read(read_rows);  // it broke while nobody asked
    throw;
  } catch (...) {
    forget();
    throw;
  }
}

}  // namespace tanpuhui
