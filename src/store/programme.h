#pragma once
/// A programme: one scheme under one rulebook in one database: a file, or a schema of a server (database.h).
///
///   init_programme("city.db", {.name = "Demo city", .rulebook = "my_book", .rehearsal = true, .account_salt = salt});
///   Programme programme = Programme::open("city.db");          // locks a file, migrates it
///   Instant now = programme.now(as_of);
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"
#include "base/time.h"
#include "store/database.h"
#include "store/file_lock.h"

namespace tanpuhui {

/// By the clock of this machine.
Instant clock_now();

struct ProgrammeSettings {
  std::string name;
  std::string rulebook;      ///< name of the folder under rulebooks/
  bool rehearsal = false;    ///< moved time is possible, and nothing of it is legally valid
  Bytes account_salt;        ///< random, from the caller: account numbers say nothing about whose they are
  std::string log_key = {};  ///< public key of its transparency log, as published
  bool distributed = false;  ///< spread over the nodes of a Citus cluster; not kept: the tables tell
};

/// Creates the file or the tables. A Fault when there is a programme already.
void init_programme(const std::string& location, const ProgrammeSettings& settings);

/// For who only reads, also while another process writes. A Fault when there is no programme.
Database open_programme_reader(const std::string& location);

/// Makes room for a new rehearsal on a server: removes the tables of one that stands there. A Fault when what stands
/// there is no rehearsal.
void erase_rehearsal(const std::string& server);

/// One value of the meta table; what rooms keep beside the settings they name `<room>.<name>`.
std::optional<std::string> find_meta(Database& database, std::string_view key);
void save_meta(Database& writer, std::string_view key, std::string_view value);

class Programme {
 public:
  static Programme open(const std::string& location);

  const ProgrammeSettings& settings() const { return settings_; }
  /// The one connection that writes.
  Database& database() { return database_; }
  Database open_reader() const { return Database::open_reader(database_.location()); }

  /// Now, by the machine's clock or, in a rehearsal, by `--as-of`. In any other programme moved time is refused.
  /// Basis: decisions D20
  Result<Instant> now(std::optional<Instant> as_of) const;

 private:
  Programme(std::optional<FileLock> lock, Database database, ProgrammeSettings settings)
      : lock_(std::move(lock)), database_(std::move(database)), settings_(std::move(settings)) {}
  std::optional<FileLock> lock_;  // declared first, so that the connection closes before the lock is given up
  Database database_;
  ProgrammeSettings settings_;
};

/// The settings as they stand, also for readers.
ProgrammeSettings load_programme(Database& database);

}  // namespace tanpuhui
