#pragma once
/// A connection to PostgreSQL in pipeline mode: what is sent waits for its answer in order; `exchange` fetches all
/// answers at once. Private to the engine of servers.
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <libpq-fe.h>

#include "store/engine.h"

namespace tanpuhui {

struct ClearResult {
  void operator()(PGresult* result) const { PQclear(result); }
};
using PostgresResult = std::unique_ptr<PGresult, ClearResult>;

/// A statement as the server knows it.
struct PreparedText {
  std::string name, bulk_name;  ///< the second is empty until it is asked for
  std::vector<Oid> parameters, columns;
};

/// Rows that one statement changed, perhaps sent in several pieces.
struct Tally {
  std::int64_t changed = 0;
  std::optional<std::int64_t> wanted;
};

/// Values in the form that libpq takes.
struct Values {
  std::vector<Oid> types;
  std::vector<const char*> data;
  std::vector<int> sizes, formats;
  void add(Oid type, const char* bytes, std::size_t size);
  void clear();
};

class PostgresConnection {
 public:
  PostgresConnection(std::string location, Access access);
  ~PostgresConnection();
  PostgresConnection(const PostgresConnection&) = delete;
  PostgresConnection& operator=(const PostgresConnection&) = delete;

  const std::string& name() const { return name_; }
  /// Rises with each connection: what was prepared or opened on an earlier one is gone.
  int generation() const { return generation_; }
  void reconnect();

  /// Prepared once a connection.
  PreparedText& prepare(std::string_view sql);
  void prepare_bulk(std::string_view sql, PreparedText& prepared);

  void send_prepared(std::string_view sql, const std::string& name, const Values& values,
                     std::shared_ptr<Tally> tally = nullptr);
  void send(std::string_view sql, const Values& values = {});
  /// The answer of what was sent last. The first error of all that was sent is thrown.
  PostgresResult exchange();
  /// Sees to it that few enough answers wait for the server never to block on them.
  void relieve();
  bool awaits_changes() const;
  /// Raced when another number of rows changed than was wanted.
  void check_changes(const Tally& tally, std::string_view sql) const;
  bool is_broken() const { return !connection_ || PQstatus(connection_.get()) != CONNECTION_OK; }
  void forget_pending() { pending_.clear(); }
  /// Several statements at once, without parameters.
  void execute(const std::string& sql);

  [[noreturn]] void fail(const PGresult* result, std::string_view sql) const;

 private:
  struct Finish {
    void operator()(PGconn* connection) const { PQfinish(connection); }
  };
  struct Pending {
    std::string sql;
    std::shared_ptr<Tally> tally;
  };
  void connect();
  void check_server() const;
  void set_up();
  [[noreturn]] void fail_to_connect() const;
  [[noreturn]] void lost(std::string_view sql) const;
  void sent(int accepted, std::string_view sql, std::shared_ptr<Tally> tally);
  PostgresResult next_answer();
  std::string new_name();

  std::string location_, name_;
  Access access_;
  std::unique_ptr<PGconn, Finish> connection_;
  int generation_ = 0, names_ = 0;
  std::deque<Pending> pending_;
  struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };
  std::unordered_map<std::string, PreparedText, TextHash, std::equal_to<>> prepared_;
};

}  // namespace tanpuhui
