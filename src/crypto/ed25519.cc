#include "crypto/ed25519.h"

#include <algorithm>

#include <botan/ed25519.h>
#include <botan/mem_ops.h>
#include <botan/pubkey.h>
#include <botan/system_rng.h>

#include "crypto/botan_fault.h"
#include "crypto/random.h"

namespace tanpuhui {

bool VerifyKey::verify(ByteView message, ByteView signature) const {
  if (signature.size() != std::tuple_size_v<Signature>) return false;
  try {
    const Botan::Ed25519_PublicKey key(bytes_.data(), bytes_.size());
    Botan::PK_Verifier verifier(key, "Pure");
    return verifier.verify_message(message.data(), message.size(), signature.data(), signature.size());
  } catch (const std::exception&) {
    return false;
  }
}

SigningKey SigningKey::generate() {
  KeySeed seed;
  fill_random(seed);
  SigningKey key = from_seed(seed);
  Botan::secure_scrub_memory(seed.data(), seed.size());
  return key;
}

SigningKey SigningKey::from_seed(const KeySeed& seed) {
  return as_fault("Ed25519 key", [&seed] {
    const Botan::secure_vector<std::uint8_t> secret(seed.begin(), seed.end());
    return SigningKey(std::make_shared<const Botan::Ed25519_PrivateKey>(secret));
  });
}

Signature SigningKey::sign(ByteView message) const {
  return as_fault("Ed25519 signature", [&] {
    Botan::PK_Signer signer(*key_, Botan::system_rng(), "Pure");
    const std::vector<std::uint8_t> bytes = signer.sign_message(message.data(), message.size(), Botan::system_rng());
    if (bytes.size() != std::tuple_size_v<Signature>) throw Fault("a signature of another length");
    Signature signature;
    std::copy(bytes.begin(), bytes.end(), signature.begin());
    return signature;
  });
}

VerifyKey SigningKey::verify_key() const {
  PublicKeyBytes bytes;
  std::copy_n(key_->get_public_key().begin(), bytes.size(), bytes.begin());
  return VerifyKey(bytes);
}

KeySeed SigningKey::seed() const {
  // The library keeps seed and public key one behind the other.
  KeySeed seed;
  std::copy_n(key_->get_private_key().begin(), seed.size(), seed.begin());
  return seed;
}

}  // namespace tanpuhui
