#pragma once
/// What became of a file, as `ingest --report` and the answer to a delivery say it.
#include <boost/json.hpp>

#include "rooms/activity/shell/ingest.h"

namespace tanpuhui {

boost::json::object report_json(const IngestReport& report);
boost::json::object counts_json(const std::map<std::string, std::int64_t>& counts);

/// The first lines that were refused: of records, or of consents.
template <class Example>
boost::json::array refused_lines_json(const std::vector<Example>& examples) {
  boost::json::array array;
  for (const Example& example : examples)
    array.push_back({{"line", example.line},
                     {"outcome", example.outcome},
                     {"field", example.field},
                     {"value", example.value},
                     {"message_zh", example.message_zh},
                     {"message_en", example.message_en},
                     {"remedy_zh", example.remedy_zh},
                     {"remedy_en", example.remedy_en}});
  return array;
}

}  // namespace tanpuhui
