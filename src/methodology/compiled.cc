#include "methodology/compiled.h"

#include <algorithm>
#include <array>

#include "base/check.h"

namespace tanpuhui {
namespace {

using Pointers = std::array<const std::int64_t*, fields_max + 1>;

Pointers pointers_of(InputColumns columns, std::size_t inputs, std::size_t rows) {
  TANPUHUI_REQUIRE(columns.size() == inputs, "one column an input");
  Pointers pointers{};
  for (std::size_t i = 0; i < inputs; ++i) {
    TANPUHUI_REQUIRE(columns[i].size() == rows, "columns and result are of one length");
    pointers[i] = columns[i].data();
  }
  return pointers;
}

void require_in_range(const CompiledMethodology& rule, const Pointers& columns, std::size_t first, std::size_t count) {
  for (std::size_t i = 0; i < rule.ranges.size(); ++i) {
    const auto [min, max] = rule.ranges[i];
    std::int64_t outside = 0;
    for (std::size_t row = first; row < first + count; ++row)
      outside |= static_cast<std::int64_t>(columns[i][row] < min) | static_cast<std::int64_t>(columns[i][row] > max);
    TANPUHUI_REQUIRE(outside == 0, "inputs of a methodology are in their ranges");
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

}  // namespace

std::optional<std::size_t> CompiledMethodology::first_out_of_range(std::span<const std::int64_t> inputs) const {
  for (std::size_t i = 0; i < ranges.size(); ++i)
    if (inputs[i] < ranges[i].first || inputs[i] > ranges[i].second) return i;
  return std::nullopt;
}

std::optional<std::size_t> CompiledMethodology::first_failed_check(std::span<const std::int64_t> inputs) const {
  require_in_range(*this, inputs);
  for (std::size_t i = 0; i < checks.size(); ++i)
    if (checks[i].scalar(inputs) == 0) return i;
  return std::nullopt;
}

std::int64_t CompiledMethodology::reduction_mg(std::span<const std::int64_t> inputs) const {
  require_in_range(*this, inputs);
  return reduction.scalar_quantity(inputs);
}

void CompiledMethodology::first_failed_checks(InputColumns columns, std::span<std::int32_t> out) const {
  const Pointers all = pointers_of(columns, ranges.size(), out.size());
  expr::Workspace workspace;
  std::int64_t passed[expr::block_size];
  std::int64_t failed[expr::block_size];
  each_block(out.size(), [&](std::size_t first, std::size_t count) {
    require_in_range(*this, all, first, count);
    std::fill_n(failed, count, no_failed_check);
    // From the last to the first, so that the first one that fails has the last word.
    for (std::size_t check = checks.size(); check-- > 0;) {
      checks[check].condition_block(all, first, count, workspace, passed);
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
    reduction.quantity_block(all, first, count, workspace, out_mg.data() + first);
  });
}

}  // namespace tanpuhui
