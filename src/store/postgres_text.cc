#include "store/postgres_text.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "store/sql_text.h"

namespace tanpuhui {
namespace {

// x'0A' is a literal of bytes there.
std::string with_bytea(std::string_view sql) {
  std::string out;
  for (std::size_t at = 0; at < sql.size();) {
    const bool is_blob = sql.substr(at).starts_with("x'") && (at == 0 || !is_word(sql[at - 1]));
    const std::size_t size = quoted_length(sql.substr(is_blob ? at + 1 : at));
    if (is_blob) {
      out += fmt::format("'\\x{}'::bytea", sql.substr(at + 2, size - 2));
      at += 1 + size;
    } else {
      out += sql.substr(at, std::max<std::size_t>(size, 1));
      at += std::max<std::size_t>(size, 1);
    }
  }
  return out;
}

std::string arrays_of(const std::vector<std::string>& types) {
  std::string arrays, names;
  for (std::size_t i = 1; i <= types.size(); ++i) {
    arrays += fmt::format("{}${}::{}[]", i > 1 ? ", " : "", i, types[i - 1]);
    names += fmt::format("{}v{}", i > 1 ? ", " : "", i);
  }
  return fmt::format("unnest({}) AS given({})", arrays, names);
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
  return replace_parameters(with_bytea(sql), [](int number) { return fmt::format("${}", number); });
}

std::string postgres_bulk(std::string_view sql, const std::vector<std::string>& types) {
  return with_bytea(bulk_text(sql, arrays_of(types)));
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
