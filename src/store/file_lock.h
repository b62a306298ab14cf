#pragma once
/// One process owns a database file. The lock is `<database>.lock`: held with flock, so that it ends with the process
/// however it ends; inside, the process id. The file stays.
#include <string>

namespace tanpuhui {

class FileLock {
 public:
  /// A Fault that names the process when another one holds it.
  explicit FileLock(const std::string& database_path);
  ~FileLock();
  FileLock(FileLock&& other) noexcept;
  FileLock& operator=(FileLock&&) = delete;

  /// The process that holds the lock now, 0 when none does.
  static long holder(const std::string& database_path);

 private:
  int descriptor_ = -1;
};

}  // namespace tanpuhui
