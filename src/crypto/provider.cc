#include "crypto/provider.h"

#include "crypto/hash.h"
#include "crypto/random.h"

namespace tanpuhui {
namespace {

class LibraryCrypto final : public CryptoProvider {
 public:
  HashFunction sha256_function() const override { return &sha256; }
  HashFunction sm3_function() const override { return &sm3; }
  Digest mac(ByteView key, ByteView message) const override { return hmac_sha256(key, message); }
  void randomise(std::span<std::uint8_t> out) const override { fill_random(out); }
  Signature sign(const SigningKey& key, ByteView message) const override { return key.sign(message); }
  bool verify(const VerifyKey& key, ByteView message, ByteView signature) const override {
    return key.verify(message, signature);
  }
};

}  // namespace

Digest CryptoProvider::random_digest() const {
  Digest digest;
  randomise(digest);
  return digest;
}

const CryptoProvider& library_crypto() {
  static const LibraryCrypto crypto;
  return crypto;
}

}  // namespace tanpuhui
