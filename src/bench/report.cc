#include "bench/report.h"

#include <algorithm>
#include <cmath>

#include <boost/json.hpp>
#include <fmt/format.h>

namespace tanpuhui {
namespace {

namespace json = boost::json;

std::string_view name_of(Goal::Kind kind) { return kind == Goal::Kind::at_least ? "at_least" : "at_most"; }

json::object object_of(const Facts& facts) {
  json::object object;
  for (const auto& [name, value] : facts) object[name] = value;
  return object;
}

json::object object_of(const Figure& figure, bool judges) {
  json::object object{{"name", figure.name}, {"unit", figure.unit}, {"value", figure.value()}};
  object["rounds"] = json::value_from(figure.rounds);
  if (figure.rows > 0) object["rows"] = figure.rows;
  if (!figure.goal) return object;
  object["goal"] = {{std::string(name_of(figure.goal->kind)), figure.goal->bound}};
  if (judges) object["missed"] = figure.misses();
  return object;
}

std::string with_thousands(std::int64_t number) {
  std::string digits = std::to_string(number);
  for (std::size_t at = digits.size(); at > 3; at -= 3) digits.insert(at - 3, ",");
  return digits;
}

}  // namespace

double median(std::vector<double> values) {
  if (values.empty()) return 0;
  std::ranges::sort(values);
  const std::size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

std::vector<double> ratios(const std::vector<double>& ours, const std::vector<double>& limit) {
  std::vector<double> each;
  for (std::size_t i = 0; i < std::min(ours.size(), limit.size()); ++i) each.push_back(ours[i] / limit[i]);
  return each;
}

double Figure::value() const { return median(rounds); }

bool Figure::misses() const {
  if (!goal) return false;
  return goal->kind == Goal::Kind::at_least ? value() < goal->bound : value() > goal->bound;
}

std::string shown(double value) {
  if (value >= 1000) return with_thousands(std::llround(value));
  if (value >= 100) return fmt::format("{:.0f}", value);
  return value >= 10 ? fmt::format("{:.1f}", value) : fmt::format("{:.2f}", value);
}

std::vector<std::string> BenchReport::missed() const {
  std::vector<std::string> sentences;
  if (!judges) return sentences;
  for (const CaseResult& result : cases)
    for (const Figure& figure : result.figures)
      if (figure.misses())
        sentences.push_back(fmt::format("{}: {}: {} {}, goal {} {}", result.name, figure.name, shown(figure.value()),
                                        figure.unit, figure.goal->kind == Goal::Kind::at_least ? "at least" : "at most",
                                        shown(figure.goal->bound)));
  return sentences;
}

std::string BenchReport::json() const {
  json::array results;
  for (const CaseResult& result : cases) {
    json::array figures;
    for (const Figure& figure : result.figures) figures.push_back(object_of(figure, judges));
    results.push_back({{"name", result.name},
                       {"title", result.title},
                       {"figures", std::move(figures)},
                       {"notes", json::value_from(result.notes)}});
  }
  const json::object all{{"machine", object_of(machine)},
                         {"run", object_of(run)},
                         {"judges", judges},
                         {"cases", std::move(results)},
                         {"missed", json::value_from(missed())}};
  return json::serialize(all) + "\n";
}

}  // namespace tanpuhui
