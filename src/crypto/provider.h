#pragma once
/// What the shell asks of cryptography, so that another library or a security module can stand behind it and tests can
/// fix the randomness. Pure code never sees it: it is handed functions. Basis: design.9, decisions D31 and D34
///
///   const CryptoProvider& crypto = library_crypto();
///   const auto salt = crypto.random_digest();
#include <span>

#include "base/bytes.h"
#include "crypto/ed25519.h"

namespace tanpuhui {

class CryptoProvider {
 public:
  virtual ~CryptoProvider() = default;

  virtual HashFunction sha256_function() const = 0;
  virtual HashFunction sm3_function() const = 0;
  virtual Digest mac(ByteView key, ByteView message) const = 0;  ///< HMAC-SHA-256
  virtual void randomise(std::span<std::uint8_t> out) const = 0;
  virtual Signature sign(const SigningKey& key, ByteView message) const = 0;
  virtual bool verify(const VerifyKey& key, ByteView message, ByteView signature) const = 0;

  /// 32 random bytes: a salt, a key seed.
  Digest random_digest() const;
};

/// The provider behind hash.h, random.h and ed25519.h.
const CryptoProvider& library_crypto();

}  // namespace tanpuhui
