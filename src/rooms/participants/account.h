#pragma once
/// Opening an account in the register.
#include <optional>
#include <string>

#include "base/result.h"
#include "ledger/account.h"

namespace tanpuhui {

struct NewAccount {
  std::string ref;  ///< the programme's own name for the holder; no personal data
  AccountKind kind = AccountKind::organisation;
};

/// `standing` is the kind of the account that has this name, if there is one. Refuses DAT-06 a name that is empty, too
/// long or holds control characters; ACC-01 a name that belongs to an account of another kind. Basis: js24.a8
Result<Done> decide_open_account(const NewAccount& account, std::optional<AccountKind> standing);

}  // namespace tanpuhui
