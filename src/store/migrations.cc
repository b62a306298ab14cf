#include "store/migrations.h"

#include <array>

#include <fmt/format.h>

#include "base/fault.h"

namespace tanpuhui {
namespace {

constexpr std::array<Migration, 16> all_migrations = {{
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
    {
        5,
        "entry_head",
#include "store/migrations/005_entry_head.sql.inc"
    },
    {
        6,
        "taken_messages",
#include "store/migrations/006_taken_messages.sql.inc"
    },
    {
        7,
        "packed_days",
#include "store/migrations/007_packed_days.sql.inc"
    },
    {
        8,
        "entry_lanes",
#include "store/migrations/008_entry_lanes.sql.inc"
    },
    {
        9,
        "folded_entries",
#include "store/migrations/009_folded_entries.sql.inc"
    },
    {
        10,
        "cases",
#include "store/migrations/010_cases.sql.inc"
    },
    {
        11,
        "standings",
#include "store/migrations/011_standings.sql.inc"
    },
    {
        12,
        "person_keys",
#include "store/migrations/012_person_keys.sql.inc"
    },
    {
        13,
        "issued_by_case",
#include "store/migrations/013_issued_by_case.sql.inc"
    },
    {
        14,
        "regions",
#include "store/migrations/014_regions.sql.inc"
    },
    {
        15,
        "exchange",
#include "store/migrations/015_exchange.sql.inc"
    },
    {
        16,
        "corrections",
#include "store/migrations/016_corrections.sql.inc"
    },
}};

constexpr std::string_view distribution =
#include "store/migrations/distributed.sql.inc"
    ;

constexpr std::int64_t newest = all_migrations.back().number;

/// The version, when the schema is ours and not beyond us.
std::int64_t checked_version(Database& database) {
  const Database::SchemaMark mark = database.schema_mark();
  if (!mark.is_empty && !mark.is_ours)
    throw Fault(database.path() + ": this is the database of another program; name another one");
  if (mark.version > newest)
    throw Fault(fmt::format("{}: written by a newer program (schema {}, this one knows {}); use that program",
                            database.path(), mark.version, newest));
  return mark.version;
}

// Another process may have taken the step since the version was looked at.
bool apply(Database& writer, const Migration& migration) {
  Transaction transaction(writer);
  if (checked_version(writer) >= migration.number) return false;
  writer.define(std::string(migration.sql));
  writer.set_schema_version(migration.number);
  transaction.commit();
  return true;
}

}  // namespace

std::span<const Migration> migrations() { return all_migrations; }

int migrate(Database& writer) {
  const std::int64_t version = checked_version(writer);
  int steps = 0;
  for (const Migration& migration : all_migrations)
    if (migration.number > version && apply(writer, migration)) ++steps;
  return steps;
}

void distribute(Database& writer) {
  if (!is_server(writer.location())) throw Fault(writer.path() + ": a file is not spread over nodes; name a server");
  Transaction transaction(writer);
  writer.execute(std::string(distribution));
  transaction.commit();
}

void require_current_schema(Database& database) {
  if (checked_version(database) < newest)
    throw Fault(database.path() + ": no programme, or one of an older program; run `tanpuhui init` or the server once");
}

}  // namespace tanpuhui
