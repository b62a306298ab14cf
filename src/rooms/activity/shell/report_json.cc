#include "rooms/activity/shell/report_json.h"

namespace tanpuhui {
namespace {

namespace json = boost::json;

json::array differences_json(const std::vector<ManifestDifference>& differences) {
  json::array array;
  for (const ManifestDifference& d : differences)
    array.push_back({{"figure", d.figure}, {"manifest", d.stated}, {"file", d.found}, {"difference", d.difference}});
  return array;
}

}  // namespace

json::object counts_json(const std::map<std::string, std::int64_t>& counts) {
  json::object object;
  for (const auto& [id, count] : counts) object[id] = count;
  return object;
}

// `check_failed.distance_too_short` has the row of `check_failed`.
GroundsOf grounds_of_records(const Rulebook& book) {
  return [&book](std::string_view id) -> Grounds {
    const auto outcome = find_outcome(id.substr(0, id.find('.')));
    if (!outcome) return {};
    const OutcomeRow& row = describe_outcome(*outcome);
    const std::string code(row.family);
    return {code, row.article.empty() && !code.empty() ? book.basis_of(code) : std::string(row.article)};
  };
}

json::object report_json(const IngestReport& report, const GroundsOf& grounds_of) {
  return {{"file", report.file_name},
          {"outcome", describe_outcome(report.file_outcome).id},
          {"sha256", to_hex(report.digest)},
          {"bytes", report.bytes},
          {"resumed", report.resumed},
          {"lines", report.lines},
          {"counts", counts_json(report.counts)},
          {"differences", differences_json(report.differences)},
          {"refused_lines", refused_lines_json(report.examples, grounds_of)}};
}

}  // namespace tanpuhui
