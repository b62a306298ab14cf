#pragma once
/// From a request's head to who signed it. Partners' deliveries and persons' requests are verified in this one way
/// (message_signature.h); they differ in whose key it must be.
///
///   TANPUHUI_TRY(const SignedBy by, check_person_signature(head, {clock(), 300'000}));   // no store is asked for it
///   const auto recorded = find_person_key(database, by.key);
#include <vector>

#include "base/refusal.h"
#include "server/http_guard.h"
#include "server/message_signature.h"

namespace tanpuhui {

/// What of the request must be signed: method, path and query, these fields, and of the others those that it has.
SignedMessage signed_message(const RequestHead& head, const std::vector<std::string>& fields,
                             const std::vector<std::string>& where_there);

struct SignatureTime {
  Instant now;
  std::int64_t difference_max_ms;
};

struct SignedBy {
  PublicKeyBytes key{};
  std::optional<Digest> content;  ///< of the body; empty when the request has none
};

/// A person's key names itself: `keyid="person:<64 hexadecimal digits>"`. So whoever has no private key learns nothing,
/// neither whose key is recorded nor whether; and a forged request costs no look into the store. Refused: DAT-01,
/// DAT-03.
Result<SignedBy> check_person_signature(const RequestHead& head, const SignatureTime& time);

}  // namespace tanpuhui
