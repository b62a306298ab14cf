#include "rooms/participants/shell/find_accounts.h"

namespace tanpuhui {

std::optional<AccountId> find_account_of(Database& database, std::string_view ref) {
  auto row = database.statement("SELECT account_id FROM accounts_register WHERE ref = ?");
  row.bind(ref);
  if (!row.step()) return std::nullopt;
  return AccountId{row.integer(0)};
}

}  // namespace tanpuhui
