#pragma once
/// A table of figures that stand for all peers over a period: the mean use of households of a size, last year's. It is
/// recorded before its period begins and never changes; the seal reads it beside the records.
///
///   reference = "peer_kwh"            # a reference of kind `frozen` of the scenario's methodology
///   from = 2026-01-01                 # first and last day of acts that it is for
///   until = 2026-12-31
///   source = "mean of 12,301 households over 2025"
///   value = "7.512"                   # or, where the reference is by a word of the record, a row a word:
///   row = [ { word = "one_person", value = "5.2" }, { word = "two_persons", value = "6.9" } ]
///
/// Basis: decisions D16
#include <string>
#include <string_view>
#include <vector>

#include "methodology/methodology.h"
#include "rooms/activity/references.h"

namespace tanpuhui {

struct FrozenTable {
  struct Row {
    std::string word;  ///< empty where there is one figure for all
    Decimal value;     ///< in the unit of the reference
  };
  std::string reference;
  Day from, until;  ///< both included
  std::string source;
  std::vector<Row> rows;  ///< in the order of the list's words
};

std::string figure_text(const FrozenTable::Row& row);

/// The words that need a row; one empty word where there is one figure for all.
std::vector<std::string> frozen_words(const Methodology& methodology, const MethodologyReference& reference);

/// Against the methodology that asks for it: every word has one row, every value lies in the range of the reference.
Result<FrozenTable, TextErrors> read_frozen_table(std::string_view text, std::string_view file_name,
                                                  const Methodology& methodology);
/// The file of a table, as `read_frozen_table` takes it.
std::string write_frozen_table(const FrozenTable& table);

Digest frozen_table_digest(const FrozenTable& table, std::string_view scenario, HashFunction hash);

/// The figures of a day, beside Methodology::references; empty where the methodology asks for none.
std::vector<FrozenFigures> figures_on(Day day, std::span<const FrozenTable> tables, const Methodology& methodology);

/// The days of a table that stands.
struct FrozenPeriod {
  Day from, until;
};

/// MET-04 unless the period begins after `today` and meets none that stands for the same reference: a figure that is
/// chosen when the acts are known is no baseline.
Result<Done> decide_freeze(const FrozenTable& table, std::span<const FrozenPeriod> standing, Day today);

/// Sum of a field over the acts of peers.
struct PeerSum {
  std::int64_t total = 0;  ///< in the field's smallest step
  std::int64_t acts = 0;
  std::int64_t persons = 0;
};
/// With fewer persons a mean says too much of each.
inline constexpr std::int64_t peers_min = 5;

/// The mean an act in the reference's decimals, halves rounded up; nothing with fewer than `peers_min` persons. The
/// reference names its field in `of`.
std::optional<Decimal> peer_mean(const PeerSum& sum, const Methodology& methodology,
                                 const MethodologyReference& reference);

}  // namespace tanpuhui
