#include "store/postgres_text.h"

#include <array>
#include <functional>
#include <utility>

#include <fmt/format.h>

#include "base/check.h"

namespace tanpuhui {
namespace {

bool is_word(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'; }

/// The length of the quoted text or comment that begins here, 0 when none does.
std::size_t quoted_length(std::string_view sql) {
  if (sql.starts_with("--")) return std::min(sql.find('\n'), sql.size());
  if (sql[0] != '\'' && sql[0] != '"') return 0;
  const std::size_t end = sql.find(sql[0], 1);
  return end == std::string_view::npos ? sql.size() : end + 1;
}

bool is_blob(std::string_view sql, std::size_t at) {
  return sql.substr(at).starts_with("x'") && (at == 0 || !is_word(sql[at - 1]));
}

// Copies what is quoted, and asks for a text instead of each `?`.
std::string replace_parameters(std::string_view sql, const std::function<std::string(int)>& parameter) {
  std::string out;
  int count = 0;
  for (std::size_t at = 0; at < sql.size();) {
    if (is_blob(sql, at)) {
      const std::size_t size = quoted_length(sql.substr(at + 1));
      out += fmt::format("'\\x{}'::bytea", sql.substr(at + 2, size - 2));
      at += 1 + size;
    } else if (const std::size_t size = quoted_length(sql.substr(at)); size > 0) {
      out += sql.substr(at, size);
      at += size;
    } else if (sql[at] == '?') {
      out += parameter(++count);
      ++at;
    } else {
      out += sql[at++];
    }
  }
  return out;
}

/// Where the word stands outside of quotes and parentheses; npos when it does not.
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

std::string arrays_of(const std::vector<std::string>& types) {
  std::string arrays, names;
  for (std::size_t i = 1; i <= types.size(); ++i) {
    arrays += fmt::format("{}${}::{}[]", i > 1 ? ", " : "", i, types[i - 1]);
    names += fmt::format("{}v{}", i > 1 ? ", " : "", i);
  }
  return fmt::format("unnest({}) AS given({})", arrays, names);
}

// INSERT ... VALUES (...) rest  ->  INSERT ... SELECT ... FROM arrays rest
std::string bulk_insert(std::string_view sql, std::size_t values, const std::string& arrays) {
  const std::size_t open = sql.find('(', values);
  std::size_t close = open;
  for (int depth = 0; close < sql.size(); ++close) {
    if (sql[close] == '(') ++depth;
    if (sql[close] == ')' && --depth == 0) break;
  }
  TANPUHUI_REQUIRE(close < sql.size(), "VALUES has its parentheses");
  // ON CONFLICT after a SELECT is unambiguous only behind a WHERE.
  return fmt::format("{}SELECT {} FROM {} WHERE true{}", sql.substr(0, values), sql.substr(open + 1, close - open - 1),
                     arrays, sql.substr(close + 1));
}

std::string bulk_text(std::string_view sql, const std::string& arrays) {
  if (sql.starts_with("INSERT")) {
    const std::size_t values = find_word(sql, "VALUES");
    TANPUHUI_REQUIRE(values != std::string_view::npos, "an INSERT of many sets has VALUES");
    return bulk_insert(sql, values, arrays);
  }
  const std::size_t where = find_word(sql, "WHERE");
  TANPUHUI_REQUIRE(where != std::string_view::npos, "a statement of many sets says which rows it means");
  const char* link = sql.starts_with("SELECT") ? ", " : sql.starts_with("DELETE") ? "USING " : "FROM ";
  std::string_view before = sql.substr(0, where);
  if (sql.starts_with("SELECT"))
    while (before.ends_with(' ')) before.remove_suffix(1);
  return fmt::format("{}{}{} {}", before, link, arrays, sql.substr(where));
}

constexpr std::array<std::pair<std::string_view, std::string_view>, 6> words = {{
    {"STRICT, WITHOUT ROWID", ""},
    {"STRICT", ""},
    {"INTEGER", "BIGINT"},
    {"BLOB", "BYTEA"},
    {"TEXT", "TEXT COLLATE \"C\""},
    {"ANY", "TEXT COLLATE \"C\""},
}};

}  // namespace

std::string postgres_text(std::string_view sql) {
  return replace_parameters(sql, [](int number) { return fmt::format("${}", number); });
}

std::string postgres_bulk(std::string_view sql, const std::vector<std::string>& types) {
  return replace_parameters(bulk_text(sql, arrays_of(types)),
                            [](int number) { return fmt::format("given.v{}", number); });
}

std::string postgres_ddl(std::string_view ddl) {
  const std::string text = postgres_text(ddl);
  std::string out;
  for (std::string_view rest = text; !rest.empty();) {
    const std::size_t quoted = quoted_length(rest);
    const bool whole = out.empty() || !is_word(out.back());
    std::size_t size = quoted > 0 ? quoted : 1;
    std::string_view instead = rest.substr(0, size);
    for (const auto& [word, ours] : words)
      if (quoted == 0 && whole && rest.starts_with(word) &&
          (rest.size() == word.size() || !is_word(rest[word.size()]))) {
        size = word.size();
        instead = ours;
        break;
      }
    out += instead;
    rest.remove_prefix(size);
  }
  return out;
}

}  // namespace tanpuhui
