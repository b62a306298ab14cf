#include "crypto/hash.h"

#include <botan/hash.h>
#include <botan/mac.h>

#include "crypto/botan_fault.h"

namespace tanpuhui {
namespace {

std::unique_ptr<Botan::HashFunction> make_hash(const char* name) {
  return as_fault(name, [name] { return Botan::HashFunction::create_or_throw(name); });
}

Digest finish_hash(Botan::HashFunction& hash) {
  Digest digest;
  hash.final(digest.data());
  return digest;
}

Digest hash_once(Botan::HashFunction& hash, ByteView data) {
  hash.update(data.data(), data.size());
  return finish_hash(hash);
}

}  // namespace

Digest sha256(ByteView data) {
  thread_local const std::unique_ptr<Botan::HashFunction> hash = make_hash("SHA-256");
  return hash_once(*hash, data);
}

Digest sm3(ByteView data) {
  thread_local const std::unique_ptr<Botan::HashFunction> hash = make_hash("SM3");
  return hash_once(*hash, data);
}

Digest hmac_sha256(ByteView key, ByteView message) {
  return as_fault("HMAC(SHA-256)", [&] {
    thread_local const auto mac = Botan::MessageAuthenticationCode::create_or_throw("HMAC(SHA-256)");
    mac->set_key(key.data(), key.size());
    mac->update(message.data(), message.size());
    Digest digest;
    mac->final(digest.data());
    mac->clear();
    return digest;
  });
}

Sha256Stream::Sha256Stream() : hash_(make_hash("SHA-256")) {}
Sha256Stream::~Sha256Stream() = default;
Sha256Stream::Sha256Stream(Sha256Stream&&) noexcept = default;
Sha256Stream& Sha256Stream::operator=(Sha256Stream&&) noexcept = default;

Sha256Stream& Sha256Stream::update(ByteView piece) {
  hash_->update(piece.data(), piece.size());
  return *this;
}

Digest Sha256Stream::finish() { return finish_hash(*hash_); }

}  // namespace tanpuhui
