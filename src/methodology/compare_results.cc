#include <algorithm>

#include <fmt/format.h>

#include "methodology/diff.h"

namespace tanpuhui {
namespace {

/// What one version says of one record: its place in `out_of_range`, `refused` or the sum.
struct Said {
  bool accepted = false;
  std::int64_t reduction_mg = 0;
  bool operator==(const Said&) const = default;
};

Said judge(const Methodology& m, const CompiledMethodology& rule, std::span<const std::int64_t> inputs,
           ResultTotals& totals) {
  if (rule.first_out_of_range(inputs)) return ++totals.out_of_range, Said{};
  if (const auto failed = rule.first_failed_check(inputs)) return ++totals.refused[m.checks[*failed].code], Said{};
  const Said said{true, rule.reduction_mg(inputs)};
  ++totals.accepted, totals.reduction_mg += said.reduction_mg;
  return said;
}

bool read_the_same(const Methodology& a, const Methodology& b) {
  const auto same = [](const MethodologyColumn& left, const MethodologyColumn& right) {
    return left.name == right.name && left.decimals == right.decimals;
  };
  return std::equal(a.columns.begin(), a.columns.end(), b.columns.begin(), b.columns.end(), same) &&
         std::equal(a.fields.begin(), a.fields.end(), b.fields.begin(), b.fields.end(),
                    [&](const MethodologyField& left, const MethodologyField& right) {
                      if (left.list.empty() || right.list.empty()) return left.list == right.list;
                      const auto &before = a.list(left.list)->words, &after = b.list(right.list)->words;
                      return std::equal(before.begin(), before.end(), after.begin(), after.end(),
                                        [](const auto& x, const auto& y) { return x.id == y.id; });
                    });
}

}  // namespace

Result<ResultComparison, std::string> compare_results(const Methodology& a, const Methodology& b, InputColumns columns,
                                                      Day day) {
  if (!read_the_same(a, b)) return std::string("the two versions do not read the same inputs");
  const CompiledMethodology *before = a.in_force(day), *after = b.in_force(day);
  for (const auto& [rule, m] : {std::pair(before, &a), std::pair(after, &b)})
    if (rule == nullptr) return fmt::format("{} {} is not valid on {}", m->id, m->version, format_day(day));
  if (columns.size() != a.columns.size()) return fmt::format("{} columns are wanted", a.columns.size());
  ResultComparison out;
  std::vector<std::int64_t> inputs(columns.size());
  for (std::size_t row = 0; row < columns.front().size(); ++row, ++out.records) {
    for (std::size_t i = 0; i < columns.size(); ++i) inputs[i] = columns[i][row];
    const Said first = judge(a, *before, inputs, out.before), second = judge(b, *after, inputs, out.after);
    if (first != second) ++out.changed;
  }
  return out;
}

}  // namespace tanpuhui
