#pragma once
/// Opening accounts: persons by their consent (consents.h), organisations by the operator.
#include "office/office.h"
#include "rooms/participants/account.h"

namespace tanpuhui {

/// Opening the same account again is the same account. Refuses ACC-01 when the name belongs to an account of another
/// kind, DAT-06 when it is no name. A Fault when the number belongs to another holder (63 bits: not in this world).
Result<AccountId> open_account(const Office& office, ByteView account_salt, const NewAccount& account, CommandId id);

}  // namespace tanpuhui
