#include "server/spool.h"

#include <cerrno>
#include <cstdlib>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include "base/fault.h"

namespace tanpuhui {
namespace {

[[noreturn]] void fail(const std::string& folder) {
  throw Fault(fmt::format("{}: a delivery cannot be kept there: {}", folder, std::generic_category().message(errno)));
}

}  // namespace

Spool::Spool(const std::string& folder) : folder_(folder) {
  std::string name = folder + "/tanpuhui-delivery-XXXXXX";
  descriptor_ = ::mkostemp(name.data(), O_CLOEXEC);
  if (descriptor_ < 0) fail(folder);
  ::unlink(name.c_str());
}

Spool::~Spool() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

Spool::Spool(Spool&& other) noexcept
    : folder_(std::move(other.folder_)),
      descriptor_(std::exchange(other.descriptor_, -1)),
      hash_(std::move(other.hash_)) {}

void Spool::append(std::string_view piece) {
  hash_.update(as_bytes(piece));
  while (!piece.empty()) {
    const ssize_t written = ::write(descriptor_, piece.data(), piece.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) fail(folder_);
    piece.remove_prefix(static_cast<std::size_t>(written));
  }
}

Digest Spool::digest() { return hash_.finish(); }

std::string Spool::path() const { return fmt::format("/proc/self/fd/{}", descriptor_); }

}  // namespace tanpuhui
