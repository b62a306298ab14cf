#include "server/target.h"

#include <charconv>

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

namespace tanpuhui {

std::optional<Target> read_target(std::string_view target) {
  const boost::core::string_view text(target.data(), target.size());
  const auto url =
      target.starts_with('/') ? boost::urls::parse_origin_form(text) : boost::urls::parse_absolute_uri(text);
  if (!url) return std::nullopt;
  Target read{std::string(url->encoded_path().data(), url->encoded_path().size()), {}, url->path(), {}};
  if (url->has_query()) read.query = std::string(url->encoded_query().data(), url->encoded_query().size());
  for (const auto& parameter : url->params()) read.parameters[parameter.key] = parameter.value;
  return read;
}

std::optional<std::int64_t> integer_between(std::string_view text, std::int64_t min, std::int64_t max) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < min || value > max) return std::nullopt;
  return value;
}

}  // namespace tanpuhui
