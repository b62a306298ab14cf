#include "rooms/participants/shell/accounts.h"

#include "base/cbor.h"
#include "crypto/hash.h"
#include "rooms/participants/account_number.h"
#include "rooms/participants/shell/register_rows.h"

namespace tanpuhui {
namespace {

Digest request_digest(const NewAccount& account) {
  CborWriter content;
  content.array(3).text("tph/open1").text(account.ref).integer(static_cast<std::int64_t>(account.kind));
  return sha256(content.result());
}

Entry opening_entry(const Office& office, const NewAccount& account, AccountId number) {
  Entry entry = office.entry(EntryKind::register_act, "operator", office.book.basis_of("ACC-01"));
  const bool person = account.kind == AccountKind::person;
  entry.notes = {{1, std::to_string(number.value)}, {2, person ? "person" : "organisation"}};
  return entry;
}

}  // namespace

Result<AccountId> open_account(const Office& office, ByteView account_salt, const NewAccount& account, CommandId id) {
  const auto standing = find_registered(office.database, account.ref);
  if (standing && standing->kind == account.kind) return standing->account;
  const auto decide = [&](const AccountState&) -> Result<Decided> {
    TANPUHUI_TRY(const Done granted,
                 decide_open_account(account, standing ? std::optional(standing->kind) : std::nullopt));
    static_cast<void>(granted);
    const AccountId number = free_account_number(office.database, account_salt, account.ref);
    const RegisteredAccount row{number, account.kind, AccountStatus::active, office.now};
    return Decided{opening_entry(office, account, number),
                   [&account, row](Database& store, EntryId) { insert_account(store, account.ref, row); }};
  };
  TANPUHUI_TRY(const EntryId entry, office.carry_out(office.command(id, system_account(SystemAccount::issued),
                                                                    request_digest(account), decide)));
  static_cast<void>(entry);
  return account_number(account_salt, account.ref, sha256);
}

}  // namespace tanpuhui
