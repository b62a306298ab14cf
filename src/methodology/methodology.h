#pragma once
/// Methodologies (方法学): the formula that gives a reduction its right to exist, read from `methodology.toml`.
///
/// Loading is the gate: what comes out of `load_methodology` has the compulsory parts, formulas whose units agree and
/// that cannot overflow, parameters without gap or overlap in their dates, and test vectors that the engine reproduced,
/// at least three and one of them refused. What does not pass is refused with file, line, column and remedy, as many
/// errors at a time as can be told apart. Basis: js24.a11
///
/// A version is named by the hash of its canonical form: deterministic CBOR of all parsed values. White space, comments
/// and the order of tables do not count; any value, text, formula or vector does.
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/decimal.h"
#include "base/time.h"
#include "expr/compile.h"
#include "methodology/compiled.h"
#include "toml/toml.h"

namespace tanpuhui {

struct BilingualText {
  std::string zh, en;
  bool operator==(const BilingualText&) const = default;
};

/// One value of a record. Its name ends in its unit: distance_km, energy_kwh, speed_km_per_h.
struct MethodologyField {
  std::string name;
  std::string unit;
  int decimals = 0;      ///< 0 to 9
  std::int64_t min = 0;  ///< in 10^-decimals of the unit, included
  std::int64_t max = 0;
};

/// A dated factor. Rows of one name follow each other in time without gap and without overlap.
struct MethodologyParameter {
  std::string name;
  Decimal value;
  std::string unit;
  Day from;
  std::optional<Day> until;  ///< the last day in force, included; none: open
  std::string region;
  std::string source;
  std::string trust;  ///< official, news, repositories, calculated or demonstration
};

/// What a record must fulfil, else it is refused with the code.
struct MethodologyCheck {
  std::string code;
  std::string expression;  ///< canonical: tokens with single spaces
  std::string stage;       ///< intake
  BilingualText message;
};

/// What only the set of a window's records can tell. Basis: decision D16
struct MethodologySeal {
  std::string window;                ///< day
  std::string overlap;               ///< refuse: an act that starts before the end of the person's last accepted one
  std::int64_t max_duration_ms = 0;  ///< how far back overlaps are looked for; a longer act is never accepted
  std::int64_t cap_records_person_day = 0;
};

struct MethodologyReduction {
  std::string expression;
  std::string unit;      ///< mgCO2e
  std::string rounding;  ///< down
  std::string negative;  ///< zero
};

struct MethodologyVector {
  std::string name;
  Day day;
  std::vector<std::int64_t> inputs;  ///< as CompiledMethodology wants them
  std::string refused;               ///< code of the check that refuses it; empty: accepted
  std::int64_t reduction_mg = 0;
};

struct Methodology {
  std::string id, version, kind;  ///< kind: scenario or project
  BilingualText title, publisher;
  Day valid_from;  ///< first and last day of acts, included
  std::optional<Day> valid_until;
  BilingualText applicability, baseline, calculation, monitoring_plan;
  std::vector<MethodologyField> fields;
  std::vector<MethodologyParameter> parameters;
  std::vector<MethodologyCheck> checks;  ///< in order; the index is what first_failed_check gives
  MethodologySeal seal;
  MethodologyReduction reduction;
  std::vector<MethodologyVector> vectors;

  Bytes canonical;
  Digest hash{};
  std::vector<CompiledMethodology> periods;  ///< by day, without gap

  /// The rule for acts of that day; null when the methodology is not valid then.
  const CompiledMethodology* in_force(Day day) const;
  std::size_t input_count() const { return fields.size() + 1; }
  /// Some factor is no confirmed value. Pages and certificates must say so.
  bool has_demonstration_factors() const;
};

Result<Methodology, TextErrors> load_methodology(std::string_view text, std::string_view file_name, HashFunction hash);

/// The canonical bytes of all that the file says (not of `canonical`, `hash`, `periods`).
Bytes canonical_bytes(const Methodology& methodology);

/// The worked calculation of one record, a step a line: inputs, factors with source and trust, checks, exact value,
/// rounding. The inputs are in range.
std::vector<std::string> explain(const Methodology& methodology, std::span<const std::int64_t> inputs, Day day);

}  // namespace tanpuhui
