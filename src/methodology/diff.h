#pragma once
/// What a version changes: in its text and formula, and in the results over records at hand.
///
///   for (const Difference& change : diff(v1, v2))
///     print(change.where, change.before, change.after);    // "parameter metro from 2024-09-30, value", "46.7", "46.5"
///   auto results = compare_results(v1, v2, columns, day);  // what the totals would have been
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "methodology/methodology.h"

namespace tanpuhui {

/// `before` or `after` is empty where the thing is new or gone.
struct Difference {
  std::string where, before, after;
  bool operator==(const Difference&) const = default;
};

/// In the order of the file: identity, texts, lists, fields, references, factors, formula, checks, seal, vectors.
std::vector<Difference> diff(const Methodology& a, const Methodology& b);

/// One version over the records.
struct ResultTotals {
  std::int64_t accepted = 0;
  std::int64_t out_of_range = 0;                ///< an input lies outside of what the version allows
  std::map<std::string, std::int64_t> refused;  ///< how many, by the code of the check
  int128 reduction_mg = 0;
};

struct ResultComparison {
  std::int64_t records = 0;
  std::int64_t changed = 0;  ///< accepted by one only, or with another reduction
  ResultTotals before, after;
};

/// Records alone: overlaps and the caps of persons are the seal's. The error is a sentence: the versions do not read
/// the same inputs, or one of them has no rule for the day.
Result<ResultComparison, std::string> compare_results(const Methodology& a, const Methodology& b, InputColumns columns,
                                                      Day day);

}  // namespace tanpuhui
