#pragma once
/// Values bound to a statement of SQLite, and many sets of them as a table that SQLite reads: one statement then writes
/// all their rows, which spares SQLite the begin and end of a statement for each. Private to the store.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <sqlite3.h>

#include "base/bytes.h"

namespace tanpuhui {

/// Not a copy: text and bytes stay where they are.
struct SqliteValue {
  int type = SQLITE_NULL;  ///< SQLITE_INTEGER, SQLITE_TEXT, SQLITE_BLOB, SQLITE_NULL
  std::int64_t integer = 0;
  const void* data = nullptr;
  std::size_t size = 0;
};

/// SQLITE_OK or what went wrong. The value must stand until the statement has run.
int bind_value(sqlite3_stmt* statement, int index, const SqliteValue& value);

/// Sets of equally many values, copied into two pieces of memory.
class SqliteSets {
 public:
  void add(const std::vector<SqliteValue>& set);
  void clear();
  bool empty() const { return values_.empty(); }
  std::size_t count() const { return width_ == 0 ? 0 : values_.size() / width_; }
  std::size_t width() const { return width_; }
  std::size_t bytes() const { return bytes_.size(); }
  SqliteValue at(std::size_t set, std::size_t column) const;

 private:
  std::vector<SqliteValue> values_;  ///< set after set; `data` counts from the first of bytes_
  std::string bytes_;
  std::size_t width_ = 0;
};

/// What a statement for many sets reads them from; bind_sets gives them to it.
inline constexpr std::string_view sqlite_sets_source = "given_values($1) AS given";
inline constexpr std::size_t sqlite_sets_columns = 24;  ///< at most so many values a set
int bind_sets(sqlite3_stmt* statement, const SqliteSets& sets);
/// Makes `given_values` known to a connection.
int define_sets(sqlite3* connection);

}  // namespace tanpuhui
