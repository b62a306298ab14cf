#pragma once
/// What became of a file, as `ingest --report` and the answer to a delivery say it.
#include <functional>
#include <string>

#include <boost/json.hpp>

#include "rooms/activity/shell/ingest.h"
#include "rulebook/rulebook.h"

namespace tanpuhui {

/// Why a line is refused: the code, and the provision that it rests on.
struct Grounds {
  std::string code, basis;
};
using GroundsOf = std::function<Grounds(std::string_view outcome)>;
GroundsOf grounds_of_records(const Rulebook& book);

boost::json::object report_json(const IngestReport& report, const GroundsOf& grounds_of);
boost::json::object counts_json(const std::map<std::string, std::int64_t>& counts);

/// The first lines that were refused: of records, or of consents.
template <class Example>
boost::json::array refused_lines_json(const std::vector<Example>& examples, const GroundsOf& grounds_of) {
  boost::json::array array;
  for (const Example& example : examples) {
    const Grounds grounds = grounds_of(example.outcome);
    array.push_back({{"line", example.line},
                     {"outcome", example.outcome},
                     {"code", grounds.code},
                     {"basis", grounds.basis},
                     {"field", example.field},
                     {"value", example.value},
                     {"message_zh", example.message_zh},
                     {"message_en", example.message_en},
                     {"remedy_zh", example.remedy_zh},
                     {"remedy_en", example.remedy_en}});
  }
  return array;
}

}  // namespace tanpuhui
