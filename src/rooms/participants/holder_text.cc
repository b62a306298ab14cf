#include "rooms/participants/holder_text.h"

#include <algorithm>

namespace tanpuhui {
namespace {

constexpr std::size_t shown_size_max = 80;

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }
bool follows(char c) { return (static_cast<unsigned char>(c) & 0xc0U) == 0x80; }

/// Bytes of the character at the beginning, 0 where there is none. Overlong forms and surrogates are none.
std::size_t character_size(std::string_view text) {
  const auto first = static_cast<unsigned char>(text[0]);
  if (first < 0x80) return 1;
  const std::size_t size = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4 || text.size() < size) return 0;
  if (!std::ranges::all_of(text.substr(1, size - 1), follows)) return 0;
  const auto second = static_cast<unsigned char>(text[1]);
  const bool out_of_range = (first == 0xe0 && second < 0xa0) || (first == 0xed && second > 0x9f) ||
                            (first == 0xf0 && second < 0x90) || (first == 0xf4 && second > 0x8f);
  return out_of_range ? 0 : size;
}

}  // namespace

bool is_plain_text(std::string_view text) {
  if (text.size() > holder_text_size_max || std::ranges::any_of(text, is_control)) return false;
  while (!text.empty()) {
    const std::size_t size = character_size(text);
    if (size == 0) return false;
    text.remove_prefix(size);
  }
  return true;
}

std::string shown_text(std::string_view text) {
  std::string shown;
  while (!text.empty()) {
    const std::size_t size = std::max<std::size_t>(1, character_size(text));
    if (shown.size() + size > shown_size_max) return shown + "...";
    const bool good = character_size(text) > 0 && !is_control(text[0]);
    shown += good ? text.substr(0, size) : "?";
    text.remove_prefix(size);
  }
  return shown;
}

}  // namespace tanpuhui
