#include "store/database.h"

#include <algorithm>

#include "store/engine.h"
#include "store/postgres.h"
#include "store/sqlite.h"

namespace tanpuhui {
namespace {

constexpr std::string_view sqlite_prefix = "sqlite:";

std::unique_ptr<Engine> open(const std::string& location, Access access) {
  if (is_server(location)) return open_postgres(location, access);
  return open_sqlite(file_of(location), access);
}

}  // namespace

bool is_server(std::string_view location) {
  return location.starts_with("postgresql://") || location.starts_with("postgres://");
}

std::string file_of(std::string_view location) {
  if (location.starts_with(sqlite_prefix)) location.remove_prefix(sqlite_prefix.size());
  return std::string(location);
}

std::string short_name(std::string_view server) {
  const auto until = [](std::string_view text, std::string_view ends) {
    return text.substr(0, text.find_first_of(ends));
  };
  std::string_view rest = server.substr(server.find("://") + 3);
  rest.remove_prefix(until(rest, "/?").size());
  std::string name(rest.starts_with('/') ? until(rest.substr(1), "?") : "");
  if (name.empty()) name = "postgres";
  for (const std::string_view mark : {"search_path%3D", "search_path%3d", "search_path="})
    if (const auto at = rest.find(mark); at != std::string_view::npos)
      name += "-" + std::string(until(rest.substr(at + mark.size()), "&%, "));
  return name;
}

std::string shown_location(std::string_view location) {
  std::string shown(location);
  if (!is_server(location)) return shown;
  const std::size_t begin = shown.find("://") + 3, at = shown.find('@', begin), colon = shown.find(':', begin);
  if (at != std::string::npos && colon < at) shown.replace(colon + 1, at - colon - 1, "...");
  if (const auto word = shown.find("password="); word != std::string::npos)
    shown.replace(word + 9, std::min(shown.find('&', word), shown.size()) - word - 9, "...");
  return shown;
}

Statement::Statement(Statement&& other) noexcept
    : engine_(std::exchange(other.engine_, nullptr)), lent_(std::exchange(other.lent_, nullptr)) {}

Statement::~Statement() {
  if (!engine_) return;
  if (!lent_) {
    delete engine_;
    return;
  }
  engine_->reset();
  *lent_ = false;
}

Statement& Statement::bind_integer(std::int64_t value) {
  engine_->bind_integer(value);
  return *this;
}
Statement& Statement::bind(std::string_view text) & {
  engine_->bind_text(text);
  return *this;
}
Statement& Statement::bind(ByteView blob) & {
  engine_->bind_blob(blob);
  return *this;
}
Statement& Statement::bind(std::nullptr_t) & {
  engine_->bind_null();
  return *this;
}

bool Statement::step() { return engine_->step(); }
std::int64_t Statement::run() { return engine_->run(); }
void Statement::queue(std::optional<std::int64_t> changes) { engine_->queue(changes); }
void Statement::add() { engine_->add(); }
void Statement::reset() { engine_->reset(); }

std::int64_t Statement::run_integer() {
  if (!step()) engine_->fail_without_row();
  const std::int64_t value = integer(0);
  reset();
  return value;
}

std::int64_t Statement::integer(int column) const { return engine_->integer(column); }
std::string_view Statement::text(int column) const { return engine_->text(column); }
ByteView Statement::blob(int column) const { return engine_->blob(column); }
bool Statement::is_null(int column) const { return engine_->is_null(column); }

Database::Database(std::string location, std::unique_ptr<Engine> engine)
    : location_(std::move(location)), engine_(std::move(engine)) {}
Database::Database(Database&& other) noexcept = default;
Database::~Database() = default;

Database Database::open_writer(const std::string& location) { return {location, open(location, Access::write)}; }
Database Database::open_reader(const std::string& location) { return {location, open(location, Access::read)}; }

Statement Database::statement(std::string_view sql) {
  auto found = cache_.find(sql);
  if (found == cache_.end())
    found = cache_.emplace(std::string(sql), Cached{engine_->prepare(sql, Fetch::whole), false}).first;
  // The same text twice at once (a statement inside its own loop) gets a second one.
  if (found->second.lent) return {engine_->prepare(sql, Fetch::whole).release(), nullptr};
  found->second.lent = true;
  return {found->second.statement.get(), &found->second.lent};
}

Statement Database::scan(std::string_view sql) { return {engine_->prepare(sql, Fetch::in_pieces).release(), nullptr}; }

void Database::execute(const std::string& sql) { engine_->execute(sql); }
const std::string& Database::path() const { return engine_->name(); }
void Database::reconnect() { engine_->reconnect(); }
std::int64_t Database::change_counter() { return engine_->change_counter(); }
std::vector<std::string> Database::find_damage() { return engine_->find_damage(); }
Database::SchemaMark Database::schema_mark() { return engine_->schema_mark(); }
void Database::set_schema_version(std::int64_t version) { engine_->set_schema_version(version); }
void Database::define(const std::string& ddl) { engine_->define(ddl); }
void Database::erase() {
  cache_.clear();
  engine_->erase();
}

Transaction::Transaction(Database& database, Kind kind) : database_(database) { database_.engine_->begin(kind); }
Transaction::~Transaction() {
  if (open_) database_.engine_->rollback();
}
void Transaction::commit() {
  database_.engine_->commit();
  open_ = false;
}

ReadTransaction::ReadTransaction(Database& database) : database_(database) { database_.engine_->begin_reading(); }
ReadTransaction::~ReadTransaction() { database_.engine_->end_reading(); }

Job::Job(Database& database, std::optional<std::chrono::milliseconds> patience) : database_(database) {
  if (!database_.engine_->begin_job(patience))
    throw Busy(database.path() + ": another process is at a long act (intake, seal, batch); try again in a while");
}
Job::~Job() { database_.engine_->end_job(); }

}  // namespace tanpuhui
