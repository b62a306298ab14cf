#pragma once
/// Books for tests: the real one from the source tree and a small sound one to be broken.
#include <filesystem>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "base/ids.h"
#include "rulebook/rulebook.h"

namespace tanpuhui::test {

/// Not a cryptographic hash: 32 bytes in which every input byte counts, enough to see whether bytes are covered.
inline Digest toy_hash(ByteView bytes) {
  Digest digest{};
  std::uint64_t state = 0xcbf29ce484222325ULL ^ bytes.size();
  for (std::uint8_t byte : bytes) state = (state ^ byte) * 0x100000001b3ULL;
  for (std::size_t i = 0; i < digest.size(); ++i) {
    state = mix_bits(state + i);
    digest[i] = static_cast<std::uint8_t>(state >> 56U);
  }
  return digest;
}

inline std::vector<SourceFile> files_of(const std::string& folder) {
  std::vector<SourceFile> files;
  for (const auto& entry : std::filesystem::directory_iterator(std::string(TANPUHUI_ROOT) + "/" + folder)) {
    if (!entry.is_regular_file()) continue;
    std::ostringstream text;
    text << std::ifstream(entry.path(), std::ios::binary).rdbuf();
    files.push_back({folder + "/" + entry.path().filename().string(), text.str()});
  }
  return files;
}

inline Rulebook loaded(const std::vector<SourceFile>& files) {
  auto book = load_rulebook(files, toy_hash);
  EXPECT_TRUE(book) << (book ? "" : describe(book.error()));
  return book ? *book : Rulebook{};
}

inline Day day(std::string_view text) { return *parse_day(text); }

}  // namespace tanpuhui::test
