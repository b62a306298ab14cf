#pragma once
/// Short texts that come from outside: names of holders, a partner's ids of persons.
#include <string>
#include <string_view>

namespace tanpuhui {

inline constexpr std::size_t holder_text_size_max = 128;  ///< bytes

/// Not longer than `holder_text_size_max`, UTF-8, without control characters. May be empty.
bool is_plain_text(std::string_view text);

/// Fit to be shown in a report, whatever the bytes are: cut to 80 bytes, `?` for what cannot be shown.
std::string shown_text(std::string_view text);

}  // namespace tanpuhui
