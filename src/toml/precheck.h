#pragma once
/// What the text must not hold when it reaches the parser, because the parser (3.3.0) would not come back with an
/// error:
///
/// - a dotted key or header of more than 16 parts: each part is one more table inside a table, without a bound;
/// - a character outside ASCII that is neither in text nor in a comment (never sound TOML), or that follows the end of
/// a
///   line that was continued with a backslash: the parser's test for white space has undefined behaviour there.
#include <optional>
#include <string_view>

#include "toml/toml.h"

namespace tanpuhui {

inline constexpr int toml_key_parts_max = 16;

/// The first such place, as an error without a file name; none in sane text.
std::optional<TextError> precheck_toml(std::string_view text);

}  // namespace tanpuhui
