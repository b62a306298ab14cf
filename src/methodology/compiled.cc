#include "methodology/compiled.h"

#include <algorithm>
#include <array>

#include "base/check.h"

namespace tanpuhui {
namespace {

using Pointers = std::array<const std::int64_t*, inputs_max>;

Pointers pointers_of(InputColumns columns, std::size_t inputs, std::size_t rows) {
  TANPUHUI_REQUIRE(columns.size() == inputs, "one column an input");
  Pointers pointers{};
  for (std::size_t i = 0; i < inputs; ++i) {
    TANPUHUI_REQUIRE(columns[i].size() == rows, "columns and result are of one length");
    pointers[i] = columns[i].data();
  }
  return pointers;
}

/// Without a comparison a value: one of the differences is below zero for a value outside, also where the other wraps.
/// A range as wide as 2^63 would make differences of values inside wrap too; it is compared.
bool any_outside(const std::int64_t* values, std::size_t count, std::int64_t min, std::int64_t max) {
  const auto low = static_cast<std::uint64_t>(min), high = static_cast<std::uint64_t>(max);
  if (static_cast<std::int64_t>(high - low) < 0)
    return std::any_of(values, values + count, [=](std::int64_t value) { return value < min || value > max; });
  std::uint64_t outside = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const auto value = static_cast<std::uint64_t>(values[i]);
    outside |= (value - low) | (high - value);
  }
  return static_cast<std::int64_t>(outside) < 0;
}

void require_in_range(const CompiledMethodology& rule, const Pointers& columns, std::size_t first, std::size_t count) {
  for (std::size_t i = 0; i < rule.ranges.size(); ++i) {
    const auto [min, max] = rule.ranges[i];
    TANPUHUI_REQUIRE(!any_outside(columns[i] + first, count, min, max), "inputs of a methodology are in their ranges");
  }
}

/// Calls `work(first, count)` for each block of the rows.
template <class Work>
void each_block(std::size_t rows, Work work) {
  for (std::size_t first = 0; first < rows; first += expr::block_size)
    work(first, std::min(expr::block_size, rows - first));
}

void require_in_range(const CompiledMethodology& rule, std::span<const std::int64_t> inputs) {
  TANPUHUI_REQUIRE(inputs.size() == rule.ranges.size(), "one value an input");
  TANPUHUI_REQUIRE(!rule.first_out_of_range(inputs), "inputs of a methodology are in their ranges");
}

bool asked(CheckStage stage, CheckStage wanted) { return wanted == CheckStage::both || stage == wanted; }

}  // namespace

std::optional<std::size_t> CompiledMethodology::first_out_of_range(std::span<const std::int64_t> inputs) const {
  for (std::size_t i = 0; i < ranges.size(); ++i)
    if (inputs[i] < ranges[i].first || inputs[i] > ranges[i].second) return i;
  return std::nullopt;
}

std::optional<std::size_t> CompiledMethodology::first_failed_check(std::span<const std::int64_t> inputs,
                                                                   CheckStage stage) const {
  require_in_range(*this, inputs);
  for (std::size_t i = 0; i < checks.size(); ++i)
    if (asked(stages[i], stage) && checks[i].scalar(inputs) == 0) return i;
  return std::nullopt;
}

std::int64_t CompiledMethodology::reduction_mg(std::span<const std::int64_t> inputs) const {
  require_in_range(*this, inputs);
  const std::int64_t mg =
      negative == NegativePolicy::carry ? reduction.scalar_signed_quantity(inputs) : reduction.scalar_quantity(inputs);
  return cap_record_mg > 0 ? std::min(mg, cap_record_mg) : mg;
}

void CompiledMethodology::first_failed_checks(InputColumns columns, std::span<std::int32_t> out,
                                              CheckStage stage) const {
  const Pointers all = pointers_of(columns, ranges.size(), out.size());
  expr::Workspace workspace;
  std::int64_t room[expr::block_size];
  std::int64_t failed[expr::block_size];
  each_block(out.size(), [&](std::size_t first, std::size_t count) {
    require_in_range(*this, all, first, count);
    std::fill_n(failed, count, no_failed_check);
    // From the last to the first, so that the first one that fails has the last word.
    for (std::size_t check = checks.size(); check-- > 0;) {
      if (!asked(stages[check], stage)) continue;
      const std::int64_t* passed = checks[check].condition_view(all, first, count, workspace, room);
      const auto index = static_cast<std::int64_t>(check);
      for (std::size_t i = 0; i < count; ++i) failed[i] = passed[i] != 0 ? failed[i] : index;
    }
    for (std::size_t i = 0; i < count; ++i) out[first + i] = static_cast<std::int32_t>(failed[i]);
  });
}

void CompiledMethodology::reductions(InputColumns columns, std::span<std::int64_t> out_mg) const {
  const Pointers all = pointers_of(columns, ranges.size(), out_mg.size());
  expr::Workspace workspace;
  each_block(out_mg.size(), [&](std::size_t first, std::size_t count) {
    require_in_range(*this, all, first, count);
    const auto out = out_mg.subspan(first, count);
    if (negative == NegativePolicy::carry)
      reduction.signed_quantity_block(all, first, count, workspace, out.data());
    else
      reduction.quantity_block(all, first, count, workspace, out.data());
    if (cap_record_mg > 0)
      for (std::int64_t& mg : out) mg = std::min(mg, cap_record_mg);
  });
}

}  // namespace tanpuhui
