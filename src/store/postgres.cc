#include "store/postgres.h"

#include <array>
#include <bit>
#include <cstring>
#include <thread>

#include <fmt/format.h>

#include "base/check.h"
#include "store/postgres_connection.h"
#include "store/postgres_text.h"

namespace tanpuhui {
namespace {

constexpr std::size_t sets_a_piece = 4096, bytes_a_piece = 4 << 20;
constexpr int rows_a_piece = 2000;

enum Type : Oid { type_bool = 16, type_bytes = 17, type_int8 = 20, type_int2 = 21, type_int4 = 23, type_text = 25 };
constexpr Oid type_oid = 26, type_numeric = 1700;

template <class T>
T to_big_endian(T value) {
  if constexpr (std::endian::native == std::endian::big || sizeof(T) == 1) return value;
  if constexpr (sizeof(T) == 2) return static_cast<T>(__builtin_bswap16(static_cast<std::uint16_t>(value)));
  if constexpr (sizeof(T) == 4) return static_cast<T>(__builtin_bswap32(static_cast<std::uint32_t>(value)));
  if constexpr (sizeof(T) == 8) return static_cast<T>(__builtin_bswap64(static_cast<std::uint64_t>(value)));
}

template <class T>
T read_as(const char* data) {
  T value;
  std::memcpy(&value, data, sizeof value);
  return to_big_endian(value);
}

template <class T>
void append_as(std::string& out, T value) {
  value = to_big_endian(value);
  out.append(reinterpret_cast<const char*>(&value), sizeof value);
}

// A sum of BIGINTs is NUMERIC: digits of base 10,000, the first of weight `weight`.
std::int64_t read_numeric(const char* data) {
  const int digits = read_as<std::int16_t>(data), weight = read_as<std::int16_t>(data + 2);
  const bool negative = read_as<std::uint16_t>(data + 4) == 0x4000;
  TANPUHUI_REQUIRE(digits <= weight + 1, "a number of the store has no fraction");
  std::int64_t value = 0;
  for (int i = 0; i <= weight; ++i) {
    const std::int64_t digit = i < digits ? read_as<std::int16_t>(data + 8 + 2 * i) : 0;
    const bool overflows = __builtin_mul_overflow(value, std::int64_t{10'000}, &value) ||
                           __builtin_add_overflow(value, negative ? -digit : digit, &value);
    TANPUHUI_REQUIRE(!overflows, "a number of the store has 64 bits");
  }
  return value;
}

std::int64_t read_integer(Oid type, const char* data) {
  switch (type) {
    case type_int8:
      return read_as<std::int64_t>(data);
    case type_int4:
      return read_as<std::int32_t>(data);
    case type_int2:
      return read_as<std::int16_t>(data);
    case type_bool:
      return *data != 0 ? 1 : 0;
    case type_oid:
      return read_as<std::uint32_t>(data);
    case type_numeric:
      return read_numeric(data);
    default:
      raise_defect("an integer is read from a column of integers", __FILE__, __LINE__);
  }
}

std::string encode_integer(Oid type, std::int64_t value) {
  std::string out;
  switch (type) {
    case type_int8:
      append_as(out, value);
      break;
    case type_int4:
      TANPUHUI_REQUIRE(value == static_cast<std::int32_t>(value), "a small integer fits");
      append_as(out, static_cast<std::int32_t>(value));
      break;
    case type_int2:
      TANPUHUI_REQUIRE(value == static_cast<std::int16_t>(value), "a small integer fits");
      append_as(out, static_cast<std::int16_t>(value));
      break;
    case type_bool:
      out += value != 0 ? '\1' : '\0';
      break;
    default:
      raise_defect("an integer is bound where an integer belongs", __FILE__, __LINE__);
  }
  return out;
}

/// One parameter of many sets, as the server's binary arrays have it.
struct ArrayOf {
  std::string elements;
  std::int32_t count = 0;
  bool has_null = false;

  void add(const char* data, std::size_t size) {
    append_as(elements, data ? static_cast<std::int32_t>(size) : std::int32_t{-1});
    if (data) elements.append(data, size);
    has_null = has_null || !data;
    ++count;
  }
  /// Of the only element, null when it is none.
  const char* first() const { return has_null ? nullptr : elements.data() + sizeof(std::int32_t); }
  std::string encode(Oid type) const {
    std::string out;
    append_as(out, std::int32_t{1});  // dimensions
    append_as(out, std::int32_t{has_null ? 1 : 0});
    append_as(out, static_cast<std::int32_t>(type));
    append_as(out, count);
    append_as(out, std::int32_t{1});  // the first index
    return out + elements;
  }
};

struct TransactionState {
  bool open = false;
  std::int64_t number = 0;  ///< of the transaction; cursors of an earlier one are gone
  std::int64_t cursors = 0;
};

class PostgresStatement final : public EngineStatement {
 public:
  PostgresStatement(PostgresConnection& connection, TransactionState& state, std::string_view sql, Fetch fetch)
      : connection_(connection), state_(state), sql_(sql), fetch_(fetch) {
    prepared();
  }
  ~PostgresStatement() override { reset(); }
  PostgresStatement(const PostgresStatement&) = delete;
  PostgresStatement& operator=(const PostgresStatement&) = delete;

  void bind_integer(std::int64_t value) override {
    start();
    const Oid type = next_type();
    integers_.push_back(encode_integer(type, value));
    bind(nullptr, integers_.back().size());
  }
  void bind_text(std::string_view text) override { bind_bytes(text.data(), text.size()); }
  void bind_blob(ByteView blob) override { bind_bytes(reinterpret_cast<const char*>(blob.data()), blob.size()); }
  void bind_null() override {
    start();
    next_type();
    bound_.push_back({nullptr, 0, true, false});
  }

  void add() override {
    const PreparedText& text = prepared();
    TANPUHUI_REQUIRE(bound_.size() == text.parameters.size(), "every parameter of a set is bound");
    arrays_.resize(text.parameters.size());
    std::size_t integer = 0;
    for (std::size_t i = 0; i < bound_.size(); ++i) {
      const Bound& value = bound_[i];
      const char* data = value.is_integer ? integers_[integer++].data() : value.data;
      arrays_[i].add(value.is_null ? nullptr : data, value.size);
      added_bytes_ += value.size;
    }
    added_ = true;
    forget_bound();
    const bool full = static_cast<std::size_t>(arrays_.front().count) >= sets_a_piece || added_bytes_ >= bytes_a_piece;
    if (full && text.columns.empty()) send_added();
  }

  bool step() override {
    if (!running_) {
      start();
      if (nothing_bound() && !added_) return false;
      fetch_first();
      running_ = true;
      row_ = -1;
    }
    if (++row_ < PQntuples(result_.get())) return true;
    if (!cursor_.empty() && row_ > 0) {
      fetch_more();
      row_ = 0;
      return PQntuples(result_.get()) > 0;
    }
    return false;
  }

  std::int64_t run() override {
    if (nothing_bound() && !added_) return 0;
    const auto tally = send_all(std::nullopt);
    connection_.exchange();
    rewind();
    return tally->changed;
  }

  void queue(std::optional<std::int64_t> changes) override {
    if (nothing_bound() && !added_) {
      return connection_.check_changes({0, changes}, sql_);
    }
    // Pieces may have been answered already.
    if (const auto tally = send_all(changes); tally.use_count() == 1) connection_.check_changes(*tally, sql_);
    rewind();
    if (state_.open)
      connection_.relieve();
    else
      connection_.exchange();
  }

  void reset() noexcept override {
    close_cursor();
    rewind();
    added_ = false;
    arrays_.clear();
    added_bytes_ = 0;
    tally_.reset();
  }

  std::int64_t integer(int column) const override {
    if (is_null(column)) return 0;
    return read_integer(PQftype(result_.get(), column), PQgetvalue(result_.get(), row_, column));
  }
  std::string_view text(int column) const override {
    return {PQgetvalue(result_.get(), row_, column),
            static_cast<std::size_t>(PQgetlength(result_.get(), row_, column))};
  }
  ByteView blob(int column) const override { return as_bytes(text(column)); }
  bool is_null(int column) const override { return PQgetisnull(result_.get(), row_, column) != 0; }

  [[noreturn]] void fail_without_row() const override {
    throw Fault(fmt::format("{}: no row in: {}", connection_.name(), sql_.substr(0, 300)));
  }

 private:
  struct Bound {
    const char* data;
    std::size_t size;
    bool is_null;
    bool is_integer;
  };

  PreparedText& prepared() {
    if (generation_ != connection_.generation()) {
      prepared_ = &connection_.prepare(sql_);
      generation_ = connection_.generation();
    }
    return *prepared_;
  }

  // Binding begins anew after a result was read.
  void start() {
    if (running_) rewind();
  }
  bool nothing_bound() { return bound_.empty() && !prepared().parameters.empty(); }

  Oid next_type() {
    const PreparedText& text = prepared();
    TANPUHUI_REQUIRE(bound_.size() < text.parameters.size(), "a statement has a parameter for each value");
    return text.parameters[bound_.size()];
  }
  void bind(const char* data, std::size_t size) { bound_.push_back({data, size, false, data == nullptr}); }
  void bind_bytes(const char* data, std::size_t size) {
    start();
    const Oid type = next_type();
    TANPUHUI_REQUIRE(type == type_text || type == type_bytes, "text and bytes are bound where they belong");
    bind(data ? data : "", size);
  }

  Values values() {
    Values values;
    std::size_t integer = 0;
    for (std::size_t i = 0; i < bound_.size(); ++i) {
      const Bound& value = bound_[i];
      const char* data = value.is_integer ? integers_[integer++].data() : value.data;
      values.add(prepared().parameters[i], value.is_null ? nullptr : data, value.size);
    }
    return values;
  }

  void send_added() {
    if (!tally_) tally_ = std::make_shared<Tally>();
    if (arrays_.front().count == 1)
      send_one();
    else
      send_arrays();
    arrays_.clear();
    added_bytes_ = 0;
  }

  // One set alone needs no plan over arrays.
  void send_one() {
    Values values;
    for (const ArrayOf& array : arrays_) values.add(0, array.first(), array.elements.size() - sizeof(std::int32_t));
    connection_.send_prepared(sql_, prepared().name, values, tally_);
  }

  void send_arrays() {
    PreparedText& text = prepared();
    connection_.prepare_bulk(sql_, text);
    std::vector<std::string> encoded;
    for (std::size_t i = 0; i < arrays_.size(); ++i) encoded.push_back(arrays_[i].encode(text.parameters[i]));
    Values values;
    for (const std::string& array : encoded) values.add(0, array.data(), array.size());
    connection_.send_prepared(sql_, text.bulk_name, values, tally_);
  }

  std::shared_ptr<Tally> send_all(std::optional<std::int64_t> changes) {
    if (added_) {
      if (!tally_) tally_ = std::make_shared<Tally>();
      tally_->wanted = changes;
      if (!arrays_.empty()) send_added();
      added_ = false;
      return std::exchange(tally_, nullptr);
    }
    auto tally = std::make_shared<Tally>();
    tally->wanted = changes;
    connection_.send_prepared(sql_, prepared().name, values(), tally);
    return tally;
  }

  void fetch_first() {
    if (fetch_ == Fetch::in_pieces) return open_cursor();
    send_all(std::nullopt);
    result_ = connection_.exchange();
  }

  // Outside of a transaction the server keeps the rows aside until the cursor is closed.
  void open_cursor() {
    const Values given = values();
    cursor_ = fmt::format("c{}", ++state_.cursors);
    cursor_holds_ = !state_.open;
    cursor_transaction_ = state_.number;
    connection_.send(fmt::format("DECLARE {} NO SCROLL CURSOR {} FOR {}", cursor_, cursor_holds_ ? "WITH HOLD" : "",
                                 postgres_text(sql_)),
                     given);
    if (cursor_holds_) connection_.exchange();
    fetch_more();
  }

  void fetch_more() {
    connection_.send(fmt::format("FETCH FORWARD {} FROM {}", rows_a_piece, cursor_));
    result_ = connection_.exchange();
  }

  void close_cursor() noexcept {
    if (cursor_.empty()) return;
    const bool there = generation_ == connection_.generation() && !connection_.is_broken() &&
                       (cursor_holds_ || (state_.open && cursor_transaction_ == state_.number));
    try {
      if (there) {
        connection_.send("CLOSE " + cursor_);
        connection_.exchange();
      }
    } catch (const Fault&) {  // who waits next for the server hears of it
    }
    cursor_.clear();
  }

  void forget_bound() {
    bound_.clear();
    integers_.clear();
  }
  void rewind() noexcept {
    forget_bound();
    result_.reset();
    running_ = false;
    row_ = -1;
  }

  PostgresConnection& connection_;
  TransactionState& state_;
  std::string sql_;
  Fetch fetch_;
  PreparedText* prepared_ = nullptr;
  int generation_ = 0;
  std::vector<Bound> bound_;
  std::vector<std::string> integers_;  // those of bound_, encoded
  std::vector<ArrayOf> arrays_;
  std::size_t added_bytes_ = 0;
  bool added_ = false, running_ = false;
  std::shared_ptr<Tally> tally_;
  PostgresResult result_;
  int row_ = -1;
  std::string cursor_;
  bool cursor_holds_ = false;
  std::int64_t cursor_transaction_ = 0;
};

// One lock for each purpose and schema.
std::string lock_sql(std::string_view function, int purpose) {
  return fmt::format("SELECT {}({}::bigint * 4294967296 + coalesce(to_regnamespace(current_schema())::oid::bigint, 0))",
                     function, application_id % 65536 * 16 + purpose);
}
constexpr int purpose_transaction = 1, purpose_job = 2;
constexpr std::chrono::milliseconds between_tries{100};

class Postgres final : public Engine {
 public:
  Postgres(const std::string& location, Access access) : connection_(location, access) {}

  const std::string& name() const override { return connection_.name(); }

  std::unique_ptr<EngineStatement> prepare(std::string_view sql, Fetch fetch) override {
    return std::make_unique<PostgresStatement>(connection_, state_, sql, fetch);
  }
  void execute(const std::string& sql) override { connection_.execute(postgres_text(sql)); }

  void begin(Transaction::Kind kind) override {
    open("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE");
    if (kind == Transaction::Kind::alone) connection_.send(lock_sql("pg_advisory_xact_lock", purpose_transaction));
  }

  // What was queued is checked before, since the server knows nothing of the changes we wait for.
  void commit() override {
    if (connection_.awaits_changes()) connection_.exchange();
    connection_.send("COMMIT");
    const PostgresResult committed = connection_.exchange();
    state_.open = false;
    TANPUHUI_REQUIRE(std::string_view(PQcmdStatus(committed.get())) == "COMMIT", "what is committed had no error");
  }
  void rollback() noexcept override { end("ROLLBACK"); }
  void begin_reading() override { open("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"); }
  // Nothing was written: only a commit that writes is worth asking about when its answer is lost.
  void end_reading() noexcept override { end("ROLLBACK"); }

  void reconnect() override {
    state_.open = false;
    connection_.reconnect();
  }

  std::int64_t change_counter() override {
    return integer_of("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint");
  }
  // The server looks after its constraints and, where they are switched on, its checksums.
  std::vector<std::string> find_damage() override { return {}; }

  Database::SchemaMark schema_mark() override {
    if (integer_of("SELECT (current_schema() IS NULL)::int") != 0)
      throw Fault(name() + ": the schema of its search path does not exist; create it first: CREATE SCHEMA");
    Database::SchemaMark mark;
    mark.is_empty = integer_of("SELECT count(*) FROM pg_tables WHERE schemaname = current_schema()") == 0;
    const bool marked = integer_of(
                            "SELECT count(*) FROM pg_tables WHERE schemaname = current_schema() AND tablename = "
                            "'store_mark'") != 0;
    if (!marked) return mark;
    const auto row = prepare("SELECT application_id, schema_version FROM store_mark", Fetch::whole);
    mark.is_ours = row->step() && row->integer(0) == application_id;
    if (mark.is_ours) mark.version = row->integer(1);
    return mark;
  }
  void set_schema_version(std::int64_t version) override {
    execute(
        fmt::format("CREATE TABLE IF NOT EXISTS store_mark (application_id BIGINT PRIMARY KEY, schema_version "
                    "BIGINT NOT NULL); INSERT INTO store_mark VALUES ({}, {}) ON CONFLICT (application_id) DO "
                    "UPDATE SET schema_version = excluded.schema_version",
                    application_id, version));
  }
  void define(const std::string& ddl) override { connection_.execute(postgres_ddl(ddl)); }
  void erase() override {
    execute(
        "DO $$ DECLARE t record; BEGIN FOR t IN SELECT tablename FROM pg_tables WHERE schemaname = current_schema() "
        "LOOP EXECUTE format('DROP TABLE %I', t.tablename); END LOOP; END $$");
  }

  bool begin_job(std::optional<std::chrono::milliseconds> patience) override {
    if (!patience) {
      connection_.send(lock_sql("pg_advisory_lock", purpose_job));
      connection_.exchange();
      return true;
    }
    const auto until = std::chrono::steady_clock::now() + *patience;
    while (!try_job()) {
      if (std::chrono::steady_clock::now() >= until) return false;
      std::this_thread::sleep_for(between_tries);
    }
    return true;
  }
  void end_job() noexcept override {
    try {
      if (connection_.is_broken()) return;
      connection_.send(lock_sql("pg_advisory_unlock", purpose_job));
      connection_.exchange();
    } catch (const Fault&) {  // the lock ends with the connection
    }
  }

 private:
  bool try_job() {
    connection_.send(lock_sql("pg_try_advisory_lock", purpose_job));
    return *PQgetvalue(connection_.exchange().get(), 0, 0) != 0;
  }

  void open(const std::string& begin) {
    connection_.send(begin);
    state_.open = true;
    ++state_.number;
  }

  void end(const std::string& how) noexcept {
    state_.open = false;
    try {
      connection_.exchange();
    } catch (const std::exception&) {  // of a transaction that is given up
    }
    try {
      if (connection_.is_broken()) return connection_.forget_pending();
      connection_.send(how);
      connection_.exchange();
    } catch (const std::exception&) {  // who waits next for the server hears of it
    }
  }

  std::int64_t integer_of(std::string_view sql) {
    const auto row = prepare(sql, Fetch::whole);
    return row->step() ? row->integer(0) : 0;
  }

  PostgresConnection connection_;
  TransactionState state_;
};

}  // namespace

std::unique_ptr<Engine> open_postgres(const std::string& location, Access access) {
  return std::make_unique<Postgres>(location, access);
}

}  // namespace tanpuhui
