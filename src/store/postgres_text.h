#pragma once
/// The common SQL of the store in the words of PostgreSQL.
#include <string>
#include <string_view>
#include <vector>

namespace tanpuhui {

/// `?` becomes $1, $2 ...; `x'0A'` a literal of bytes. What is quoted or a comment stays.
///
///   postgres_text("SELECT a FROM t WHERE b = ? AND c = '?'")  ->  "SELECT a FROM t WHERE b = $1 AND c = '?'"
std::string postgres_text(std::string_view sql);

/// The same statement for many sets of values at once (sql_text.h), each parameter an array. `types` are those of the
/// parameters.
///
///   postgres_bulk("UPDATE t SET a = ? WHERE b = ?", {"int8", "text"})
///     ->  "UPDATE t SET a = given.v1 FROM unnest($1::int8[], $2::text[]) AS given(v1, v2) WHERE b = given.v2"
std::string postgres_bulk(std::string_view sql, const std::vector<std::string>& types);

/// Table definitions: INTEGER is BIGINT, BLOB is BYTEA, text is compared byte for byte, ANY is text; STRICT and WITHOUT
/// ROWID are SQLite's own.
std::string postgres_ddl(std::string_view ddl);

}  // namespace tanpuhui
