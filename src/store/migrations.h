#pragma once
/// The schema, as numbered steps that are never edited once released: migrations/NNN_name.sql.inc.
///
/// Its rules hold from the first table, so that one schema serves SQLite, PostgreSQL and Citus: (part, account_id)
/// first in the key of what a person owns, ids from the application, no trigger, sequence, stored procedure or
/// foreign key between accounts; what must hold about money is a named CHECK.
#include <span>
#include <string_view>

#include "store/database.h"

namespace tanpuhui {

struct Migration {
  int number;  ///< 1, 2, 3 ... without gaps
  std::string_view name;
  std::string_view sql;
};

std::span<const Migration> migrations();

/// Brings a new or older database to the newest schema, each step in one transaction. Returns the steps taken. One that
/// is newer than this program, or that is some other program's, is a Fault.
int migrate(Database& writer);

/// Spreads a new programme's tables over the nodes of a Citus cluster. A Fault where there is no Citus.
void distribute(Database& writer);

/// For readers: a Fault unless the database has exactly the newest schema.
void require_current_schema(Database& database);

}  // namespace tanpuhui
