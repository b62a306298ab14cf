#include "rooms/participants/account_number.h"

#include "base/cbor.h"
#include "ledger/account.h"

namespace tanpuhui {
namespace {

constexpr std::size_t number_bytes = 8;

std::int64_t number_at(const Digest& digest, std::size_t begin) {
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < number_bytes; ++i) number = number << 8U | digest[begin + i];
  return static_cast<std::int64_t>(number >> 1U);
}

}  // namespace

AccountId account_number(ByteView salt, std::string_view ref, HashFunction hash) {
  CborWriter content;
  content.array(3).text("tph/account1").bytes(salt).text(ref);
  const Digest digest = hash(content.result());
  std::int64_t number = 0;
  for (std::size_t at = 0; at < digest.size() && number < first_own_account; at += number_bytes)
    number = number_at(digest, at);
  return AccountId{number < first_own_account ? number + first_own_account : number};
}

}  // namespace tanpuhui
