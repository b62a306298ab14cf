#include "store/sql_text.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/check.h"

namespace tanpuhui {
namespace {

// INSERT ... VALUES (...) rest  ->  INSERT ... SELECT ... FROM source rest
std::string bulk_insert(std::string_view sql, std::size_t values, std::string_view source) {
  const std::size_t open = sql.find('(', values);
  std::size_t close = open;
  for (int depth = 0; close < sql.size(); ++close) {
    if (sql[close] == '(') ++depth;
    if (sql[close] == ')' && --depth == 0) break;
  }
  TANPUHUI_REQUIRE(close < sql.size(), "VALUES has its parentheses");
  // ON CONFLICT after a SELECT is unambiguous only behind a WHERE.
  return fmt::format("{}SELECT {} FROM {} WHERE true{}", sql.substr(0, values), sql.substr(open + 1, close - open - 1),
                     source, sql.substr(close + 1));
}

std::string with_source(std::string_view sql, std::string_view source) {
  if (sql.starts_with("INSERT")) {
    const std::size_t values = find_word(sql, "VALUES");
    TANPUHUI_REQUIRE(values != std::string_view::npos, "an INSERT of many sets has VALUES");
    return bulk_insert(sql, values, source);
  }
  const std::size_t where = find_word(sql, "WHERE");
  TANPUHUI_REQUIRE(where != std::string_view::npos, "a statement of many sets says which rows it means");
  const char* link = sql.starts_with("SELECT") ? ", " : sql.starts_with("DELETE") ? "USING " : "FROM ";
  std::string_view before = sql.substr(0, where);
  if (sql.starts_with("SELECT"))
    while (before.ends_with(' ')) before.remove_suffix(1);
  return fmt::format("{}{}{} {}", before, link, source, sql.substr(where));
}

}  // namespace

bool is_word(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'; }

std::size_t quoted_length(std::string_view sql) {
  if (sql.starts_with("--")) return std::min(sql.find('\n'), sql.size());
  if (sql[0] != '\'' && sql[0] != '"') return 0;
  const std::size_t end = sql.find(sql[0], 1);
  return end == std::string_view::npos ? sql.size() : end + 1;
}

std::size_t find_word(std::string_view sql, std::string_view word) {
  int depth = 0;
  for (std::size_t at = 0; at < sql.size();) {
    const std::size_t quoted = quoted_length(sql.substr(at));
    if (quoted == 0 && sql[at] == '(') ++depth;
    if (quoted == 0 && sql[at] == ')') --depth;
    const bool whole = at == 0 || !is_word(sql[at - 1]);
    if (depth == 0 && whole && sql.substr(at).starts_with(word)) return at;
    at += quoted == 0 ? 1 : quoted;
  }
  return std::string_view::npos;
}

std::string replace_parameters(std::string_view sql, const std::function<std::string(int)>& parameter) {
  std::string out;
  int count = 0;
  for (std::size_t at = 0; at < sql.size();) {
    const std::size_t quoted = quoted_length(sql.substr(at));
    if (quoted == 0 && sql[at] == '?')
      out += parameter(++count);
    else
      out += sql.substr(at, std::max<std::size_t>(quoted, 1));
    at += std::max<std::size_t>(quoted, 1);
  }
  return out;
}

std::string bulk_text(std::string_view sql, std::string_view source) {
  return with_source(replace_parameters(sql, [](int number) { return fmt::format("given.v{}", number); }), source);
}

}  // namespace tanpuhui
