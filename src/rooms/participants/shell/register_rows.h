#pragma once
/// Rows of the register of accounts, for the acts of this room.
#include <optional>
#include <string_view>

#include "base/time.h"
#include "ledger/account.h"
#include "store/database.h"

namespace tanpuhui {

struct RegisteredAccount {
  AccountId account;
  AccountKind kind = AccountKind::person;
  AccountStatus status = AccountStatus::active;
  Instant opened_at;
};

std::optional<RegisteredAccount> find_registered(Database& database, std::string_view ref);

/// The number of a holder who has no account yet. A Fault that says so when another holder has this number.
AccountId free_account_number(Database& database, ByteView salt, std::string_view ref);
/// The Fault of two holders with one number.
[[noreturn]] void fail_same_number(AccountId account, std::string_view ref, std::string_view other);

void insert_account(Database& database, std::string_view ref, const RegisteredAccount& account);
void set_account_status(Database& database, AccountId account, AccountStatus status);

}  // namespace tanpuhui
