#include "bench/measure.h"

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <vector>

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fault.h"
#include "bench/report.h"

namespace tanpuhui {

std::int64_t proc_figure(const std::string& file, const std::string& name) {
  std::ifstream in("/proc/self/" + file);
  for (std::string word; in >> word;)
    if (word == name) {
      std::int64_t value = 0;
      in >> value;
      return value;
    }
  return 0;
}

double sync_ms(const std::string& path) {
  constexpr int rounds = 51;
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  const std::unique_ptr<std::FILE, Close> file(std::fopen(path.c_str(), "wb"));
  if (!file) throw Fault(path + ": cannot be written");
  std::vector<double> each;
  for (int i = 0; i < rounds; ++i) {
    const Stopwatch watch;
    std::fputs("one block of the log, as small as it gets\n", file.get());
    std::fflush(file.get());
    ::fsync(::fileno(file.get()));
    each.push_back(watch.seconds() * 1000);
  }
  return median(each);
}

double peak_mb(const std::function<void()>& work) {
  const pid_t child = ::fork();
  if (child == 0) {
    try {
      work();
      std::_Exit(0);
    } catch (const std::exception& problem) {
      std::fprintf(stderr, "%s\n", problem.what());
      std::_Exit(1);
    }
  }
  struct rusage usage {};
  int status = 0;
  if (child < 0 || ::wait4(child, &status, 0, &usage) < 0 || status != 0)
    throw Fault("a process of its own, started to measure its memory, failed");
  return static_cast<double>(usage.ru_maxrss) / 1024;
}

}  // namespace tanpuhui
