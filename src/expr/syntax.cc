#include "expr/syntax.h"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

namespace tanpuhui::expr {
namespace {

constexpr std::size_t longest_text = 4096;
constexpr int deepest_nesting = 64;
constexpr std::size_t longest_word = 64;
constexpr std::size_t most_extremes = 8;
constexpr std::string_view reserved_words[] = {"and",        "or",       "not",           "min",  "max",  "if",
                                               "then",       "else",     "let",           "sum",  "over", "in",
                                               "round_down", "round_up", "round_half_up", "true", "false"};
constexpr const char* functions = "the functions are: min max if sum round_down round_up round_half_up";

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

enum class TokenKind { number, word, quoted, symbol, end };
struct Token {
  TokenKind kind = TokenKind::end;
  std::string_view text;
  Position at;
};

std::string shown(const Token& token) {
  if (token.kind == TokenKind::end) return "the end of the formula";
  return fmt::format("\"{}\"", token.text.substr(0, 40));
}

class Lexer {
 public:
  Lexer(std::string_view text, Position origin) : text_(text), at_(origin) {}

  Result<std::vector<Token>, FormulaError> run() {
    std::vector<Token> tokens;
    while (skip_blanks(), next_ < text_.size()) {
      const std::size_t size = text_[next_] == '"' ? quoted_size() : token_size();
      if (size == 0) return unknown_character();
      tokens.push_back({kind(), text_.substr(next_, size), at_});
      next_ += size;
      at_.column += static_cast<int>(size);
    }
    tokens.push_back({TokenKind::end, {}, at_});
    return tokens;
  }

 private:
  void skip_blanks() {
    for (; next_ < text_.size(); ++next_) {
      const char c = text_[next_];
      if (c != ' ' && c != '\t' && c != '\r' && c != '\n') return;
      at_ = c == '\n' ? Position{at_.line + 1, 1} : Position{at_.line, at_.column + 1};
    }
  }
  TokenKind kind() const {
    if (is_digit(text_[next_])) return TokenKind::number;
    if (text_[next_] == '"') return TokenKind::quoted;
    return is_letter(text_[next_]) ? TokenKind::word : TokenKind::symbol;
  }
  std::size_t token_size() const {
    const auto run_while = [this](auto wanted) {
      const auto rest = text_.substr(next_);
      return static_cast<std::size_t>(std::find_if_not(rest.begin(), rest.end(), wanted) - rest.begin());
    };
    const char c = text_[next_];
    if (is_digit(c)) return run_while([](char d) { return is_digit(d) || d == '.'; });
    if (is_letter(c)) return run_while([](char d) { return is_digit(d) || is_letter(d); });
    const auto two = text_.substr(next_, 2);
    if (two == "<=" || two == ">=" || two == "==" || two == "!=") return 2;
    return std::string_view("+-*/()[],<>").find(c) == std::string_view::npos ? 0 : 1;
  }
  /// With both quotes; 0 when the second one is missing or stands behind what cannot be in a word.
  std::size_t quoted_size() const {
    const std::size_t end = text_.find('"', next_ + 1);
    if (end == std::string_view::npos || end - next_ > longest_word + 1) return 0;
    const auto word = text_.substr(next_ + 1, end - next_ - 1);
    const bool plain = std::all_of(word.begin(), word.end(), [](char c) { return c >= 32 && c < 127; });
    return plain && !word.empty() ? word.size() + 2 : 0;
  }
  FormulaError unknown_character() const {
    const auto c = static_cast<unsigned char>(text_[next_]);
    if (c == '"')
      return {at_, "this quote opens no word", "write a word of 1 to 64 plain characters between two quotes"};
    if (c == '=') return {at_, "a single \"=\" is no comparison", "write == to ask whether two values are equal"};
    const std::string name = c > 32 && c < 127 ? fmt::format("\"{}\"", text_[next_]) : fmt::format("byte 0x{:02x}", c);
    return {at_, name + " does not belong in a formula", "use names, numbers with units, + - * / comparisons and ( )"};
  }

  std::string_view text_;
  std::size_t next_ = 0;
  Position at_;
};

class Parser {
 public:
  explicit Parser(std::vector<Token> tokens) : tokens_(std::move(tokens)) {
    for (const Token& token : tokens_) {
      if (!syntax_.canonical.empty() && token.kind != TokenKind::end) syntax_.canonical += ' ';
      starts_.push_back(static_cast<std::uint32_t>(syntax_.canonical.size()));
      syntax_.canonical += token.text;
    }
  }

  Result<Syntax, FormulaErrors> run() {
    disjunction();
    if (!error_ && peek().kind != TokenKind::end)
      fail(fmt::format("{} does not continue the formula", shown(peek())), "put an operator between two values");
    if (error_) return FormulaErrors{*error_};
    return std::move(syntax_);
  }

 private:
  using Index = std::size_t;
  const Token& peek(std::size_t ahead = 0) const { return tokens_[std::min(next_ + ahead, tokens_.size() - 1)]; }
  bool accept(std::string_view text) {
    if (error_ || peek().kind == TokenKind::end || peek().text != text) return false;
    return ++next_, true;
  }
  Index fail(std::string message, std::string remedy) {
    if (!error_) error_ = FormulaError{peek().at, std::move(message), std::move(remedy)};
    return 0;
  }
  /// `start` is the first token of the node; its last one has just been taken.
  Index push(Node node, std::size_t start) {
    if (error_) return 0;
    node.begin = starts_[start];
    node.end = starts_[next_ - 1] + static_cast<std::uint32_t>(tokens_[next_ - 1].text.size());
    syntax_.nodes.push_back(std::move(node));
    return syntax_.nodes.size() - 1;
  }
  Index push(NodeKind kind, Position at, std::size_t start, Index left, Index right, Index third = 0) {
    Node node;
    node.kind = kind, node.at = at, node.left = left, node.right = right, node.third = third;
    return push(std::move(node), start);
  }

  Index disjunction() {
    const std::size_t start = next_;
    Index left = conjunction();
    for (Position at = peek().at; accept("or"); at = peek().at) {
      const Index right = conjunction();
      left = push(NodeKind::logical_or, at, start, left, right);
    }
    return left;
  }
  Index conjunction() {
    const std::size_t start = next_;
    Index left = negation();
    for (Position at = peek().at; accept("and"); at = peek().at) {
      const Index right = negation();
      left = push(NodeKind::logical_and, at, start, left, right);
    }
    return left;
  }
  Index negation() {
    const Position at = peek().at;
    const std::size_t start = next_;
    if (!accept("not")) return comparison();
    const Index operand = nested([this] { return negation(); });
    return push(NodeKind::logical_not, at, start, operand, operand);
  }
  std::optional<NodeKind> accept_comparison() {
    constexpr std::pair<std::string_view, NodeKind> all[] = {
        {"<=", NodeKind::less_equal}, {">=", NodeKind::greater_equal}, {"==", NodeKind::equal},
        {"!=", NodeKind::not_equal},  {"<", NodeKind::less},           {">", NodeKind::greater}};
    for (const auto& [text, kind] : all)
      if (accept(text)) return kind;
    return std::nullopt;
  }
  Index comparison() {
    const std::size_t start = next_;
    const Index left = sum();
    const Position at = peek().at;
    const auto kind = accept_comparison();
    if (!kind) return left;
    const Index right = sum();
    if (accept_comparison()) return --next_, fail("comparisons cannot be chained", "write a < b and b < c");
    return push(*kind, at, start, left, right);
  }
  Index sum() {
    const std::size_t start = next_;
    Index left = product();
    while (!error_) {
      const Position at = peek().at;
      const bool plus = accept("+");
      if (!plus && !accept("-")) break;
      const Index right = product();
      left = push(plus ? NodeKind::add : NodeKind::subtract, at, start, left, right);
    }
    return left;
  }
  Index product() {
    const std::size_t start = next_;
    Index left = signed_value();
    while (!error_) {
      const Position at = peek().at;
      const bool times = accept("*");
      if (!times && !accept("/")) break;
      const Index right = signed_value();
      left = push(times ? NodeKind::multiply : NodeKind::divide, at, start, left, right);
    }
    return left;
  }
  Index signed_value() {
    const Position at = peek().at;
    const std::size_t start = next_;
    if (!accept("-")) return value();
    const Index operand = nested([this] { return signed_value(); });
    return push(NodeKind::negate, at, start, operand, operand);
  }
  Index value() {
    if (error_) return 0;
    if (peek().kind == TokenKind::number) return number();
    if (peek().kind == TokenKind::quoted) return quoted();
    if (accept("(")) return parenthesis();
    if (peek().kind == TokenKind::word && peek(1).text == "(") return function();
    if (peek().kind == TokenKind::word && !is_reserved(peek().text)) return name();
    return unexpected();
  }
  Index unexpected() {
    if (peek().kind == TokenKind::word && find_unit(peek().text))
      return fail(fmt::format("the unit {} stands without a number", shown(peek())),
                  "write a number before it: 3 km/h");
    if (peek().kind == TokenKind::word) return fail(fmt::format("{} is a reserved word", shown(peek())), functions);
    return fail(fmt::format("a value is missing before {}", shown(peek())), "write a number, a name or ( ... )");
  }
  Index quoted() {
    Node node;
    node.kind = NodeKind::word, node.at = peek().at, node.name = peek().text.substr(1, peek().text.size() - 2);
    return ++next_, push(std::move(node), next_ - 1);
  }
  Index name() {
    const std::size_t start = next_;
    Node node;
    node.kind = NodeKind::name, node.at = peek().at, node.name = std::string(peek().text);
    ++next_;
    if (!accept("[")) return push(std::move(node), start);
    node.kind = NodeKind::lookup, node.index = peek().text, node.index_at = peek().at;
    if (peek().kind != TokenKind::word)
      return fail(fmt::format("{} is nothing to look up by", shown(peek())),
                  "write the field that holds the word, or the variable of a sum: factor_of[fuel]");
    ++next_;
    return must("]", "write one name between [ and ]") ? push(std::move(node), start) : 0;
  }
  /// Takes `text` or fails with the remedy.
  bool must(std::string_view text, std::string remedy) {
    if (error_ || accept(text)) return !error_;
    fail(fmt::format("\"{}\" is missing before {}", text, shown(peek())), std::move(remedy));
    return false;
  }
  Index parenthesis() {
    const Index inner = argument();
    return must(")", "close the \"(\"") ? inner : 0;
  }
  Index argument() {
    return nested([this] { return disjunction(); });
  }
  Index function() {
    constexpr std::pair<std::string_view, NodeKind> roundings[] = {{"round_down", NodeKind::round_down},
                                                                   {"round_up", NodeKind::round_up},
                                                                   {"round_half_up", NodeKind::round_half_up}};
    const std::string_view called = peek().text;
    if (called == "min") return extreme(NodeKind::minimum);
    if (called == "max") return extreme(NodeKind::maximum);
    if (called == "if") return choice();
    if (called == "sum") return sum_over();
    for (const auto& [word, kind] : roundings)
      if (called == word) return rounding(kind);
    if (is_reserved(called)) return unexpected();
    return fail(fmt::format("there is no function {}", shown(peek())), functions);
  }
  Index extreme(NodeKind kind) {
    const Position at = peek().at;
    const std::size_t start = next_;
    next_ += 2;
    Index left = argument();
    if (!error_ && peek().text != ",") return fail("min and max take at least two values", "write min(a, b)");
    std::size_t count = 1;
    while (accept(",")) {
      if (++count > most_extremes)
        return fail(fmt::format("min and max take at most {} values", most_extremes), "put a part into its own min");
      const Index right = argument();
      left = push(kind, at, start, left, right);
      if (!error_) syntax_.nodes[left].partial = true;
    }
    if (!must(")", "close the \"(\"")) return 0;
    // The last one is the whole: the text up to the parenthesis.
    syntax_.nodes[left].partial = false, syntax_.nodes[left].end = starts_[next_ - 1] + 1;
    return left;
  }
  Index choice() {
    const Position at = peek().at;
    const std::size_t start = next_;
    next_ += 2;
    const Index condition = argument();
    if (!must(",", "write if(condition, a, b)")) return 0;
    const Index yes = argument();
    if (!must(",", "say what holds otherwise: if(condition, a, b)")) return 0;
    const Index no = argument();
    return must(")", "close the \"(\"") ? push(NodeKind::choice, at, start, condition, yes, no) : 0;
  }
  Index rounding(NodeKind kind) {
    const Position at = peek().at;
    const std::size_t start = next_;
    next_ += 2;
    const Index what = argument();
    if (!error_ && syntax_.nodes[what].kind == NodeKind::divide) syntax_.nodes[what].rounded = true;
    if (!must(",", "say to multiples of what: round_down(x, 0.1 kWh)")) return 0;
    const Index step = argument();
    return must(")", "close the \"(\"") ? push(kind, at, start, what, step) : 0;
  }
  /// The variable may be called as a unit is: `m in material`. It only ever stands between [ and ].
  Index sum_over() {
    const std::size_t start = next_;
    Node node;
    node.kind = NodeKind::sum_open, node.at = peek().at;
    next_ += 2;
    node.index = peek().text;
    if (!is_name(node.index) || (is_reserved(node.index) && !find_unit(node.index)))
      return fail(fmt::format("{} cannot be the variable of a sum", shown(peek())), sum_remedy);
    ++next_;
    if (!must("in", sum_remedy)) return 0;
    node.name = peek().text, node.index_at = peek().at;
    if (peek().kind != TokenKind::word) return fail("the list of the sum is missing", sum_remedy);
    ++next_;
    if (!must(",", sum_remedy)) return 0;
    const Index open = push(node, start);
    node.left = argument(), node.partner = open;
    if (!must(")", "close the \"(\"")) return 0;
    node.kind = NodeKind::sum;
    const Index whole = push(std::move(node), start);
    return syntax_.nodes[open].partner = whole;
  }
  Index number() {
    const auto decimal = parse_decimal(peek().text);
    if (!decimal)
      return fail(fmt::format("{} is not a number of at most 18 digits", shown(peek())),
                  "write digits, or digits.digits");
    const std::size_t start = next_;
    Node node;
    node.at = peek().at, node.value = exact_of(*decimal);
    ++next_;
    Unit unit;
    if (!unit_after_number(unit)) return 0;
    const auto value = multiply(node.value, unit.scale);
    if (!value) return fail("the number is too large in its unit", "use a larger unit");
    node.value = *value, node.dimension = unit.dimension;
    return push(std::move(node), start);
  }
  /// `3 km/h * duration`: a quotient goes on while units follow; the first other thing ends the unit.
  bool unit_after_number(Unit& unit) {
    if (peek().kind != TokenKind::word || (is_reserved(peek().text) && !find_unit(peek().text))) return true;
    const auto first = find_unit(peek().text);
    if (!first)
      return fail(fmt::format("unknown unit {}", shown(peek())), "known are, for instance: gCO2e km h kWh"), false;
    unit = *first, ++next_;
    while ((peek().text == "/" || peek().text == "*") && peek(1).kind == TokenKind::word && peek(2).text != "(") {
      const auto factor = find_unit(peek(1).text);
      if (!factor) break;
      const auto combined = peek().text == "/" ? divide(unit, *factor) : multiply(unit, *factor);
      if (!combined) return fail("the unit has too high a power", "write a simpler unit"), false;
      unit = *combined, next_ += 2;
    }
    return true;
  }
  template <class Rule>
  Index nested(Rule rule) {
    if (++depth_ > deepest_nesting)
      return fail(fmt::format("the formula is nested more than {} deep", deepest_nesting), "split it into parts");
    const Index result = rule();
    --depth_;
    return result;
  }

  static constexpr const char* sum_remedy = "write sum(m in material, ... [m] ...)";
  std::vector<Token> tokens_;
  std::vector<std::uint32_t> starts_;  ///< of the tokens in the canonical text
  std::size_t next_ = 0;
  int depth_ = 0;
  Syntax syntax_;
  std::optional<FormulaError> error_;
};

}  // namespace

Result<Syntax, FormulaErrors> parse_formula(std::string_view text, Position origin) {
  const FormulaErrors too_long{
      {origin, fmt::format("the formula is longer than {} bytes", longest_text), "split it into parts"}};
  if (text.size() > longest_text) return too_long;
  auto tokens = Lexer(text, origin).run();
  if (!tokens) return FormulaErrors{tokens.error()};
  auto syntax = Parser(std::move(*tokens)).run();
  // The canonical text is kept and read again to explain a record: it has to pass as well.
  if (syntax && syntax->canonical.size() > longest_text) return too_long;
  return syntax;
}

bool is_reserved(std::string_view word) {
  return find_unit(word) ||
         std::find(std::begin(reserved_words), std::end(reserved_words), word) != std::end(reserved_words);
}

bool is_name(std::string_view word) {
  const auto lower = [](char c) { return c >= 'a' && c <= 'z'; };
  if (word.empty() || word.size() > 64 || !lower(word.front())) return false;
  return std::all_of(word.begin(), word.end(), [&](char c) { return lower(c) || is_digit(c) || c == '_'; });
}

}  // namespace tanpuhui::expr
