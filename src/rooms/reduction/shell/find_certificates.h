#pragma once
/// Statements that were numbered, by number or by entry.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/ids.h"
#include "store/database.h"

namespace tanpuhui {

struct NumberedStatement {
  std::string number;
  EntryId entry;
  Bytes context;  ///< `decode_statement` reads it
};

std::optional<NumberedStatement> find_certificate(Database& database, std::string_view number);
std::optional<NumberedStatement> find_certificate(Database& database, EntryId entry);
/// The newest first, at most `limit`.
std::vector<NumberedStatement> list_certificates(Database& database, std::size_t limit);

}  // namespace tanpuhui
