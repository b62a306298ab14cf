#pragma once
/// Clock and disk as a benchmark sees them.
#include <chrono>
#include <cstdint>
#include <functional>
#include <string>

namespace tanpuhui {

class Stopwatch {
 public:
  double seconds() const { return std::chrono::duration<double>(std::chrono::steady_clock::now() - began_).count(); }
  /// How many a second, when that many were done since.
  double rate(std::int64_t count) const { return static_cast<double>(count) / seconds(); }

 private:
  std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
};

/// One figure of a file under /proc/self: ("io", "write_bytes:") in bytes; 0 when it is not there.
std::int64_t proc_figure(const std::string& file, const std::string& name);

/// Milliseconds of one small append with fsync into `path`, the median of 51: what a commit waits for at least.
double sync_ms(const std::string& path);

/// The most memory, in MB, that `work` ever holds in a process of its own. Call it while no other thread runs.
double peak_mb(const std::function<void()>& work);

}  // namespace tanpuhui
