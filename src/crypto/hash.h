#pragma once
/// Digests. `sha256` and `sm3` are what pure code receives as its HashFunction. Any thread may call them; a call
/// allocates nothing after the first one of its thread. Failing to find an algorithm in the library is a Fault.
///
///   const Digest root = merkle_root(leaves, sha256);
#include <memory>

#include "base/bytes.h"

namespace Botan {
class HashFunction;
}

namespace tanpuhui {

Digest sha256(ByteView data);
/// GB/T 32905-2016
Digest sm3(ByteView data);
/// RFC 2104 with SHA-256. A key of any length, also none.
Digest hmac_sha256(ByteView key, ByteView message);

/// SHA-256 of what comes in pieces: files. `finish` gives the digest of all pieces and starts afresh.
class Sha256Stream {
 public:
  Sha256Stream();
  ~Sha256Stream();
  Sha256Stream(Sha256Stream&&) noexcept;
  Sha256Stream& operator=(Sha256Stream&&) noexcept;

  Sha256Stream& update(ByteView piece);
  Digest finish();

 private:
  std::unique_ptr<Botan::HashFunction> hash_;
};

}  // namespace tanpuhui
