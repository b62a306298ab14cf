#pragma once
/// The numbers that no record brings but that a formula asks for: sums over the days before, and figures that were
/// frozen for a period before it began. Basis: decisions D16
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "methodology/methodology.h"
#include "rooms/activity/acts.h"

namespace tanpuhui {

/// Whose an act is where acts must not overlap and where days before are summed: the account's number or, by the
/// methodology's choice, the key of its subject.
inline std::int64_t identity_of(const Methodology& methodology, const Acts& acts, std::size_t index) {
  return methodology.tells_subjects_apart() ? acts.field(methodology.field_columns)[index] : acts.account[index];
}

/// Sums over the days before of one identity, beside Methodology::references; empty: not all days are there, or the
/// reference is no sum.
struct OwnSums {
  std::int64_t identity = 0;
  std::vector<std::optional<std::int64_t>> values;
};

/// The figures of one reference on a day: one, or one for each word of the field it is by. Empty where none is
/// recorded, and for references that are no frozen figures.
using FrozenFigures = std::vector<std::optional<std::int64_t>>;

/// What the seal of a day knows of references.
struct ReferenceFacts {
  std::span<const OwnSums> sums;          ///< by identity
  std::span<const FrozenFigures> frozen;  ///< beside Methodology::references; may be left out
};

class References {
 public:
  References(const Methodology& methodology, const ReferenceFacts& facts);

  /// Writes the references of an act, one a number; 0 where one is missing. False when one is.
  bool read(const Acts& acts, std::size_t index, std::span<std::int64_t> out) const;

 private:
  std::optional<std::int64_t> frozen(std::size_t number, const Acts& acts, std::size_t index) const;

  const Methodology& methodology_;
  ReferenceFacts facts_;
  std::vector<std::size_t> by_columns_;  // beside the references: where their word stands
};

}  // namespace tanpuhui
