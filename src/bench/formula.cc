/// The bicycle formula with its checks, compiled from the methodology's file, against the same arithmetic written by
/// hand over the same columns; and one worked calculation.
#include <algorithm>

#include <fmt/format.h>

#include "bench/cases.h"
#include "bench/measure.h"
#include "bench/rides.h"
#include "methodology/explain.h"

namespace tanpuhui {
namespace {

constexpr std::size_t batch = 65'536;
const Day ride_day = day_of({2025, 1, 2});

struct Columns {
  std::vector<std::int64_t> metres, duration_ms, reductions;
  std::vector<std::int32_t> failed;
  std::size_t size() const { return metres.size(); }
};

Columns draw(std::int64_t records) {
  Columns columns;
  std::uint64_t dice = 7;
  for (std::int64_t i = 0; i < records; ++i) {
    dice = mix_bits(dice);
    columns.metres.push_back(static_cast<std::int64_t>(dice % 9'000));
    columns.duration_ms.push_back(static_cast<std::int64_t>(dice / 9'000 % 3'600'000));
  }
  columns.reductions.resize(columns.size());
  columns.failed.resize(columns.size());
  return columns;
}

// What a careful programmer would write for this one formula: no file, no units, no proof.
void by_hand(std::span<const std::int64_t> metres, std::span<const std::int64_t> duration,
             std::span<std::int32_t> failed, std::span<std::int64_t> reduction) {
  for (std::size_t i = 0; i < metres.size(); ++i) {
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
double rate_in_batches(Columns& columns, Work work) {
  const Stopwatch watch;
  for (std::size_t at = 0; at < columns.size(); at += batch) {
    const std::size_t count = std::min(batch, columns.size() - at);
    work(std::span(columns.metres).subspan(at, count), std::span(columns.duration_ms).subspan(at, count),
         std::span(columns.failed).subspan(at, count), std::span(columns.reductions).subspan(at, count));
  }
  return watch.rate(std::ssize(columns.metres));
}

double explain_ms(const Methodology& methodology) {
  constexpr std::int64_t inputs[] = {951, 240'000};
  constexpr int explanations = 200;
  const Stopwatch watch;
  for (int i = 0; i < explanations; ++i)
    TANPUHUI_REQUIRE(!explain(methodology, inputs, ride_day).empty(), "a calculation has lines");
  return watch.seconds() * 1000 / explanations;
}

}  // namespace

CaseResult measure_formula(const Ground& ground) {
  CaseResult result{"formula",
                    "the bicycle formula with its six checks over columns, as its file states it; against a "
                    "loop written by hand for it"};
  const Methodology& bicycle = bicycle_methodology(ground);
  const CompiledMethodology& rule = *bicycle.in_force(ride_day);
  Columns columns = draw(ground.size(200'000, 4'000'000));
  Figure hand{"by hand", "records/s", {}}, ours{"compiled from the file", "records/s", {}};
  for (int round = 0; round <= rounds; ++round) {
    hand.rounds.push_back(rate_in_batches(columns, by_hand));
    const auto failed = columns.failed;
    const auto reductions = columns.reductions;
    ours.rounds.push_back(
        rate_in_batches(columns, [&](auto metres, auto duration, auto out_failed, auto out_reduction) {
          const std::span<const std::int64_t> inputs[] = {metres, duration};
          rule.first_failed_checks(inputs, out_failed);
          rule.reductions(inputs, out_reduction);
        }));
    if (failed != columns.failed || reductions != columns.reductions) throw Fault("formula: the two disagree");
    // The first round only brings the columns into memory.
    if (round == 0) hand.rounds.clear(), ours.rounds.clear();
  }
  result.figures = {hand, ours};
  result.figures.push_back(
      {"compiled from the file / by hand", "ratio", ratios(ours.rounds, hand.rounds), at_least(0.4)});
  result.figures.push_back({"worked calculation of one record", "ms", {explain_ms(bicycle)}, at_most(1)});
  return result;
}

}  // namespace tanpuhui
