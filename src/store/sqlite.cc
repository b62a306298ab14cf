#include "store/sqlite.h"

#include <string>
#include <vector>

#include <fmt/format.h>
#include <sqlite3.h>

#include "base/check.h"
#include "store/sql_text.h"
#include "store/sqlite_values.h"

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

[[noreturn]] void fail(const std::string& path, sqlite3* handle, int code, std::string_view doing) {
  throw Fault(fmt::format("{}: {} ({}) in: {}{}", path, handle ? sqlite3_errmsg(handle) : "out of memory",
                          sqlite3_errstr(code), doing.substr(0, 300), remedy_of(code)));
}

sqlite3_stmt* prepare(const std::string& path, sqlite3* database, std::string_view sql) {
  sqlite3_stmt* prepared = nullptr;
  const int code = sqlite3_prepare_v3(database, sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT,
                                      &prepared, nullptr);
  if (code != SQLITE_OK) fail(path, database, code, sql);
  TANPUHUI_REQUIRE(prepared, "a statement has text");
  return prepared;
}

class SqliteStatement final : public EngineStatement {
 public:
  SqliteStatement(const std::string& path, sqlite3* database, sqlite3_stmt* handle)
      : path_(path),
        database_(database),
        handle_(handle),
        reads_(sqlite3_stmt_readonly(handle) != 0),
        waits_(reads_ || is_plain_insert(handle)) {}
  ~SqliteStatement() override {
    sqlite3_finalize(handle_);
    sqlite3_finalize(bulk_);
  }
  SqliteStatement(const SqliteStatement&) = delete;
  SqliteStatement& operator=(const SqliteStatement&) = delete;

  void bind_integer(std::int64_t value) override { bound_.push_back({SQLITE_INTEGER, value, nullptr, 0}); }
  // An empty view may have no address, and SQLite reads a null address as NULL.
  void bind_text(std::string_view text) override {
    bound_.push_back({SQLITE_TEXT, 0, text.empty() ? "" : text.data(), text.size()});
  }
  void bind_blob(ByteView blob) override {
    bound_.push_back({SQLITE_BLOB, 0, blob.empty() ? static_cast<const void*>("") : blob.data(), blob.size()});
  }
  void bind_null() override { bound_.emplace_back(); }

  // What reads waits for `step`, rows to insert for others of their kind; every other statement runs at once.
  void add() override {
    added_ = true;
    if (!waits_) {
      changed_ += run_once();
      return;
    }
    sets_.add(bound_);
    bound_.clear();
    if (!reads_ && (sets_.count() >= sets_at_once || sets_.bytes() >= bytes_at_once)) insert_sets();
  }

  bool step() override {
    if (!added_) {
      if (!running_ && nothing_bound()) return false;
      if (!running_) bind_bound();
      return step_once();
    }
    while (running_ || at_ < sets_.count()) {
      if (!running_) bind_set(at_++);
      if (step_once()) return true;
    }
    return false;
  }

  std::int64_t run() override {
    if (!added_) return nothing_bound() ? 0 : run_once();
    if (!reads_) insert_sets();
    added_ = false;
    return std::exchange(changed_, 0);
  }

  void queue(std::optional<std::int64_t> changes) override {
    if (const std::int64_t changed = run(); changes && changed != *changes)
      throw Raced(fmt::format("{}: {} rows changed, not {}, in: {}", path_, changed, *changes, sqlite3_sql(handle_)));
  }

  void reset() noexcept override {
    rewind();
    sqlite3_clear_bindings(handle_);
    sqlite3_reset(bulk_);
    added_ = false;
    changed_ = 0;
    sets_.clear();
    at_ = 0;
  }

  std::int64_t integer(int column) const override { return sqlite3_column_int64(handle_, column); }
  std::string_view text(int column) const override {
    const auto* data = reinterpret_cast<const char*>(sqlite3_column_text(handle_, column));
    return {data ? data : "", static_cast<std::size_t>(sqlite3_column_bytes(handle_, column))};
  }
  ByteView blob(int column) const override {
    const auto* data = static_cast<const std::uint8_t*>(sqlite3_column_blob(handle_, column));
    return {data, static_cast<std::size_t>(sqlite3_column_bytes(handle_, column))};
  }
  bool is_null(int column) const override { return sqlite3_column_type(handle_, column) == SQLITE_NULL; }

  [[noreturn]] void fail_without_row() const override { fail(path_, database_, SQLITE_EMPTY, sqlite3_sql(handle_)); }

 private:
  // Few enough to stay in the processor's nearest memory.
  static constexpr std::size_t sets_at_once = 128, bytes_at_once = 64 << 10;

  static bool is_plain_insert(sqlite3_stmt* handle) {
    const std::string_view sql = sqlite3_sql(handle);
    constexpr auto none = std::string_view::npos;
    return sql.starts_with("INSERT") && find_word(sql, "VALUES") != none && find_word(sql, "RETURNING") == none &&
           sqlite3_bind_parameter_count(handle) <= static_cast<int>(sqlite_sets_columns);
  }

  void insert_sets() {
    if (sets_.count() == 1) {
      bind_set(0);
      changed_ += run_to_end(handle_);
    } else if (!sets_.empty()) {
      if (!bulk_) bulk_ = prepare(path_, database_, bulk_text(sqlite3_sql(handle_), sqlite_sets_source));
      check(bind_sets(bulk_, sets_));
      changed_ += run_to_end(bulk_);
    }
    sets_.clear();
  }

  void check(int code) const {
    if (code != SQLITE_OK) fail(path_, database_, code, sqlite3_sql(handle_));
  }

  void bind_bound() {
    int index = 0;
    for (const SqliteValue& value : bound_) check(bind_value(handle_, ++index, value));
    running_ = true;
  }

  void bind_set(std::size_t set) {
    bound_.clear();
    for (std::size_t column = 0; column < sets_.width(); ++column) bound_.push_back(sets_.at(set, column));
    bind_bound();
  }

  bool advance(sqlite3_stmt* statement) const {
    const int code = sqlite3_step(statement);
    if (code != SQLITE_ROW && code != SQLITE_DONE) fail(path_, database_, code, sqlite3_sql(handle_));
    return code == SQLITE_ROW;
  }

  bool step_once() {
    const bool found = advance(handle_);
    if (!found) rewind();
    return found;
  }

  std::int64_t run_once() {
    bind_bound();
    return run_to_end(handle_);
  }

  std::int64_t run_to_end(sqlite3_stmt* statement) {
    while (advance(statement)) {
    }
    sqlite3_reset(statement);
    running_ = false;
    bound_.clear();
    return sqlite3_changes64(database_);
  }

  bool nothing_bound() const { return bound_.empty() && sqlite3_bind_parameter_count(handle_) > 0; }

  void rewind() noexcept {
    sqlite3_reset(handle_);
    running_ = false;
    bound_.clear();
  }

  const std::string& path_;
  sqlite3* database_;
  sqlite3_stmt* handle_;
  sqlite3_stmt* bulk_ = nullptr;    // the same for many sets, once there are some
  bool reads_, waits_;              // what becomes of sets
  bool running_ = false;            // values are bound, and not all rows were read
  std::vector<SqliteValue> bound_;  // of the next run or set
  // Sets that were added.
  bool added_ = false;
  std::int64_t changed_ = 0;
  SqliteSets sets_;
  std::size_t at_ = 0;  // the next to read for
};

struct Close {
  void operator()(sqlite3* handle) const { sqlite3_close_v2(handle); }
};

class Sqlite final : public Engine {
 public:
  Sqlite(std::string path, Access access)
      : path_(std::move(path)),
        handle_(open(access == Access::write ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY)) {
    set_up();
    if (access == Access::write)
      become_writer();
    else
      become_reader();
    begin_ = prepare("BEGIN IMMEDIATE", Fetch::whole);
    commit_ = prepare("COMMIT", Fetch::whole);
  }

  const std::string& name() const override { return path_; }

  std::unique_ptr<EngineStatement> prepare(std::string_view sql, Fetch) override {
    return std::make_unique<SqliteStatement>(path_, handle_.get(), tanpuhui::prepare(path_, handle_.get(), sql));
  }

  void execute(const std::string& sql) override {
    const int code = sqlite3_exec(handle_.get(), sql.c_str(), nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) fail(path_, handle_.get(), code, sql);
  }

  void begin(Transaction::Kind) override { begin_->run(); }
  void commit() override {
    commit_->run();
    checkpoint_when_large();
  }
  // May fail only after SQLite has rolled back by itself.
  void rollback() noexcept override { sqlite3_exec(handle_.get(), "ROLLBACK", nullptr, nullptr, nullptr); }
  void begin_reading() override { execute("BEGIN"); }
  void end_reading() noexcept override { sqlite3_exec(handle_.get(), "COMMIT", nullptr, nullptr, nullptr); }
  void reconnect() override {}  // a file does not go away

  std::int64_t change_counter() override { return integer_of("PRAGMA data_version"); }
  std::vector<std::string> find_damage() override {
    std::vector<std::string> flaws;
    for (const auto rows = prepare("PRAGMA integrity_check(20)", Fetch::whole); rows->step();)
      if (rows->text(0) != "ok") flaws.emplace_back(rows->text(0));
    return flaws;
  }

  Database::SchemaMark schema_mark() override {
    Database::SchemaMark mark;
    mark.is_empty = integer_of("SELECT count(*) FROM sqlite_schema") == 0;
    mark.is_ours = integer_of("PRAGMA application_id") == application_id;
    mark.version = integer_of("PRAGMA user_version");
    return mark;
  }
  void set_schema_version(std::int64_t version) override {
    execute(fmt::format("PRAGMA application_id = {}; PRAGMA user_version = {}", application_id, version));
  }
  void define(const std::string& ddl) override { execute(ddl); }
  void erase() override {
    std::string drops = "PRAGMA application_id = 0; PRAGMA user_version = 0;";
    for (const auto rows = prepare("SELECT name FROM sqlite_schema WHERE type = 'table'", Fetch::whole); rows->step();)
      drops += fmt::format("DROP TABLE \"{}\";", rows->text(0));
    execute(drops);
  }
  // Its owner is alone with a file.
  bool begin_job(std::optional<std::chrono::milliseconds>) override { return true; }
  void end_job() noexcept override {}

 private:
  std::unique_ptr<sqlite3, Close> open(int flags) {
    sqlite3* handle = nullptr;
    const int code =
        sqlite3_open_v2(path_.c_str(), &handle, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nullptr);
    std::unique_ptr<sqlite3, Close> opened(handle);
    if (code != SQLITE_OK) fail(path_, handle, code, "open the database");
    return opened;
  }

  void set_up() {
    sqlite3_busy_timeout(handle_.get(), busy_wait_ms);
    sqlite3_db_config(handle_.get(), SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
    sqlite3_db_config(handle_.get(), SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    if (const int code = define_sets(handle_.get()); code != SQLITE_OK) fail(path_, handle_.get(), code, "set up");
    execute("PRAGMA foreign_keys = OFF; PRAGMA cache_size = -65536; PRAGMA temp_store = MEMORY");
    // What is not in the cache is read where the kernel has it, without a copy. Nothing is written that way.
    execute("PRAGMA mmap_size = 2000000000");
  }

  void become_writer() {
    const auto mode = prepare("PRAGMA journal_mode = WAL", Fetch::whole);
    if (!mode->step() || mode->text(0) != "wal")
      throw Fault(path_ + ": this file system cannot hold a write-ahead log; use a local disk");
    mode->reset();
    execute("PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0");
    // After the pragma above, which sets the hook of its own.
    sqlite3_wal_hook(handle_.get(), remember_wal_pages, &wal_pages_);
  }

  void become_reader() {
    sqlite3_db_config(handle_.get(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
    execute("PRAGMA query_only = ON; PRAGMA wal_autocheckpoint = 0");
  }

  std::int64_t integer_of(const char* sql) {
    const auto row = prepare(sql, Fetch::whole);
    return row->step() ? row->integer(0) : 0;
  }

  // Does not wait for readers.
  void checkpoint_when_large() {
    if (wal_pages_ <= checkpoint_above_bytes / page_bytes) return;
    int frames = 0, copied = 0;
    const int code = sqlite3_wal_checkpoint_v2(handle_.get(), nullptr, SQLITE_CHECKPOINT_PASSIVE, &frames, &copied);
    if (code != SQLITE_OK && (code & 0xff) != SQLITE_BUSY) fail(path_, handle_.get(), code, "checkpoint");
    wal_pages_ = frames - copied;
  }

  std::string path_;
  std::unique_ptr<sqlite3, Close> handle_;
  int wal_pages_ = 0;
  std::unique_ptr<EngineStatement> begin_, commit_;  // end before the handle does
};

}  // namespace

std::unique_ptr<Engine> open_sqlite(const std::string& path, Access access) {
  // Nobody asks SQLite how much memory it uses, and counting takes a lock that all connections share.
  [[maybe_unused]] static const int uncounted = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  return std::make_unique<Sqlite>(path, access);
}

}  // namespace tanpuhui
