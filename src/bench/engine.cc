#include "bench/engine.h"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "bench/measure.h"

namespace tanpuhui {
namespace {

constexpr std::int64_t rows_a_commit = 50'000;

std::string text_of(Database& database, const std::string& sql) {
  auto row = database.statement(sql);
  return row.step() ? std::string(row.text(0)) : "";
}

std::string places_for(const std::string& columns) {
  std::string places = "?";
  for (std::ptrdiff_t more = std::ranges::count(columns, ','); more > 0; --more) places += ", ?";
  return places;
}

}  // namespace

Facts engine_facts(Database& database) {
  if (!is_server(database.location()))
    return {{"engine", "SQLite " + text_of(database, "SELECT sqlite_version()")}, {"synchronous", "FULL, WAL"}};
  Facts facts{{"engine", "PostgreSQL " + text_of(database, "SELECT current_setting('server_version')")}};
  for (const char* name : {"fsync", "synchronous_commit", "full_page_writes", "wal_compression", "shared_buffers"})
    facts.emplace_back(name, text_of(database, fmt::format("SELECT current_setting('{}')", name)));
  return facts;
}

void move_log(Database& database) {
  if (!is_server(database.location())) database.execute("PRAGMA wal_checkpoint(TRUNCATE)");
}

void settle(Database& database) {
  move_log(database);
  if (is_server(database.location())) database.execute("VACUUM (ANALYZE)");
}

void keep_cache_small(Database& database) {
  if (!is_server(database.location())) database.execute("PRAGMA cache_size = -4096; PRAGMA mmap_size = 0");
}

std::int64_t table_bytes(Database& database, const std::string& table) {
  if (is_server(database.location()))
    return database.statement("SELECT pg_total_relation_size(CAST(? AS text)::regclass)").bind(table).run_integer();
  return database
      .statement(
          "SELECT coalesce(sum(s.pgsize), 0) FROM dbstat s JOIN sqlite_schema m ON m.name = s.name WHERE m.tbl_name = "
          "?")
      .bind(table)
      .run_integer();
}

std::int64_t bytes_written(Database& database) {
  if (is_server(database.location()))
    return database.statement("SELECT CAST(pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0') AS bigint)").run_integer();
  move_log(database);
  return proc_figure("io", "write_bytes:");
}

double append_rate(const Ground& ground, const std::string& columns, std::int64_t rows, const BindRow& bind,
                   Appended how) {
  std::string location = ground.options().store;
  std::optional<Place> file;
  if (!ground.on_server()) location = file.emplace(ground, "plain").location();
  Database database = Database::open_writer(location);
  database.define("CREATE TABLE plain_rows (" + columns + ")");
  const bool one_by_one = how == Appended::raw && !ground.on_server();
  const Stopwatch watch;
  for (std::int64_t at = 0; at < rows; at += rows_a_commit) {
    Transaction transaction(database);
    auto insert = database.statement("INSERT INTO plain_rows VALUES (" + places_for(columns) + ")");
    for (std::int64_t row = at; row < std::min(rows, at + rows_a_commit); ++row) {
      bind(insert, row);
      if (one_by_one)
        insert.run();
      else
        insert.add();
    }
    insert.run();
    transaction.commit();
  }
  move_log(database);
  const double rate = watch.rate(rows);
  if (ground.on_server()) database.execute("DROP TABLE plain_rows");
  return rate;
}

double append_legs_rate(const Ground& ground, std::int64_t rows) {
  return append_rate(ground,
                     "part INTEGER, account_id INTEGER, entry_id INTEGER, leg INTEGER, batch_id INTEGER, "
                     "d_points INTEGER, d_backing_mg INTEGER, d_free_mg INTEGER",
                     rows, [](Statement& insert, std::int64_t row) {
                       insert.bind(row % part_count).bind(row * 7).bind(row).bind(0).bind(row % 24);
                       insert.bind(-20).bind(-2'000'000).bind(2'000'000);
                     });
}

std::string append_legs_name() { return "plain appends of rows of a leg's size"; }

}  // namespace tanpuhui
