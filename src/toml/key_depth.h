#pragma once
/// The parser bounds how deep values nest, but not how many parts a dotted key has, and each part is one more table
/// inside a table. This looks at the text before the parser does.
#include <optional>
#include <string_view>

#include "toml/toml.h"

namespace tanpuhui {

inline constexpr int toml_key_parts_max = 16;

/// Where a dotted key (also one in a header) has more than `toml_key_parts_max` parts; none in sane text.
std::optional<TextPosition> find_deep_key(std::string_view text);

}  // namespace tanpuhui
