#include "rooms/activity/shell/day_counts.h"

#include <simdjson.h>

#include "base/fault.h"

namespace tanpuhui {

DayCounts read_day_counts(std::string_view json) try {
  DayCounts counts;
  simdjson::dom::parser parser;
  for (const auto& [outcome, count] : simdjson::dom::object(parser.parse(json.data(), json.size())))
    counts[std::string(outcome)] = std::int64_t(count);
  return counts;
} catch (const simdjson::simdjson_error& error) {
  throw Fault(std::string("sealed_days.counts cannot be read: ") + error.what());
}

}  // namespace tanpuhui
