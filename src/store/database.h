#pragma once
/// The store: connection, prepared statement, transaction. Two engines stand behind it, SQLite and PostgreSQL; no other
/// code knows which. Every failure is a Fault that names the database and the statement. A connection belongs to one
/// thread at a time.
///
///   Database database = Database::open_writer("programme.db");           // or "postgresql://host/city"
///   Transaction transaction(database);
///   database.statement("INSERT INTO t(a, b) VALUES (?, ?)").bind(7).bind("km").run();
///   transaction.commit();
///   for (auto rows = database.statement("SELECT a FROM t WHERE b = ?").bind("km"); rows.step();) use(rows.integer(0));
///
/// A location is a path (`sqlite:PATH` says so expressly) or the address of a PostgreSQL database (`postgresql://...`).
/// A programme has a schema of PostgreSQL to itself: the first of the connection's search path, `public` when the
/// address names none (`?options=-csearch_path%3Dcity` does).
///
/// SQL is what both engines read: `?` for a value; ON CONFLICT for what may stand already; no name or function that
/// only one of them knows. Text is compared byte for byte. docs/STORAGE.md tells more.
#include <chrono>
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
#include "base/fault.h"

namespace tanpuhui {

class Engine;
class EngineStatement;

/// A commit of another process came between: nothing of ours was written. Read and decide again.
struct Raced : Fault {
  using Fault::Fault;
};
/// The server is gone. Of a commit under way nobody knows whether it happened: ask by what is unique to it.
struct ConnectionLost : Fault {
  using Fault::Fault;
};

/// Another process holds what is needed, and longer than we wait.
struct Busy : Fault {
  using Fault::Fault;
};

/// A prepared statement, borrowed from the connection's cache and given back when it goes out of scope. Text and blobs
/// that are bound, and those that are read, are not copied: bound ones live until the statement has run, read ones
/// until the next step.
class Statement {
 public:
  Statement(Statement&& other) noexcept;
  Statement& operator=(Statement&&) = delete;
  ~Statement();

  /// Bind the next parameter, from the first on; whatever runs the statement begins again at the first.
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
  /// Runs to the end, ready to be bound again. Returns the number of rows that changed.
  std::int64_t run();
  /// As `run`, but its answer is not waited for: an error comes at the latest with the next statement that is waited
  /// for, or with the commit. When another number of rows changes than `changes` says, that error is Raced. For use
  /// inside a Transaction.
  void queue(std::optional<std::int64_t> changes = std::nullopt);
  /// Takes the values bound so far as one of many sets; `run`, `queue` or `step` then carries the statement out for all
  /// of them. Copies what is bound. Rows that a SELECT gives come in no particular order, so it names what it found;
  /// one UPDATE names a row once. Where no set was added, nothing happens.
  ///
  ///   for (const Line& line : lines) insert.bind(line.account.value).bind(line.records).add();
  ///   insert.run();
  void add();
  /// Runs a statement that gives one integer; Fault when there is no row.
  std::int64_t run_integer();
  void reset();

  std::int64_t integer(int column) const;
  std::string_view text(int column) const;
  ByteView blob(int column) const;
  bool is_null(int column) const;

 private:
  friend class Database;
  Statement(EngineStatement* engine, bool* lent) : engine_(engine), lent_(lent) {}
  Statement& bind_integer(std::int64_t value);

  EngineStatement* engine_;
  bool* lent_;  ///< null: nobody lent it, it ends with this
};

class Database {
 public:
  /// Creates the file where there is none; the caller holds its FileLock. A server's database must exist; several
  /// processes may write to it.
  static Database open_writer(const std::string& location);
  /// Read-only.
  static Database open_reader(const std::string& location);

  Database(Database&& other) noexcept;
  Database& operator=(Database&&) = delete;
  ~Database();

  /// The statement for this text, prepared once a connection.
  Statement statement(std::string_view sql);
  /// The same for what may give very many rows: a server hands them over in pieces, so that memory stays flat.
  Statement scan(std::string_view sql);
  /// Several statements without parameters.
  void execute(const std::string& sql);

  /// As it was given, to open another connection. May hold a password.
  const std::string& location() const { return location_; }
  /// How messages name it: path, or server and database. Never a password.
  const std::string& path() const;

  /// After ConnectionLost: waits some seconds for the server and connects again; a Fault when it stays away.
  void reconnect();
  /// Differs from what it was when another connection has committed since; a server counts all its databases.
  std::int64_t change_counter();
  /// What the engine itself finds damaged, as sentences.
  std::vector<std::string> find_damage();

  /// What the migrations need. Version 0: nothing of ours is there yet.
  struct SchemaMark {
    bool is_empty = true;  ///< no tables at all
    bool is_ours = false;
    std::int64_t version = 0;
  };
  SchemaMark schema_mark();
  void set_schema_version(std::int64_t version);
  /// Table definitions in the common words.
  void define(const std::string& ddl);
  /// Removes every table: a rehearsal begins anew.
  void erase();

 private:
  friend class Transaction;
  friend class ReadTransaction;
  friend class Job;
  Database(std::string location, std::unique_ptr<Engine> engine);
  struct Cached {
    std::unique_ptr<EngineStatement> statement;
    bool lent = false;
  };
  struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };
  std::string location_;
  std::unique_ptr<Engine> engine_;
  std::unordered_map<std::string, Cached, TextHash, std::equal_to<>> cache_;  // ends before the engine does
};

/// Rolled back unless committed.
class Transaction {
 public:
  /// `alone`: no other transaction of this kind runs beside it, in whatever process. `beside_others`: for who can stand
  /// commits of others between its own statements - the writer.
  enum class Kind { alone, beside_others };
  explicit Transaction(Database& database, Kind kind = Kind::alone);
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

/// A long act in several transactions that no second process may do beside it: intake, seal, batches. Waits for its
/// turn; with `patience` no longer than that: Busy then.
class Job {
 public:
  explicit Job(Database& database, std::optional<std::chrono::milliseconds> patience = std::nullopt);
  ~Job();
  Job(const Job&) = delete;
  Job& operator=(const Job&) = delete;

 private:
  Database& database_;
};

/// True for the address of a server, false for a path.
bool is_server(std::string_view location);
/// The path in a location that is no server's.
std::string file_of(std::string_view location);
/// Database and schema of a server's address, for names of files: `city`, or `data-city` when it names a schema.
std::string short_name(std::string_view server);
/// A location as it may be shown: a password in an address becomes `...`.
std::string shown_location(std::string_view location);

}  // namespace tanpuhui
