#pragma once
/// Why the number is what it is: the worked calculation of one record as values, which `explain` writes as text and
/// `explain_json` as JSON. Every figure stands with its unit, every factor with its date, source and mark of trust.
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "methodology/methodology.h"

namespace tanpuhui {

struct WorkedInput {
  std::string name, value, unit;  ///< a word has no unit
};

/// A factor in force. Of a table only the rows that the record asks for.
struct WorkedFactor {
  std::string name;  ///< `metro`, `factor_of["paper"]`
  std::string unit;
  DatedValue row;
};

/// What is calculated on the way: `mass_kg [ m ] * factor_of [ m ]` = `8.46 kgCO2e`
struct WorkedStep {
  std::string text;
  std::string note;  ///< of a look-up the word that it met: `m = "paper"`
  std::string value;
};

/// A let, baseline, project, leakage or the reduction.
struct WorkedFormula {
  std::string name, expression, value;
  std::vector<WorkedStep> steps;
};

struct WorkedCheck {
  std::size_t index = 0;  ///< into Methodology::checks
  bool holds = false;
};

struct WorkedCalculation {
  bool valid = false;  ///< the methodology has a rule for the day; else all below is empty
  std::vector<WorkedInput> inputs;
  std::vector<WorkedFactor> factors;
  std::vector<WorkedFormula> lets;
  std::vector<WorkedCheck> checks;   ///< up to the first that does not hold
  bool refused = false;              ///< by the last of them; then nothing follows
  std::vector<WorkedFormula> parts;  ///< baseline, project, leakage: those that are named
  std::optional<WorkedFormula> reduction;
  std::string exact_mg;         ///< before rounding: "55405.26", "33333.333333333..."
  std::int64_t rounded_mg = 0;  ///< below zero only where the methodology carries that
  bool negative = false;        ///< the exact value is below zero
  bool capped = false;          ///< the cap of a record took some away
  std::int64_t reduction_mg = 0;
};

/// The inputs are in range.
WorkedCalculation work_out(const Methodology& methodology, std::span<const std::int64_t> inputs, Day day);

/// One JSON object, in both languages; amounts are decimal text.
std::string explain_json(const Methodology& methodology, std::span<const std::int64_t> inputs, Day day);

}  // namespace tanpuhui
