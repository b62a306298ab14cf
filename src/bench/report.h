#pragma once
/// What a run of the benchmarks found: figures, each with the rounds it is the median of and, where there is one, its
/// goal. A ratio is a figure too: of two things measured in turn in the same run, since only that can be compared
/// between machines.
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace tanpuhui {

struct Goal {
  enum class Kind { at_least, at_most };
  Kind kind = Kind::at_least;
  double bound = 0;
};
constexpr Goal at_least(double bound) { return {Goal::Kind::at_least, bound}; }
constexpr Goal at_most(double bound) { return {Goal::Kind::at_most, bound}; }

struct Figure {
  std::string name;  ///< `orders, 512 in a commit`
  std::string unit;  ///< `a second`, `of ...` for a ratio, `bytes`, `ms`
  std::vector<double> rounds;
  std::optional<Goal> goal{};
  std::int64_t rows = 0;  ///< how many rows stood there when it was measured; 0: does not matter

  double value() const;  ///< the median
  bool misses() const;
};

/// Round by round, so that what disturbs one round disturbs both sides of it.
std::vector<double> ratios(const std::vector<double>& ours, const std::vector<double>& limit);
double median(std::vector<double> values);

struct CaseResult {
  std::string name;
  std::string title;  ///< what is measured, and against what: a sentence
  std::vector<Figure> figures{};
  std::vector<std::string> notes{};
};

using Facts = std::vector<std::pair<std::string, std::string>>;  ///< name, value

struct BenchReport {
  Facts machine, run;
  bool judges = true;  ///< false: the data are too small for goals to mean anything
  std::vector<CaseResult> cases{};

  /// A sentence for each goal that was missed; empty when none is judged.
  std::vector<std::string> missed() const;
  std::string json() const;
};

/// `1,234,567`, `12.3`, `0.285`: three digits that count.
std::string shown(double value);

}  // namespace tanpuhui
