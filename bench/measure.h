#pragma once
/// Clock, memory and disk as a benchmark sees them, and a programme to measure on.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include <unistd.h>

#include "crypto/hash.h"
#include "methodology/methodology.h"
#include "office/office.h"
#include "store/migrations.h"

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

inline std::string file_text(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

inline Methodology bike_methodology() {
  const std::string path = TANPUHUI_ROOT "/methodologies/bike-demo/v1/methodology.toml";
  return load_methodology(file_text(path), path, sha256).value();
}

inline Rulebook first_rulebook() {
  std::vector<SourceFile> files;
  for (const auto& file : std::filesystem::directory_iterator(TANPUHUI_ROOT "/rulebooks/js24"))
    files.push_back({file.path().filename().string(), file_text(file.path())});
  return load_rulebook(files, sha256).value();
}

/// A database that is gone afterwards.
class Scratch {
 public:
  explicit Scratch(const std::string& folder) : folder_(folder + "/bench-XXXXXX") {
    if (::mkdtemp(folder_.data()) == nullptr) std::exit(3);
  }
  ~Scratch() { std::filesystem::remove_all(folder_); }
  std::string path(const std::string& name) const { return folder_ + "/" + name; }

 private:
  std::string folder_;
};

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
