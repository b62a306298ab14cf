#pragma once
/// The rulebook, the methodology and the temporary folder that tests and benchmarks work with.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "crypto/hash.h"
#include "methodology/methodology.h"
#include "rulebook/rulebook.h"

namespace tanpuhui {

inline std::string file_text(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

/// The book with the first `old` of each file replaced.
inline Rulebook js24_book_with(const std::string& old, const std::string& now) {
  std::vector<SourceFile> files;
  for (const auto& file : std::filesystem::directory_iterator(TANPUHUI_ROOT "/rulebooks/js24")) {
    if (!file.is_regular_file()) continue;
    std::string text = file_text(file.path());
    if (const auto at = text.find(old); !old.empty() && at != std::string::npos) text.replace(at, old.size(), now);
    files.push_back({file.path().filename().string(), std::move(text)});
  }
  return load_rulebook(files, sha256).value();
}

inline Rulebook js24_book() { return js24_book_with("", ""); }

inline Methodology bike_methodology() {
  const std::string text = file_text(TANPUHUI_ROOT "/methodologies/bike-demo/v1/methodology.toml");
  return load_methodology(text, "methodology.toml", sha256).value();
}

/// A folder of its own, gone afterwards.
class TemporaryFolder {
 public:
  explicit TemporaryFolder(const std::filesystem::path& where = std::filesystem::temp_directory_path()) {
    std::string name = (where / "tanpuhui-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) std::abort();
    path_ = name;
  }
  ~TemporaryFolder() { std::filesystem::remove_all(path_); }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }
  std::string operator/(const std::string& name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

}  // namespace tanpuhui
