#pragma once
/// HTTP message signatures (RFC 9421), one profile of them: one Ed25519 signature that covers exactly what it must,
/// with `created` and `keyid`. Whatever is written otherwise is refused, so that there is one way to read it.
///
///   Signature-Input: delivery=("@method" "@path" "content-digest");created=1735689600;keyid="partner:rides"
///   Signature: delivery=:<base64 of 64 bytes>:
///
///   const SignedMessage message{{{"@method", "POST"}, {"@path", path}, {"content-digest", digest}}, input, signature};
///   if (auto flaw = check_signature(message, {"partner:rides", key, now, 300'000})) answer(*flaw);
///
/// What is covered may stand in any order; the label is free; `alg="ed25519"`, `expires`, `nonce` and `tag` may be
/// given. Pure: no clock, no socket.
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "crypto/ed25519.h"

namespace tanpuhui {

/// What is wrong with a signature: 401. The code tells its time (DAT-03) from everything else (DAT-01).
struct SignatureFlaw {
  std::string code, zh, en;
};

struct SignedMessage {
  std::vector<std::pair<std::string, std::string>> covered;  ///< all that must be signed: component and its value
  std::string signature_input, signature;                    ///< fields as received; empty: not sent
};

struct SignatureRules {
  std::string key_id;
  VerifyKey key;
  Instant now;
  std::int64_t clock_difference_max_ms;  ///< between `created` and now, before or after
};

/// What is wrong with it, or nothing.
std::optional<SignatureFlaw> check_signature(const SignedMessage& message, const SignatureRules& rules);

/// Under which key it says that it was signed; empty when that cannot be read.
std::string key_id_of(const SignedMessage& message);

/// What `Content-Digest: sha-256=:<base64>:` says (RFC 9530); that one digest and no other. It is part of what is
/// signed.
Result<Digest, SignatureFlaw> read_content_digest(std::string_view field);

/// `"@method" "@path" "content-digest"`: how the components are written in Signature-Input.
std::string list_components(const SignedMessage& message);

}  // namespace tanpuhui
