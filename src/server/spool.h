#pragma once
/// A body on its way to intake: bytes in a file that has no name, so that it ends with the process however that ends.
/// What it holds is not durable and need not be: nothing was promised to the sender yet.
///
///   Spool spool("/var/tmp");
///   spool.append(piece);                 // Fault when the disk is full
///   if (spool.digest() == stated) ingest_file(database, spool.path(), options);
#include <optional>
#include <string>
#include <string_view>

#include "crypto/hash.h"

namespace tanpuhui {

class Spool {
 public:
  /// A Fault when the folder takes no file.
  explicit Spool(const std::string& folder);
  ~Spool();
  Spool(Spool&& other) noexcept;
  Spool& operator=(Spool&&) = delete;

  void append(std::string_view piece);
  /// Of all that was appended; nothing may follow.
  Digest digest();
  /// Under which this process can open it.
  std::string path() const;

 private:
  std::string folder_;
  int descriptor_ = -1;
  Sha256Stream hash_;
};

}  // namespace tanpuhui
