#pragma once
/// The server's own read-only connection to the programme. After a Fault the next question opens it afresh; one that
/// broke while nobody asked is opened at once.
///
///   const json::object totals = reader.read([&](Database& database) { return totals_of(database); });
#include <optional>
#include <string>

#include "store/programme.h"

namespace tanpuhui {

class Reader {
 public:
  explicit Reader(std::string location) : location_(std::move(location)) {}

  /// In one transaction: all that is read belongs together.
  template <class Read>
  auto read(Read read_rows) {
    const bool is_kept = database_.has_value();
    try {
      if (!database_) open();
      const ReadTransaction one_state(*database_);
      return read_rows(*database_);
    } catch (const ConnectionLost&) {
      database_.reset();
      if (is_kept) return read(read_rows);
      throw;
    } catch (...) {
      database_.reset();
      throw;
    }
  }
  /// How often it was opened: a connection's change counter says nothing about that of another.
  int openings() const { return openings_; }

 private:
  void open() {
    database_.emplace(open_programme_reader(location_));
    ++openings_;
  }

  std::string location_;
  std::optional<Database> database_;
  int openings_ = 0;
};

}  // namespace tanpuhui
