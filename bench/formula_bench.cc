/// The bike formula with its checks, compiled from the methodology file, against the same arithmetic written by hand
/// over the same columns; one worked calculation; the check of the whole library.
///
///   formula_bench
///
/// Prints rates and their ratio (goal 0.4), the time of one explanation (goal below 1 ms) and of the library (below 2
/// s).
#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "measure.h"
#include "methodology/explain.h"
#include "methodology/factors.h"

namespace tanpuhui {
namespace {

constexpr std::size_t records = 4'000'000;
constexpr std::size_t batch = 65'536;
constexpr int rounds = 5;

struct Columns {
  std::vector<std::int64_t> metres, duration_ms, reductions;
  std::vector<std::int32_t> failed;
};

Columns draw() {
  Columns columns;
  std::uint64_t state = 7;
  for (std::size_t i = 0; i < records; ++i) {
    state = mix_bits(state);
    columns.metres.push_back(static_cast<std::int64_t>(state % 9'000));
    columns.duration_ms.push_back(static_cast<std::int64_t>(state / 9'000 % 3'600'000));
  }
  columns.reductions.resize(records);
  columns.failed.resize(records);
  return columns;
}

// What a careful programmer would write for this one formula: no file, no units, no proof.
void by_hand(const std::int64_t* metres, const std::int64_t* duration, std::size_t count, std::int32_t* failed,
             std::int64_t* reduction) {
  for (std::size_t i = 0; i < count; ++i) {
    const std::int64_t d = metres[i], t = duration[i];
    std::int32_t code = no_failed_check;
    code = d * 3'600 > 30 * t ? 5 : code;
    code = d * 3'600 < 3 * t ? 4 : code;
    code = t > 14'400'000 ? 3 : code;
    code = t < 120'000 ? 2 : code;
    code = d > 15'000 ? 1 : code;
    code = d < 300 ? 0 : code;
    failed[i] = code;
    reduction[i] = d * 5'826 / 100;
  }
}

template <class Work>
double best_rate(Work work) {
  double best = 0;
  for (int round = 0; round < rounds; ++round) {
    const Stopwatch watch;
    work();
    best = std::max(best, static_cast<double>(records) / watch.seconds());
  }
  return best;
}

template <class Work>
void in_batches(Columns& columns, Work work) {
  for (std::size_t at = 0; at < records; at += batch) {
    const std::size_t count = std::min(batch, records - at);
    work(columns.metres.data() + at, columns.duration_ms.data() + at, count, columns.failed.data() + at,
         columns.reductions.data() + at);
  }
}

// Everything under methodologies/, as `methodology check` reads it.
std::size_t load_library() {
  const std::filesystem::path folder = TANPUHUI_ROOT "/methodologies";
  std::vector<SourceFile> tables;
  for (const auto& file : std::filesystem::directory_iterator(folder / "factors"))
    tables.push_back({file.path().string(), file_text(file.path())});
  const FactorTables factors = load_factors(tables).value();
  std::size_t loaded = 0;
  for (const auto& file : std::filesystem::recursive_directory_iterator(folder))
    if (file.path().filename() == "methodology.toml")
      loaded += load_methodology(file_text(file.path()), file.path().string(), sha256, factors) ? 1 : 0;
  return loaded;
}

int run() {
  const Methodology bike = bike_methodology();
  const CompiledMethodology& rule = *bike.in_force(day_of({2025, 1, 2}));
  Columns columns = draw();
  const double hand = best_rate([&] { in_batches(columns, by_hand); });
  const std::vector<std::int32_t> failed = columns.failed;
  const std::vector<std::int64_t> reductions = columns.reductions;
  const double ours = best_rate([&] {
    in_batches(columns, [&](const std::int64_t* metres, const std::int64_t* duration, std::size_t count,
                            std::int32_t* out_failed, std::int64_t* out_reduction) {
      const std::span<const std::int64_t> inputs[] = {{metres, count}, {duration, count}};
      rule.first_failed_checks(inputs, {out_failed, count});
      rule.reductions(inputs, {out_reduction, count});
    });
  });
  if (failed != columns.failed || reductions != columns.reductions) {
    fmt::print("the two disagree\n");
    return 1;
  }
  const std::int64_t inputs[] = {951, 240'000};
  constexpr int explanations = 200;
  const Stopwatch watch;
  std::size_t lines = 0;
  for (int i = 0; i < explanations; ++i) lines += explain(bike, inputs, day_of({2025, 1, 2})).size();
  const double explain_ms = watch.seconds() * 1000 / explanations;
  const Stopwatch library;
  const std::size_t loaded = load_library();
  const double library_s = library.seconds();
  fmt::print("by hand {:.0f} M records/s, compiled {:.0f} M records/s: ratio {:.2f} (goal 0.4)\n", hand / 1e6,
             ours / 1e6, ours / hand);
  fmt::print("explanation of one record ({} lines): {:.3f} ms (goal below 1)\n", lines / explanations, explain_ms);
  fmt::print("{} methodologies loaded, checked and their vectors computed: {:.3f} s (goal below 2)\n", loaded,
             library_s);
  return ours / hand >= 0.4 && explain_ms < 1 && library_s < 2 ? 0 : 1;
}

}  // namespace
}  // namespace tanpuhui

int main() { return tanpuhui::run(); }
