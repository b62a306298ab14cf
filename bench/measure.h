#pragma once
/// Clock, memory and disk as a benchmark sees them, and a programme to measure on.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <string>

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "office/office.h"
#include "store/migrations.h"
#include "support/law.h"

namespace tanpuhui {

class Stopwatch {
 public:
  double seconds() const { return std::chrono::duration<double>(std::chrono::steady_clock::now() - began_).count(); }

 private:
  std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
};

/// One figure of a file under /proc/self, e.g. ("status", "VmHWM:") in KB, ("io", "write_bytes:") in bytes.
inline std::int64_t proc_figure(const std::string& file, const std::string& name) {
  std::ifstream in("/proc/self/" + file);
  for (std::string word; in >> word;)
    if (word == name) {
      std::int64_t value = 0;
      in >> value;
      return value;
    }
  return 0;
}

/// Most memory that `work` ever held, in a process of its own.
inline std::int64_t peak_kb(const std::function<void()>& work) {
  const pid_t child = ::fork();
  if (child == 0) {
    work();
    std::_Exit(0);
  }
  struct rusage usage {};
  ::wait4(child, nullptr, 0, &usage);
  return usage.ru_maxrss;
}

/// Seconds of one small append with fsync: what a commit waits for at least.
inline double sync_seconds(const std::string& path) {
  constexpr int rounds = 50;
  std::FILE* file = std::fopen(path.c_str(), "wb");
  const Stopwatch watch;
  for (int i = 0; i < rounds; ++i) {
    std::fputs("one block of the log, as small as it gets\n", file);
    std::fflush(file);
    ::fsync(::fileno(file));
  }
  const double seconds = watch.seconds() / rounds;
  std::fclose(file);
  return seconds;
}

}  // namespace tanpuhui
