#pragma once
/// What an engine of the store does. Private to the store: everybody else uses database.h, whose words these are.
#include <chrono>
#include <memory>

#include "store/database.h"

namespace tanpuhui {

class EngineStatement {
 public:
  virtual ~EngineStatement() = default;
  virtual void bind_integer(std::int64_t value) = 0;
  virtual void bind_text(std::string_view text) = 0;
  virtual void bind_blob(ByteView blob) = 0;
  virtual void bind_null() = 0;
  virtual void add() = 0;
  virtual bool step() = 0;
  virtual std::int64_t run() = 0;
  virtual void queue(std::optional<std::int64_t> changes) = 0;
  /// Ready to be bound from the first parameter on.
  virtual void reset() noexcept = 0;
  virtual std::int64_t integer(int column) const = 0;
  virtual std::string_view text(int column) const = 0;
  virtual ByteView blob(int column) const = 0;
  virtual bool is_null(int column) const = 0;
  [[noreturn]] virtual void fail_without_row() const = 0;
};

enum class Fetch { whole, in_pieces };

class Engine {
 public:
  virtual ~Engine() = default;
  virtual const std::string& name() const = 0;
  virtual std::unique_ptr<EngineStatement> prepare(std::string_view sql, Fetch fetch) = 0;
  virtual void execute(const std::string& sql) = 0;
  virtual void begin(Transaction::Kind kind) = 0;
  virtual void commit() = 0;
  virtual void rollback() noexcept = 0;
  virtual void begin_reading() = 0;
  virtual void end_reading() noexcept = 0;
  virtual void reconnect() = 0;
  virtual std::int64_t change_counter() = 0;
  virtual std::vector<std::string> find_damage() = 0;
  virtual Database::SchemaMark schema_mark() = 0;
  virtual void set_schema_version(std::int64_t version) = 0;
  virtual void define(const std::string& ddl) = 0;
  virtual void erase() = 0;
  /// False when the turn does not come in time; without patience it waits for ever.
  virtual bool begin_job(std::optional<std::chrono::milliseconds> patience) = 0;
  virtual void end_job() noexcept = 0;
};

enum class Access { write, read };

/// Marks what is ours: "TPH", first form of the store.
inline constexpr std::int64_t application_id = 0x54504801;

}  // namespace tanpuhui
