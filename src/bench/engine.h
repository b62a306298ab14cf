#pragma once
/// What only one of the two engines can be asked: the one place outside the store that knows which it is.
#include <cstdint>
#include <functional>
#include <string>

#include "bench/ground.h"

namespace tanpuhui {

/// Name, version and the settings that durability and speed hang on.
Facts engine_facts(Database& database);

/// What was loaded is written to where it stays, and the planner knows about it.
void settle(Database& database);

/// The end to which writing is timed, on both sides of a ratio: all that a file's log holds is in the file. A server
/// moves it beside its clients.
void move_log(Database& database);

/// For figures of memory: the page cache of a file is made so small that it is full at once.
void keep_cache_small(Database& database);

/// Pages of a table with its indexes.
std::int64_t table_bytes(Database& database, const std::string& table);

/// Bytes written so far on account of this database: SQLite, all that this process wrote, the log's way into the file
/// included; PostgreSQL, its write-ahead log.
std::int64_t bytes_written(Database& database);

/// The raw limit: prepared inserts of rows that are at hand into one table without keys, 50,000 a commit, with the
/// settings of every programme; in a file a row a statement, or many as the store writes them, until the log is moved.
/// Rows a second. `bind` binds the values of one row.
using BindRow = std::function<void(Statement& insert, std::int64_t row)>;
enum class Appended { raw, as_the_store_does };
double append_rate(const Ground& ground, const std::string& columns, std::int64_t rows, const BindRow& bind,
                   Appended how = Appended::raw);

/// The same for rows of a leg's size: eight integers.
double append_legs_rate(const Ground& ground, std::int64_t rows);
std::string append_legs_name();

}  // namespace tanpuhui
