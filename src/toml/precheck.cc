#include "toml/precheck.h"

#include <algorithm>

namespace tanpuhui {
namespace {

bool is_ascii(char c) { return static_cast<unsigned char>(c) < 0x80; }
bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

/// Walks TOML and tells strings and comments from the rest. On text that is no TOML it may disagree with the parser,
/// but only behind the place where the parser has stopped.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  std::optional<TextError> run() {
    while (at_ < text_.size() && !found_) step();
    return found_;
  }

 private:
  void step() {
    const char c = text_[at_];
    if (c == '"' || c == '\'') {
      last_ = c;
      return skip_string(c);
    }
    if (c == '#') return skip_comment();
    if (starts_number(c)) check_number();
    if (!is_ascii(c)) return found("a character outside ASCII stands outside of text", "put the text into quotes");
    if (c == '.' && ++dots_ >= toml_key_parts_max)
      return found("a dotted key has more than 16 parts", "use fewer levels of tables");
    if (std::string_view("=,[]{}\n").find(c) != std::string_view::npos) dots_ = 0;
    if (!is_space(c)) last_ = c;
    advance();
  }

  bool starts_number(char c) const {
    const bool value_may_begin = last_ == '=' || last_ == '[' || last_ == ',';
    return value_may_begin && ((c >= '0' && c <= '9') || c == '+' || c == '-');
  }

  /// The parser reads a number or date up to white space or a closing mark, a date with a time over one blank.
  void check_number() {
    const std::string_view ends = " \t\r\n,]}#";
    const std::string_view rest = text_.substr(at_);
    auto end = std::min(rest.find_first_of(ends), rest.size());
    if (rest.substr(end).starts_with(' ')) end = std::min(rest.find_first_of(ends, end + 1), rest.size());
    if (!std::all_of(rest.begin(), rest.begin() + static_cast<std::ptrdiff_t>(end), is_ascii))
      found("a character outside ASCII stands in a number",
            "write numbers and days bare, quantities as text in quotes");
  }

  void found(std::string message, std::string remedy) {
    found_ = TextError{"", line_, column(), std::move(message), std::move(remedy)};
  }

  int column() const {
    int count = 1;
    for (char c : text_.substr(line_start_, at_ - line_start_))
      count += (static_cast<unsigned char>(c) & 0xc0U) != 0x80U;
    return count;
  }

  void advance() {
    if (text_[at_++] != '\n') return;
    ++line_;
    line_start_ = at_;
  }

  bool more() const { return at_ < text_.size() && !found_; }
  bool ahead(std::string_view wanted) const { return text_.substr(at_).starts_with(wanted); }

  void skip_comment() {
    while (more() && text_[at_] != '\n') advance();
  }

  void skip_string(char quote) {
    const std::string three(3, quote);
    if (ahead(three)) return skip_long_string(quote, three);
    advance();
    while (more() && text_[at_] != quote && text_[at_] != '\n') skip_character(quote);
    if (more() && text_[at_] == quote) advance();
  }

  void skip_long_string(char quote, std::string_view three) {
    at_ += 3;
    while (more() && !ahead(three)) skip_character(quote);
    // Up to two quotes may stand before the closing three.
    for (int i = 0; i < 5 && more() && text_[at_] == quote; ++i) advance();
  }

  void skip_character(char quote) {
    if (quote == '"' && text_[at_] == '\\') return skip_escape();
    advance();
  }

  void skip_escape() {
    advance();
    const bool continued = more() && is_space(text_[at_]);
    while (more() && is_space(text_[at_])) advance();
    if (more() && !is_ascii(text_[at_]))
      return found("a character outside ASCII follows a backslash", "write the text on one line");
    if (more() && !continued) advance();
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t line_start_ = 0;
  int line_ = 1;
  int dots_ = 0;
  char last_ = 0;  ///< outside of strings and comments, other than white space
  std::optional<TextError> found_;
};

}  // namespace

std::optional<TextError> precheck_toml(std::string_view text) { return Scanner(text).run(); }

}  // namespace tanpuhui
