#pragma once
/// The clearing run: points whose last good day is past leave, with the grams behind them. It goes over the accounts by
/// part, some thousand in a commit, and clears each once a day: a run that was killed goes on and a second run changes
/// nothing. Basis: js24.a37p3
#include <cstdint>
#include <functional>

#include "office/office.h"

namespace tanpuhui {

struct ExpiryReport {
  std::int64_t accounts = 0;
  Points points;
  Milligrams reductions;
};

/// `progress` may be empty: parts done, parts there are.
Result<ExpiryReport> expire_points(const Office& office,
                                   const std::function<void(std::int64_t, std::int64_t)>& progress);

}  // namespace tanpuhui
