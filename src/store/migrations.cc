#include "store/migrations.h"

#include <array>

#include <fmt/format.h>

#include "base/fault.h"

namespace tanpuhui {
namespace {

constexpr std::array<Migration, 4> all_migrations = {{
    {
        1,
        "accounts_and_acts",
#include "store/migrations/001_accounts_and_acts.sql.inc"
    },
    {
        2,
        "issuance_and_mall",
#include "store/migrations/002_issuance_and_mall.sql.inc"
    },
    {
        3,
        "lines_that_carry",
#include "store/migrations/003_lines_that_carry.sql.inc"
    },
    {
        4,
        "frozen_figures",
#include "store/migrations/004_frozen_figures.sql.inc"
    },
}};

constexpr std::int64_t application_id = 0x54504801;  // "TPH", first form of the file

std::int64_t pragma(Database& database, const char* sql) { return database.statement(sql).run_integer(); }
std::int64_t schema_version(Database& database) { return pragma(database, "PRAGMA user_version"); }

void require_ours(Database& database) {
  const bool empty = pragma(database, "SELECT count(*) FROM sqlite_schema") == 0;
  if (!empty && pragma(database, "PRAGMA application_id") != application_id)
    throw Fault(database.path() + ": this is the database of another program; name another file");
}

void require_not_newer(Database& database) {
  const std::int64_t newest = all_migrations.back().number;
  if (const std::int64_t version = schema_version(database); version > newest)
    throw Fault(fmt::format("{}: written by a newer program (schema {}, this one knows {}); use that program",
                            database.path(), version, newest));
}

void apply(Database& writer, const Migration& migration) {
  Transaction transaction(writer);
  writer.execute(std::string(migration.sql));
  writer.execute(fmt::format("PRAGMA application_id = {}; PRAGMA user_version = {}", application_id, migration.number));
  transaction.commit();
}

}  // namespace

std::span<const Migration> migrations() { return all_migrations; }

int migrate(Database& writer) {
  require_ours(writer);
  require_not_newer(writer);
  int steps = 0;
  for (const Migration& migration : all_migrations) {
    if (schema_version(writer) >= migration.number) continue;
    apply(writer, migration);
    ++steps;
  }
  return steps;
}

void require_current_schema(Database& database) {
  require_ours(database);
  require_not_newer(database);
  if (schema_version(database) < all_migrations.back().number)
    throw Fault(database.path() + ": no programme, or one of an older program; run `tanpuhui init` or the server once");
}

}  // namespace tanpuhui
