#include "rooms/reduction/shell/find_certificates.h"

namespace tanpuhui {
namespace {

NumberedStatement read_statement(const Statement& row) {
  return {std::string(row.text(0)), EntryId{row.integer(1)}, Bytes(row.blob(2).begin(), row.blob(2).end())};
}

std::optional<NumberedStatement> first_of(Statement& row) {
  if (!row.step()) return std::nullopt;
  return read_statement(row);
}

}  // namespace

std::optional<NumberedStatement> find_certificate(Database& database, std::string_view number) {
  auto row = database.statement("SELECT number, entry_id, context FROM certificates WHERE number = ?");
  row.bind(number);
  return first_of(row);
}

std::optional<NumberedStatement> find_certificate(Database& database, EntryId entry) {
  auto row = database.statement("SELECT number, entry_id, context FROM certificates WHERE entry_id = ?");
  row.bind(entry.value);
  return first_of(row);
}

std::vector<NumberedStatement> list_certificates(Database& database, std::size_t limit) {
  std::vector<NumberedStatement> statements;
  auto rows = database.statement("SELECT number, entry_id, context FROM certificates ORDER BY entry_id DESC LIMIT ?");
  rows.bind(limit);
  while (rows.step()) statements.push_back(read_statement(rows));
  return statements;
}

}  // namespace tanpuhui
