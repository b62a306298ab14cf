#include "store/key_file.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/fault.h"

namespace tanpuhui {
namespace {

[[noreturn]] void fail(const std::string& path, const std::string& what) {
  throw Fault("key file " + path + ": " + what);
}

}  // namespace

SigningKey create_key_file(const std::string& path) {
  const SigningKey key = SigningKey::generate();
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (file < 0) fail(path, std::strerror(errno));
  const std::string line = to_hex(key.seed()) + "\n";
  const bool written =
      ::write(file, line.data(), line.size()) == static_cast<ssize_t>(line.size()) && ::fsync(file) == 0;
  ::close(file);
  if (!written) fail(path, "could not be written");
  return key;
}

SigningKey load_key_file(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) fail(path, std::strerror(errno));
  if ((status.st_mode & 077U) != 0) fail(path, "others may read it; run: chmod 600 " + path);
  std::ifstream in(path);
  std::string line;
  std::getline(in, line);
  const auto seed = digest_from_hex(line);
  if (!seed) fail(path, "holds no key (64 hexadecimal digits)");
  return SigningKey::from_seed(*seed);
}

}  // namespace tanpuhui
