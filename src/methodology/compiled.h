#pragma once
/// A methodology for the days on which one set of parameters is in force, compiled: what intake, seal and batch call
/// for every record. Pure, without allocation, from any number of threads.
///
/// Inputs of a record: the fields in the order of the file as integers of 10^-decimals of their unit (a field with one
/// number for each word of a list takes one input a word; a word is its place in its list), then the references, then
/// `duration_ms` = ended_at - started_at. Columns: the same, one column an input, all of equal length.
///
///   const CompiledMethodology* rule = methodology.in_force(day);            // null: no rule for that day
///   const std::int64_t inputs[] = {951, 240'000};                           // 0.951 km, 4 minutes
///   if (auto index = rule->first_failed_check(inputs)) code = methodology.checks[*index].code;
///   else mg = rule->reduction_mg(inputs);                                   // 55405
///
/// Inputs out of their range are a Defect (their formulas are proven for that range only): ask `first_out_of_range`.
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/time.h"
#include "expr/compile.h"

namespace tanpuhui {

/// The longest act that a formula can be asked about; a methodology's own `max_duration` is far below.
inline constexpr std::int64_t duration_limit_ms = std::int64_t{366} * 86'400'000;
inline constexpr std::size_t fields_max = 32;     ///< inputs that a record brings
inline constexpr std::size_t references_max = 8;  ///< inputs that the seal knows besides
inline constexpr std::size_t inputs_max = fields_max + references_max + 1;
inline constexpr std::int32_t no_failed_check = -1;

using InputColumns = std::span<const std::span<const std::int64_t>>;

/// Which checks to ask: intake knows no references, the seal knows all.
enum class CheckStage { intake, seal, both };

/// What is less than nothing: a person's record counts as 0, a project keeps it as a negative line.
enum class NegativePolicy { zero, carry };

struct CompiledMethodology {
  Day from;
  std::optional<Day> until;             ///< the last day, included; none: open
  std::vector<std::size_t> parameters;  ///< indices of the rows in force, into Methodology::parameters
  /// For each table the rows in force, in the order of its list's words: indices into MethodologyTable::rows.
  std::vector<std::vector<std::size_t>> table_rows;
  std::vector<std::pair<std::int64_t, std::int64_t>> ranges;  ///< of the inputs, both ends included
  std::vector<expr::Program> checks;
  std::vector<CheckStage> stages;  ///< beside checks; never both
  expr::Symbols symbols;           ///< what the formulas of these days speak of: for explanations
  expr::Program reduction;         ///< in mgCO2e; a constant 0 where no reductions are borne
  NegativePolicy negative = NegativePolicy::zero;
  std::int64_t cap_record_mg = 0;  ///< 0: none

  std::optional<std::size_t> first_out_of_range(std::span<const std::int64_t> inputs) const;

  /// The first check, in the order of the file, that the record does not pass. For intake the references may hold
  /// anything within their range: no check of that stage reads them.
  std::optional<std::size_t> first_failed_check(std::span<const std::int64_t> inputs,
                                                CheckStage stage = CheckStage::both) const;
  /// mgCO2e rounded down (a negative one away from zero), at most the cap; a negative result as 0 unless it is carried.
  /// Also defined for records that fail a check.
  std::int64_t reduction_mg(std::span<const std::int64_t> inputs) const;

  /// The same for columns; `no_failed_check` where all pass. `out` is as long as the columns. Takes 280 KB of stack.
  void first_failed_checks(InputColumns columns, std::span<std::int32_t> out,
                           CheckStage stage = CheckStage::both) const;
  void reductions(InputColumns columns, std::span<std::int64_t> out_mg) const;
};

}  // namespace tanpuhui
