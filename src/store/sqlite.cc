#include "store/sqlite.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include "base/check.h"
#include "base/fault.h"

namespace tanpuhui {
namespace {

constexpr int checkpoint_above_bytes = 64 << 20;
constexpr int page_bytes = 4096;
constexpr int busy_wait_ms = 10'000;

int remember_wal_pages(void* wal_pages, sqlite3*, const char*, int pages) {
  *static_cast<int*>(wal_pages) = pages;
  return SQLITE_OK;
}

const char* remedy_of(int code) {
  switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return "; another process uses the file: end it and run the command again";
    case SQLITE_FULL:
      return "; the disk is full: make room and run the command again";
    case SQLITE_CANTOPEN:
      return "; check that the folder exists and may be written to";
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return "; the file is damaged or no database: restore it from a backup";
    default:
      return "";
  }
}

}  // namespace

Statement::Statement(Statement&& other) noexcept
    : database_(other.database_), handle_(other.handle_), cached_(other.cached_), next_(other.next_) {
  other.handle_ = nullptr;
}

Statement::~Statement() {
  if (!handle_) return;
  if (!cached_) {
    sqlite3_finalize(handle_);
    return;
  }
  sqlite3_reset(handle_);
  sqlite3_clear_bindings(handle_);
  const auto found = database_->cache_.find(std::string_view(sqlite3_sql(handle_)));
  if (found != database_->cache_.end()) found->second.in_use = false;
}

void Statement::checked(int code) const {
  if (code != SQLITE_OK) database_->fail(code, sqlite3_sql(handle_));
}

Statement& Statement::bind_integer(std::int64_t value) {
  checked(sqlite3_bind_int64(handle_, next_++, value));
  return *this;
}
// An empty view may have no address, and SQLite reads a null address as NULL.
Statement& Statement::bind(std::string_view text) & {
  const char* data = text.empty() ? "" : text.data();
  checked(sqlite3_bind_text64(handle_, next_++, data, text.size(), SQLITE_STATIC, SQLITE_UTF8));
  return *this;
}
Statement& Statement::bind(ByteView blob) & {
  const void* data = blob.empty() ? static_cast<const void*>("") : blob.data();
  checked(sqlite3_bind_blob64(handle_, next_++, data, blob.size(), SQLITE_STATIC));
  return *this;
}
Statement& Statement::bind(std::nullptr_t) & {
  checked(sqlite3_bind_null(handle_, next_++));
  return *this;
}

bool Statement::step() {
  const int code = sqlite3_step(handle_);
  if (code == SQLITE_ROW) return true;
  if (code != SQLITE_DONE) database_->fail(code, sqlite3_sql(handle_));
  return false;
}

std::int64_t Statement::run() {
  while (step()) {
  }
  reset();
  return sqlite3_changes64(database_->handle_);
}

std::int64_t Statement::run_integer() {
  if (!step()) database_->fail(SQLITE_EMPTY, sqlite3_sql(handle_));
  const std::int64_t value = integer(0);
  reset();
  return value;
}

void Statement::reset() {
  sqlite3_reset(handle_);
  next_ = 1;
}

std::int64_t Statement::integer(int column) const { return sqlite3_column_int64(handle_, column); }
std::string_view Statement::text(int column) const {
  const auto* data = reinterpret_cast<const char*>(sqlite3_column_text(handle_, column));
  return {data ? data : "", static_cast<std::size_t>(sqlite3_column_bytes(handle_, column))};
}
ByteView Statement::blob(int column) const {
  const auto* data = static_cast<const std::uint8_t*>(sqlite3_column_blob(handle_, column));
  return {data, static_cast<std::size_t>(sqlite3_column_bytes(handle_, column))};
}
bool Statement::is_null(int column) const { return sqlite3_column_type(handle_, column) == SQLITE_NULL; }

Database Database::open(const std::string& path, int flags) {
  sqlite3* handle = nullptr;
  const int code = sqlite3_open_v2(path.c_str(), &handle, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nullptr);
  Database database(path, handle);
  if (code != SQLITE_OK) database.fail(code, "open the database");
  sqlite3_busy_timeout(handle, busy_wait_ms);
  sqlite3_db_config(handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  database.execute("PRAGMA foreign_keys = OFF; PRAGMA cache_size = -65536; PRAGMA temp_store = MEMORY");
  return database;
}

Database Database::open_writer(const std::string& path) {
  Database database = open(path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
  auto mode = database.statement("PRAGMA journal_mode = WAL");
  if (!mode.step() || mode.text(0) != "wal")
    throw Fault(path + ": this file system cannot hold a write-ahead log; use a local disk");
  mode.reset();
  database.execute("PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0");
  // After the pragma above, which sets the hook of its own.
  sqlite3_wal_hook(database.handle_, remember_wal_pages, database.wal_pages_.get());
  return database;
}

Database Database::open_reader(const std::string& path) {
  Database database = open(path, SQLITE_OPEN_READONLY);
  sqlite3_db_config(database.handle_, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
  database.execute("PRAGMA query_only = ON; PRAGMA wal_autocheckpoint = 0");
  return database;
}

Database::Database(Database&& other) noexcept
    : path_(std::move(other.path_)),
      handle_(std::exchange(other.handle_, nullptr)),
      wal_pages_(std::move(other.wal_pages_)),
      cache_(std::move(other.cache_)) {
  other.cache_.clear();
}

Database::~Database() {
  for (auto& [sql, cached] : cache_) sqlite3_finalize(cached.handle);
  sqlite3_close_v2(handle_);
}

sqlite3_stmt* Database::prepare(std::string_view sql) {
  sqlite3_stmt* prepared = nullptr;
  const int code = sqlite3_prepare_v3(handle_, sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT,
                                      &prepared, nullptr);
  if (code != SQLITE_OK) fail(code, sql);
  TANPUHUI_REQUIRE(prepared, "a statement has text");
  return prepared;
}

Statement Database::statement(std::string_view sql) {
  auto found = cache_.find(sql);
  if (found == cache_.end()) found = cache_.emplace(std::string(sql), Cached{prepare(sql), false}).first;
  // The same text twice at once (a statement inside its own loop) gets a second one.
  if (found->second.in_use) return {*this, prepare(sql), false};
  found->second.in_use = true;
  return {*this, found->second.handle, true};
}

void Database::execute(const std::string& sql) {
  const int code = sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) fail(code, sql);
}

void Database::checkpoint_when_large() {
  if (*wal_pages_ <= checkpoint_above_bytes / page_bytes) return;
  int frames = 0, copied = 0;
  const int code = sqlite3_wal_checkpoint_v2(handle_, nullptr, SQLITE_CHECKPOINT_PASSIVE, &frames, &copied);
  if (code != SQLITE_OK && (code & 0xff) != SQLITE_BUSY) fail(code, "checkpoint");
  *wal_pages_ = frames - copied;
}

void Database::fail(int code, std::string_view doing) const {
  throw Fault(fmt::format("{}: {} ({}) in: {}{}", path_, handle_ ? sqlite3_errmsg(handle_) : "out of memory",
                          sqlite3_errstr(code), doing.substr(0, 300), remedy_of(code)));
}

Transaction::Transaction(Database& database) : database_(database) { database_.statement("BEGIN IMMEDIATE").run(); }
// A rollback may fail only after SQLite has rolled back by itself.
Transaction::~Transaction() {
  if (open_) sqlite3_exec(database_.handle(), "ROLLBACK", nullptr, nullptr, nullptr);
}
void Transaction::commit() {
  database_.statement("COMMIT").run();
  open_ = false;
  database_.checkpoint_when_large();
}

ReadTransaction::ReadTransaction(Database& database) : database_(database) { database_.statement("BEGIN").run(); }
ReadTransaction::~ReadTransaction() { sqlite3_exec(database_.handle(), "COMMIT", nullptr, nullptr, nullptr); }

}  // namespace tanpuhui
