#pragma once
/// SQL read without being understood: where its words and its values stand. What is quoted or a comment is neither.
/// Private to the store.
#include <functional>
#include <string>
#include <string_view>

namespace tanpuhui {

bool is_word(char c);
/// The length of the quoted text or comment that begins here, 0 when none does.
std::size_t quoted_length(std::string_view sql);
/// Where the word stands outside of quotes and parentheses; npos when it does not.
std::size_t find_word(std::string_view sql, std::string_view word);

/// `parameter` gives the text in place of each `?`, counted from 1.
std::string replace_parameters(std::string_view sql, const std::function<std::string(int)>& parameter);

/// The same statement for many sets of values, which it reads from a table `given`: a row a set, columns v1, v2 ...
/// `source` says what the table is.
///
///   bulk_text("UPDATE t SET a = ? WHERE b = ?", "sets AS given")
///     ->  "UPDATE t SET a = given.v1 FROM sets AS given WHERE b = given.v2"
///
/// An INSERT ends its VALUES in a SELECT, an UPDATE gets a FROM, a DELETE a USING, a SELECT one more table.
std::string bulk_text(std::string_view sql, std::string_view source);

}  // namespace tanpuhui
