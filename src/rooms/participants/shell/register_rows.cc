#include "rooms/participants/shell/register_rows.h"

#include <fmt/format.h>

#include "base/fault.h"
#include "crypto/hash.h"
#include "rooms/participants/account_number.h"

namespace tanpuhui {

std::optional<RegisteredAccount> find_registered(Database& database, std::string_view ref) {
  auto row = database.statement("SELECT account_id, kind, status, opened_at FROM accounts_register WHERE ref = ?");
  row.bind(ref);
  if (!row.step()) return std::nullopt;
  return RegisteredAccount{AccountId{row.integer(0)}, static_cast<AccountKind>(row.integer(1)),
                           static_cast<AccountStatus>(row.integer(2)), Instant{row.integer(3)}};
}

void fail_same_number(AccountId account, std::string_view ref, std::string_view other) {
  throw Fault(fmt::format("{} and {} have the same account number {}: give the newer one another name", ref, other,
                          account.value));
}

AccountId free_account_number(Database& database, ByteView salt, std::string_view ref) {
  const AccountId account = account_number(salt, ref, sha256);
  auto row = database.statement("SELECT ref FROM accounts_register WHERE account_id = ?");
  row.bind(account.value);
  if (row.step()) fail_same_number(account, ref, row.text(0));
  return account;
}

void insert_account(Database& database, std::string_view ref, const RegisteredAccount& account) {
  auto insert = database.statement(
      "INSERT INTO accounts_register(account_id, part, kind, ref, status, opened_at) VALUES (?, ?, ?, ?, ?, ?)");
  insert.bind(account.account.value).bind(part_of(account.account).value).bind(static_cast<int>(account.kind));
  insert.bind(ref).bind(static_cast<int>(account.status)).bind(account.opened_at.ms).run();
}

void set_account_status(Database& database, AccountId account, AccountStatus status) {
  auto update = database.statement("UPDATE accounts_register SET status = ? WHERE part = ? AND account_id = ?");
  update.bind(static_cast<int>(status)).bind(part_of(account).value).bind(account.value).run();
}

}  // namespace tanpuhui
