#pragma once
/// Ed25519 (RFC 8032, pure): the signature of the transparency log. Both keys are values: copy, compare, keep.
///
///   const SigningKey key = SigningKey::generate();
///   const Signature signature = key.sign(message);
///   key.verify_key().verify(message, signature)     // true
///
/// Signing is deterministic. Library failures while signing are Faults; `verify` of anything that is not a good
/// signature, also of a key that is no key, is false.
#include <array>
#include <memory>

#include "base/bytes.h"

namespace Botan {
class Ed25519_PrivateKey;
}

namespace tanpuhui {

using Signature = std::array<std::uint8_t, 64>;
using KeySeed = std::array<std::uint8_t, 32>;
using PublicKeyBytes = std::array<std::uint8_t, 32>;

class VerifyKey {
 public:
  explicit VerifyKey(const PublicKeyBytes& bytes) : bytes_(bytes) {}

  bool verify(ByteView message, ByteView signature) const;
  const PublicKeyBytes& bytes() const { return bytes_; }
  bool operator==(const VerifyKey&) const = default;

 private:
  PublicKeyBytes bytes_;
};

class SigningKey {
 public:
  static SigningKey generate();
  static SigningKey from_seed(const KeySeed& seed);

  Signature sign(ByteView message) const;
  VerifyKey verify_key() const;
  /// The 32 bytes that are the key: for a key file readable by its owner only. Never logged.
  KeySeed seed() const;

 private:
  explicit SigningKey(std::shared_ptr<const Botan::Ed25519_PrivateKey> key) : key_(std::move(key)) {}
  std::shared_ptr<const Botan::Ed25519_PrivateKey> key_;
};

}  // namespace tanpuhui
