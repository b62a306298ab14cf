#pragma once
/// The guard in front of everything: reads the raw bytes of a request's head by itself and refuses whatever two readers
/// could understand differently, before the HTTP library sees a byte. Basis: reliability 5.4
///
///   const auto head = guard_head(raw, {});          // raw: up to and with the empty line
///   if (!head) answer(head.error()), close();       // after any flaw the connection is closed
///
/// Refused: bare CR or LF, control bytes, folded lines, space before a colon, no Host or two, a Host that is not one,
/// Transfer-Encoding other than exactly `chunked` or on HTTP/1.0 or beside Content-Length, a Content-Length that is not
/// plain digits or stands twice, doubled single-valued fields, versions other than 1.0 and 1.1.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace tanpuhui {

struct HttpFlaw {
  unsigned status = 400;
  std::string zh, en;  ///< what is wrong
  bool operator==(const HttpFlaw&) const = default;
};

struct RequestHead {
  using Fields = std::vector<std::pair<std::string, std::string>>;
  std::string method;
  std::string target;        ///< as sent
  bool old_version = false;  ///< HTTP/1.0
  std::optional<std::uint64_t> content_length;
  bool chunked = false;
  bool expects_continue = false;
  std::string if_none_match;
  Fields fields;  ///< all of them: names in lower case, values without space around them

  /// The value of a field; empty when it is not there.
  std::string_view field(std::string_view name) const;
  bool has_body() const { return chunked || content_length.value_or(0) > 0; }
};

/// Where the head ends in what has arrived: behind the empty line, or behind a bare LF, which no head may hold;
/// npos while neither is there.
std::size_t end_of_head(std::string_view received);

Result<RequestHead, HttpFlaw> guard_head(std::string_view raw, const std::vector<std::string>& hosts);

}  // namespace tanpuhui
