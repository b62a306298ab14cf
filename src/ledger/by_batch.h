#pragma once
/// Sums by batch for the legs of one entry: few batches, mostly met in their order, so a small sorted vector is the
/// fastest.
#include <algorithm>
#include <vector>

#include "base/ids.h"

namespace tanpuhui {

/// The line of the batch, a new one when there is none; the lines stay in rising order of `batch`.
template <class Line>
Line& line_of(std::vector<Line>& lines, BatchId batch) {
  auto at = lines.end();
  if (!lines.empty() && !(lines.back().batch < batch)) at = std::ranges::lower_bound(lines, batch, {}, &Line::batch);
  if (at == lines.end() || at->batch != batch) {
    at = lines.insert(at, Line{});
    at->batch = batch;
  }
  return *at;
}

}  // namespace tanpuhui
