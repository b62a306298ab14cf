#pragma once
/// A request's target, also one that is a whole address.
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace tanpuhui {

struct Target {
  std::string path;                               ///< as it was sent: nothing is unescaped, it is what is signed
  std::optional<std::string> query;               ///< likewise, without the question mark
  std::string plain_path;                         ///< unescaped, once
  std::map<std::string, std::string> parameters;  ///< of the query, likewise
};
std::optional<Target> read_target(std::string_view target);

/// A whole number in plain digits.
std::optional<std::int64_t> integer_between(std::string_view text, std::int64_t min, std::int64_t max);

}  // namespace tanpuhui
