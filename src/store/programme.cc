#include "store/programme.h"

#include <chrono>
#include <filesystem>
#include <utility>

#include "base/fault.h"
#include "store/lanes.h"
#include "store/migrations.h"

namespace tanpuhui {
namespace {

std::string required_meta(Database& database, std::string_view key) {
  auto value = find_meta(database, key);
  if (!value) throw Fault(database.path() + ": no programme here; create one with `tanpuhui init`");
  return *std::move(value);
}

// A server takes several processes.
std::optional<FileLock> lock_of(const std::string& location) {
  if (is_server(location)) return std::nullopt;
  return std::make_optional<FileLock>(file_of(location));
}

// Opening would make it.
void require_file(const std::string& location) {
  if (const std::string path = file_of(location); !is_server(location) && !std::filesystem::exists(path))
    throw Fault(path + ": no such file; create a programme with `tanpuhui init`");
}

}  // namespace

Instant clock_now() {
  const auto since = std::chrono::system_clock::now().time_since_epoch();
  return Instant{std::chrono::duration_cast<std::chrono::milliseconds>(since).count()};
}

std::optional<std::string> find_meta(Database& database, std::string_view key) {
  auto row = database.statement("SELECT value FROM meta WHERE key = ?").bind(key);
  if (!row.step()) return std::nullopt;
  return std::string(row.text(0));
}

void save_meta(Database& writer, std::string_view key, std::string_view value) {
  writer.statement("INSERT INTO meta(key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value")
      .bind(key)
      .bind(value)
      .run();
}

void init_programme(const std::string& location, const ProgrammeSettings& settings) {
  const auto lock = lock_of(location);
  Database database = Database::open_writer(location);
  const bool is_new = migrate(database) > 0;
  if (is_new && is_server(location)) make_lanes(database, server_lanes);
  if (is_new && settings.distributed) distribute(database);
  Transaction transaction(database);
  if (find_meta(database, "programme.name"))
    throw Fault(database.path() + ": holds a programme already; name another place, or use this one");
  save_meta(database, "programme.name", settings.name);
  save_meta(database, "programme.rulebook", settings.rulebook);
  save_meta(database, "programme.rehearsal", settings.rehearsal ? "yes" : "no");
  save_meta(database, "programme.account_salt", to_hex(settings.account_salt));
  save_meta(database, "programme.log_key", settings.log_key);
  transaction.commit();
}

void erase_rehearsal(const std::string& server) {
  Database database = Database::open_writer(server);
  if (database.schema_mark().is_empty) return;
  require_current_schema(database);
  if (find_meta(database, "programme.name") && !load_programme(database).rehearsal)
    throw Fault(database.path() + ": holds a programme that is no rehearsal; name another place");
  database.erase();
}

ProgrammeSettings load_programme(Database& database) {
  ProgrammeSettings settings;
  settings.name = required_meta(database, "programme.name");
  settings.rulebook = required_meta(database, "programme.rulebook");
  settings.rehearsal = required_meta(database, "programme.rehearsal") == "yes";
  settings.account_salt = from_hex(required_meta(database, "programme.account_salt")).value_or(Bytes{});
  settings.log_key = required_meta(database, "programme.log_key");
  return settings;
}

Database open_programme_reader(const std::string& location) {
  require_file(location);
  Database database = Database::open_reader(location);
  require_current_schema(database);
  return database;
}

Programme Programme::open(const std::string& location) {
  require_file(location);
  auto lock = lock_of(location);
  Database database = Database::open_writer(location);
  if (is_server(location) && database.schema_mark().is_empty)
    throw Fault(database.path() + ": no programme here; create one with `tanpuhui init`");
  migrate(database);
  ProgrammeSettings settings = load_programme(database);
  return {std::move(lock), std::move(database), std::move(settings)};
}

Result<Instant> Programme::now(std::optional<Instant> as_of) const {
  if (!as_of) return clock_now();
  if (settings_.rehearsal) return *as_of;
  return refuse("clock_not_moved", "decisions.D20")
      .because("programme", settings_.name)
      .says("只有演练项目可以移动时间", "time can be moved only in a rehearsal programme")
      .mend("去掉 --as-of，或用 `init --rehearsal` 建立演练项目",
            "leave out --as-of, or make a rehearsal programme with `init --rehearsal`");
}

}  // namespace tanpuhui
