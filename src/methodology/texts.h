#pragma once
/// Texts for people stand in both languages.
#include <string>

namespace tanpuhui {

struct BilingualText {
  std::string zh, en;
  bool operator==(const BilingualText&) const = default;
};

enum class Language { zh, en };

inline const std::string& in_language(const BilingualText& text, Language language) {
  return language == Language::zh ? text.zh : text.en;
}

}  // namespace tanpuhui
