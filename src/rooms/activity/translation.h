#pragma once
/// Acts that one version of a methodology took in, as another version would read them.
///
///   auto translation = Translation::between(v1, draft);          // or why the draft cannot read them: what they lack
///   Outcome outcome = translation->read(kept_under_v1, kept);    // received, or what intake would have said
#include <cstdint>
#include <span>
#include <vector>

#include "base/result.h"
#include "methodology/methodology.h"
#include "rooms/activity/outcomes.h"

namespace tanpuhui {

class Translation {
 public:
  /// Refused, with the field's name, when `to` asks for what acts of `from` never brought: a field, a word's number or
  /// a reference that `from` has not or has otherwise, or subjects told apart that `from` did not tell apart. Numbers
  /// may have other decimals and ranges, lists other words.
  static Result<Translation, BilingualText> between(const Methodology& from, const Methodology& to);

  /// What an act keeps, as `to` reads it. `too_many_decimals` or `out_of_range` (also a word that `to` does not know)
  /// where its intake would have refused.
  Outcome read(std::span<const std::int64_t> kept, std::span<std::int64_t> out) const;
  /// Beside the references of `to`: their place among those of `from`.
  const std::vector<std::size_t>& references() const { return references_; }

 private:
  struct Column {
    std::size_t source = 0;
    std::int64_t times = 1, divisor = 1;
    std::int64_t min = 0, max = 0;
    std::vector<std::int64_t> words;  ///< of a word: its place in the list of `to`; -1: none
    bool is_word = false;
  };
  static Outcome read_number(const Column& column, std::int64_t value, std::int64_t& out);
  std::vector<Column> columns_;
  bool keeps_subject_ = false;  ///< the subject's key stands behind the fields of both
  std::vector<std::size_t> references_;
};

}  // namespace tanpuhui
