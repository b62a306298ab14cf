#pragma once
/// Serials: the units of a batch are numbered in milligrams from 0; a range is fixed when units leave circulation and
/// never changes. Basis: decisions D3, D32
///
///   SerialCounter counter{.batch = b, .issued_mg = Milligrams(1000)};
///   allocate_serials(counter, Milligrams(400))   -> [0, 400)
///   allocate_serials(counter, Milligrams(400))   -> [400, 800)
#include <functional>
#include <span>
#include <vector>

#include "ledger/acts.h"
#include "ledger/entry.h"

namespace tanpuhui {

/// One row a batch.
struct SerialCounter {
  BatchId batch;
  Milligrams issued_mg;  ///< length of the whole range
  Milligrams next_mg;    ///< first number not given yet
  bool operator==(const SerialCounter&) const = default;
};

/// The next `mg` (above zero) numbers. Stops the process when the batch has no more: more would leave circulation than
/// was ever issued.
SerialRange allocate_serials(SerialCounter& counter, Milligrams mg);

/// Grams that the posting moves to final accounts, by batch, ascending.
std::vector<BatchAmount> leaving_circulation(const Posting& posting);

/// Numbers what `leaving_circulation` says leaves. `counter_of` gives the counter of a batch; it is changed.
void number_serials(Posting& posting, std::span<const BatchAmount> leaving,
                    const std::function<SerialCounter&(BatchId)>& counter_of);

/// `320500-17:0-400`: batch, first and one past the last milligram.
std::string describe(const SerialRange& range);

}  // namespace tanpuhui
