#pragma once
/// `tanpuhui bench`: how fast the platform is, against what the engine under it can do. Each case measures both in turn
/// in one run; ratios can be compared between machines, rates cannot.
///
///   const BenchReport report = run_bench(options);
///   for (const std::string& sentence : report.missed()) print(sentence);
#include <string_view>
#include <vector>

#include "bench/ground.h"

namespace tanpuhui {

/// The names of all cases, in the order in which they run.
std::vector<std::string> bench_cases();

/// Runs the cases of `options`, which are names of `bench_cases`. Throws Fault when the world fails.
BenchReport run_bench(const BenchOptions& options);

}  // namespace tanpuhui
