#include "bench/ground.h"

#include <cstdlib>
#include <filesystem>
#include <utility>

#include <fmt/format.h>

#include "crypto/hash.h"
#include "store/programme.h"

namespace tanpuhui {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view second_schema = "tanpuhui_bench";

std::string make_folder(const std::string& where) {
  std::string name = (fs::path(where.empty() ? fs::temp_directory_path() : fs::path(where)) / "bench-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw Fault(name + ": cannot be made; name another folder with --scratch");
  return name;
}

void require_empty(const std::string& server) {
  Database database = Database::open_writer(server);
  if (!database.schema_mark().is_empty)
    throw Fault(database.path() +
                ": 该模式中已有数据表，请指定一个空的模式\n"
                ": this schema holds tables; name an empty one (what a run that was stopped left behind goes with "
                "DROP SCHEMA ... CASCADE)");
  auto second =
      database.statement("SELECT count(*) FROM information_schema.schemata WHERE schema_name = CAST(? AS text)");
  if (second.bind(second_schema).run_integer() > 0)
    throw Fault(
        fmt::format("{0}: 该数据库中已有模式 {1}，请先移走\n"
                    "{0}: the database holds a schema {1}, which a run makes for itself; what a run that was "
                    "stopped left behind goes with DROP SCHEMA {1} CASCADE",
                    database.path(), second_schema));
}

std::string in_second_schema(const std::string& server) {
  return fmt::format("{}{}options=-csearch_path%3D{}", server, server.find('?') == std::string::npos ? '?' : '&',
                     second_schema);
}

}  // namespace

Ground::Ground(const BenchOptions& options) : options_(options) {
  if (on_server()) require_empty(options.store);
  folder_ = make_folder(options.scratch);
}

Ground::~Ground() {
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

Place::Place(const Ground& ground, const std::string& name, Beside beside)
    : location_(ground.on_server() ? ground.options().store : ground.file(name + ".db")) {
  if (!ground.on_server() || beside == Beside::nothing) return;
  made_beside_ = std::exchange(location_, in_second_schema(location_));
  Database::open_writer(made_beside_).execute(fmt::format("CREATE SCHEMA {}", second_schema));
}

Place::~Place() {
  try {
    if (!made_beside_.empty())
      Database::open_writer(made_beside_).execute(fmt::format("DROP SCHEMA {} CASCADE", second_schema));
    else if (is_server(location_))
      Database::open_writer(location_).erase();
    else
      for (const char* end : {"", "-wal", "-shm"}) fs::remove(location_ + end);
  } catch (const std::exception&) {  // the server went away: the case itself has said so
  }
}

namespace {

Database found(const std::string& location) {
  init_programme(location, {.name = "bench", .rulebook = "", .rehearsal = true, .account_salt = Bytes(32, 7)});
  return Database::open_writer(location);
}

}  // namespace

BenchProgramme::BenchProgramme(const Ground& ground, const std::string& name, Instant now, Beside beside)
    : place_(ground, name, beside),
      database_(found(place_.location())),
      writer_(database_, sha256),
      office_{database_, writer_, *ground.options().book, now} {}

}  // namespace tanpuhui
