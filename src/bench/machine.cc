#include "bench/machine.h"

#include <cstdlib>
#include <ctime>
#include <fstream>

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <sys/sysinfo.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "bench/measure.h"

namespace tanpuhui {
namespace {

std::string processor() {
  std::ifstream in("/proc/cpuinfo");
  for (std::string line; std::getline(in, line);)
    if (line.starts_with("model name")) return line.substr(line.find(": ") + 2);
  return "unknown";
}

std::string build() {
#if defined(__SANITIZE_ADDRESS__)
  return "with sanitizers: its rates say nothing";
#elif defined(NDEBUG)
  return "release";
#else
  return "without optimisation of assertions";
#endif
}

}  // namespace

Facts describe_machine(const std::string& file) {
  struct utsname system {};
  ::uname(&system);
  struct sysinfo memory {};
  ::sysinfo(&memory);
  double load = 0;
  ::getloadavg(&load, 1);
  const auto bytes = static_cast<double>(memory.totalram) * memory.mem_unit;
  return {{"day", fmt::format("{:%Y-%m-%d}", fmt::gmtime(std::time(nullptr)))},
          {"processor", processor()},
          {"cores", std::to_string(::sysconf(_SC_NPROCESSORS_ONLN))},
          {"memory", fmt::format("{:.0f} GiB", bytes / (1U << 30U))},
          {"kernel", fmt::format("{} {}", system.sysname, system.release)},
          {"load before", fmt::format("{:.1f}", load)},
          {"one sync", fmt::format("{:.2f} ms", sync_ms(file))},
          {"build", build()}};
}

}  // namespace tanpuhui
