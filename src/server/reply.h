#pragma once
/// One answer, before it is written to the wire.
#include <string>
#include <string_view>

#include <boost/json.hpp>

#include "base/refusal.h"

namespace tanpuhui {

struct Reply {
  unsigned status = 200;
  std::string content_type = "application/json; charset=utf-8";
  std::string body;
  std::string etag;   ///< empty: not to be kept by anybody
  std::string allow;  ///< of a 405
};

/// What is wrong and what to do: {code, message_zh, message_en, remedy_zh, remedy_en}; the code is `HTTP-<status>`.
Reply problem(unsigned status, std::string_view zh, std::string_view en);
/// With a remedy of its own.
Reply problem(unsigned status, std::string_view zh, std::string_view en, std::string_view remedy_zh,
              std::string_view remedy_en);
/// With the usual sentence of that status.
Reply problem(unsigned status);

/// The law or the ledger says no: as `problem`, with the refusal's own code, its basis and its facts.
boost::json::object refusal_json(const Refusal& refusal);
Reply refused(unsigned status, const Refusal& refusal);

Reply json_reply(unsigned status, const boost::json::object& value);

}  // namespace tanpuhui
