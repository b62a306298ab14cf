#include "store/file_lock.h"

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/fault.h"

namespace tanpuhui {
namespace {

std::string lock_path(const std::string& database_path) { return database_path + ".lock"; }

long read_pid(int descriptor) {
  std::array<char, 32> text{};
  const auto size = ::pread(descriptor, text.data(), text.size() - 1, 0);
  return size > 0 ? std::strtol(text.data(), nullptr, 10) : 0;
}

[[noreturn]] void fail(const std::string& path, const char* doing) {
  throw Fault(path + ": cannot " + doing + ": " + std::strerror(errno));
}

void write_pid(int descriptor, const std::string& path) {
  const std::string pid = std::to_string(::getpid()) + "\n";
  if (::ftruncate(descriptor, 0) != 0 || ::pwrite(descriptor, pid.data(), pid.size(), 0) < 0) fail(path, "write");
}

}  // namespace

FileLock::FileLock(const std::string& database_path) {
  const std::string path = lock_path(database_path);
  descriptor_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (descriptor_ < 0) fail(path, "open");
  if (::flock(descriptor_, LOCK_EX | LOCK_NB) == 0) {
    write_pid(descriptor_, path);
    return;
  }
  const bool held = errno == EWOULDBLOCK;
  const std::string why = std::strerror(errno);
  const long pid = read_pid(descriptor_);
  ::close(std::exchange(descriptor_, -1));
  if (!held) throw Fault(path + ": cannot lock: " + why);
  throw Fault(database_path + ": in use by process " + std::to_string(pid) +
              "; go through that server, or end it and run the command again");
}

FileLock::FileLock(FileLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

FileLock::~FileLock() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

long FileLock::holder(const std::string& database_path) {
  const int descriptor = ::open(lock_path(database_path).c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return 0;
  const bool is_free = ::flock(descriptor, LOCK_SH | LOCK_NB) == 0;
  const long pid = is_free ? 0 : read_pid(descriptor);
  ::close(descriptor);
  return pid;
}

}  // namespace tanpuhui
