#include "toml/key_depth.h"

namespace tanpuhui {
namespace {

/// Walks TOML and sees only what stands outside strings and comments. On text that is no TOML it may disagree with the
/// parser, but only behind the place where the parser has stopped.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  std::optional<TextPosition> run() {
    while (at_ < text_.size()) {
      step();
      if (dots_ >= toml_key_parts_max) return TextPosition{line_, static_cast<int>(at_ - line_start_)};
    }
    return std::nullopt;
  }

 private:
  void step() {
    const char c = text_[at_];
    if (c == '"' || c == '\'') return skip_string(c);
    if (c == '#') return skip_comment();
    if (c == '.') ++dots_;
    if (std::string_view("=,[]{}\n").find(c) != std::string_view::npos) dots_ = 0;
    advance();
  }

  void advance() {
    if (text_[at_++] != '\n') return;
    ++line_;
    line_start_ = at_;
  }

  bool ahead(std::string_view wanted) const { return text_.substr(at_).starts_with(wanted); }

  void skip_comment() {
    while (at_ < text_.size() && text_[at_] != '\n') advance();
  }

  void skip_string(char quote) {
    const std::string three(3, quote);
    if (ahead(three)) return skip_long_string(quote, three);
    advance();
    while (at_ < text_.size() && text_[at_] != quote && text_[at_] != '\n') skip_character(quote);
    if (at_ < text_.size() && text_[at_] == quote) advance();
  }

  void skip_long_string(char quote, std::string_view three) {
    at_ += 3;
    while (at_ < text_.size() && !ahead(three)) skip_character(quote);
    // Up to two quotes may stand before the closing three.
    for (int i = 0; i < 5 && at_ < text_.size() && text_[at_] == quote; ++i) advance();
  }

  void skip_character(char quote) {
    if (quote == '"' && text_[at_] == '\\') advance();
    if (at_ < text_.size()) advance();
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t line_start_ = 0;
  int line_ = 1;
  int dots_ = 0;
};

}  // namespace

std::optional<TextPosition> find_deep_key(std::string_view text) { return Scanner(text).run(); }

}  // namespace tanpuhui
