#pragma once
/// Opening accounts: persons by their consent (consents.h), organisations by the operator.
#include <optional>
#include <string>
#include <string_view>

#include "ledger/account.h"
#include "office/office.h"

namespace tanpuhui {

struct NewAccount {
  std::string ref;  ///< the programme's own name for the holder; no personal data
  AccountKind kind = AccountKind::organisation;
};

/// Opening the same account again is the same account. Refuses ACC-01 when the name belongs to an account of another
/// kind.
Result<AccountId> open_account(const Office& office, ByteView account_salt, const NewAccount& account, CommandId id);

}  // namespace tanpuhui
