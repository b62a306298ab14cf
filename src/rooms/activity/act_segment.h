#pragma once
/// Sealed acts as rows, and segments: some thousand rows of one round in columns, one after another. A column holds its
/// smallest value, the step that all others are multiples of above it, and those multiples byte plane by byte plane, so
/// that what rows have in common lies together for whatever compresses the segment.
///
///   SegmentWriter writer;
///   for (const SealedAct& act : acts) if (!writer.add(act)) ...   // stays a row
///   const auto segment = ActSegment::read(writer.take());
///   for (std::size_t i = segment->first_of(account); i < segment->size(); ++i) use(segment->at(i, inputs));
///
/// Basis: decisions D36
#include <optional>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/ids.h"
#include "rooms/activity/acts.h"
#include "rooms/activity/outcomes.h"

namespace tanpuhui {

/// One row of a sealed round. Text and bytes are borrowed.
struct SealedAct : Act {
  std::int64_t n = 0;  ///< the person's rows of the round, from 0
  Outcome outcome = Outcome::accepted;
  ByteView inputs;  ///< `read_fields` reads them
  std::int64_t reduction_mg = 0;
};

class SegmentWriter {
 public:
  /// False, and nothing is added, when the inputs are no numbers or not as many as those of the rows before, or when
  /// `n` does not go on counting.
  bool add(const SealedAct& act);
  std::size_t size() const { return accounts_.size(); }
  std::int64_t first_account() const { return accounts_.front(); }
  std::int64_t last_account() const { return accounts_.back(); }
  /// The segment; the writer begins anew.
  Bytes take();

 private:
  using Numbers = std::vector<std::int64_t>;
  bool counts_on(const SealedAct& act) const;
  std::int64_t first_n_ = 0, last_n_ = 0;
  Numbers accounts_, started_ms_, durations_ms_, sizes_, revisions_, withdrawn_, outcomes_, reductions_mg_;
  std::vector<Numbers> inputs_;
  Bytes texts_;
};

inline constexpr std::size_t segment_rows_max = 65'536;

class ActSegment {
 public:
  ActSegment(ActSegment&&) = default;
  ActSegment& operator=(ActSegment&&) = default;
  /// None when the bytes are no segment.
  static std::optional<ActSegment> read(Bytes bytes);

  std::size_t size() const { return accounts_.size(); }
  /// The first row of this account or of the next one there is.
  std::size_t first_of(AccountId account) const;
  AccountId account(std::size_t row) const { return AccountId{accounts_[row]}; }
  /// `inputs` keeps the row's inputs for it.
  SealedAct at(std::size_t row, Bytes& inputs) const;

 private:
  ActSegment() = default;
  struct Column {
    std::int64_t value(std::size_t row) const;
    std::uint64_t smallest = 0, step = 0;
    std::size_t rows = 0;
    ByteView planes;
    std::size_t width = 0;  // bytes a row
  };
  Bytes bytes_;  // views and columns point into it
  std::vector<std::int64_t> accounts_, n_;
  std::vector<std::size_t> text_begins_;
  Column started_ms_, durations_ms_, revisions_, withdrawn_, outcomes_, reductions_mg_;
  std::vector<Column> inputs_;
  ByteView texts_;
};

}  // namespace tanpuhui
