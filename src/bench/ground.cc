#include "bench/ground.h"

#include <cstdlib>
#include <filesystem>

#include "crypto/hash.h"
#include "store/programme.h"

namespace tanpuhui {
namespace {

namespace fs = std::filesystem;

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

Place::Place(const Ground& ground, const std::string& name)
    : location_(ground.on_server() ? ground.options().store : ground.file(name + ".db")) {}

Place::~Place() {
  try {
    if (is_server(location_))
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

BenchProgramme::BenchProgramme(const Ground& ground, const std::string& name, Instant now)
    : place_(ground, name),
      database_(found(place_.location())),
      writer_(database_, sha256),
      office_{database_, writer_, *ground.options().book, now} {}

}  // namespace tanpuhui
