#pragma once
/// SQLite through its own C interface: connection, prepared statement, transaction. Every failure is a Fault that names
/// the file and the statement. A connection belongs to one thread at a time.
///
///   Database database = Database::open_writer("programme.db");
///   Transaction transaction(database);
///   database.statement("INSERT INTO t(a, b) VALUES (?, ?)").bind(7).bind("km").run();
///   transaction.commit();
///   for (auto rows = database.statement("SELECT a FROM t WHERE b = ?").bind("km"); rows.step();) use(rows.integer(0));
///
/// One connection of one process writes and checkpoints; readers neither write nor checkpoint. This is what keeps a
/// WAL safe with every SQLite version (a race between a checkpoint and a commit of two connections can corrupt it).
#include <concepts>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/bytes.h"

struct sqlite3;
struct sqlite3_stmt;

namespace tanpuhui {

class Database;

/// A prepared statement, borrowed from the connection's cache and given back, reset, when it goes out of scope.
/// Text and blobs that are bound, and those that are read, are not copied: bound ones live until the statement has run,
/// read ones until the next step.
class Statement {
 public:
  Statement(Statement&& other) noexcept;
  Statement& operator=(Statement&&) = delete;
  ~Statement();

  /// Bind the next parameter, from the first on; `run` and `reset` begin again at the first.
  template <std::integral T>
  Statement& bind(T value) & {
    return bind_integer(static_cast<std::int64_t>(value));
  }
  Statement& bind(std::string_view text) &;
  Statement& bind(const char* text) & { return bind(std::string_view(text)); }
  Statement& bind(ByteView blob) &;
  Statement& bind(const Bytes& blob) & { return bind(ByteView(blob)); }
  Statement& bind(std::nullptr_t) &;
  template <class T>
  Statement& bind(const std::optional<T>& value) & {
    return value ? bind(*value) : bind(nullptr);
  }
  template <class T>
  Statement&& bind(T&& value) && {
    return std::move(static_cast<Statement&>(*this).bind(std::forward<T>(value)));
  }

  /// True when there is a row.
  bool step();
  /// Runs to the end and resets, ready to be bound again. Returns the number of rows that changed.
  std::int64_t run();
  /// Runs a statement that gives one integer; Fault when there is no row.
  std::int64_t run_integer();
  void reset();

  std::int64_t integer(int column) const;
  std::string_view text(int column) const;
  ByteView blob(int column) const;
  bool is_null(int column) const;

 private:
  friend class Database;
  Statement(Database& database, sqlite3_stmt* handle, bool cached)
      : database_(&database), handle_(handle), cached_(cached) {}
  Statement& bind_integer(std::int64_t value);
  void checked(int code) const;

  Database* database_;
  sqlite3_stmt* handle_;
  bool cached_;
  int next_ = 1;
};

class Database {
 public:
  /// Creates the file where there is none. WAL, synchronous=FULL, no automatic checkpoint: `checkpoint_when_large` does
  /// it. The caller holds the FileLock of the file.
  static Database open_writer(const std::string& path);
  /// Read-only; does not checkpoint, not even on closing.
  static Database open_reader(const std::string& path);

  Database(Database&& other) noexcept;
  Database& operator=(Database&&) = delete;
  ~Database();

  /// The statement for this text, prepared once a connection.
  Statement statement(std::string_view sql);
  /// Several statements without parameters, e.g. a migration.
  void execute(const std::string& sql);

  /// Copies the WAL into the file when it has grown beyond 64 MB. Called after each commit of a Transaction; a writer
  /// with a commit loop of its own calls it when idle. Does not wait for readers.
  void checkpoint_when_large();

  const std::string& path() const { return path_; }
  sqlite3* handle() { return handle_; }

 private:
  friend class Statement;
  Database(std::string path, sqlite3* handle) : path_(std::move(path)), handle_(handle) {}
  static Database open(const std::string& path, int flags);
  sqlite3_stmt* prepare(std::string_view sql);
  [[noreturn]] void fail(int code, std::string_view doing) const;

  struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };
  struct Cached {
    sqlite3_stmt* handle = nullptr;
    bool in_use = false;
  };
  std::string path_;
  sqlite3* handle_;
  std::unique_ptr<int> wal_pages_ = std::make_unique<int>(0);
  std::unordered_map<std::string, Cached, TextHash, std::equal_to<>> cache_;
};

/// BEGIN IMMEDIATE; rolled back unless committed.
class Transaction {
 public:
  explicit Transaction(Database& database);
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  void commit();

 private:
  Database& database_;
  bool open_ = true;
};

/// Readers that must see one state over several statements.
class ReadTransaction {
 public:
  explicit ReadTransaction(Database& database);
  ~ReadTransaction();
  ReadTransaction(const ReadTransaction&) = delete;
  ReadTransaction& operator=(const ReadTransaction&) = delete;

 private:
  Database& database_;
};

}  // namespace tanpuhui
