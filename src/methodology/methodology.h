#pragma once
/// Methodologies (方法学): the formula that gives a reduction its right to exist, read from `methodology.toml`.
/// docs/METHODOLOGIES.md describes the file.
///
/// Loading is the gate: what comes out of `load_methodology` has formulas whose units agree and that cannot overflow,
/// factors without gap or overlap in their dates, and test vectors that the engine reproduced, at least three and one
/// of them refused. What does not pass is refused with file, line, column and remedy, as many errors at a time as can
/// be told apart. Basis: js24.a11
///
/// A version is named by the hash of its canonical form: deterministic CBOR of all parsed values, factors taken from
/// sourced tables included. White space, comments and the order of tables do not count; any value, text, formula or
/// vector does.
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
#include "methodology/factors.h"
#include "toml/toml.h"

namespace tanpuhui {

/// A closed list of words: materials, kinds of fuel.
struct MethodologyList {
  struct Word {
    std::string id;
    BilingualText text;
  };
  std::string name;
  std::vector<Word> words;
};

/// A value of a record: a number, one number for each word of a list (`per`), or a word (`list`). The name of a number
/// ends in its unit: distance_km, energy_kwh, speed_km_per_h.
struct MethodologyField {
  std::string name;
  std::string unit;
  int decimals = 0;      ///< 0 to 9
  std::int64_t min = 0;  ///< in 10^-decimals of the unit, included; of a word 0 and the number of the last one
  std::int64_t max = 0;
  std::string per, list;  ///< names of lists; at most one of them
};

/// A number that no record brings but that the seal knows.
struct MethodologyReference {
  std::string name;
  std::string kind;       ///< own_sum: of a field over the days before | frozen: a figure recorded before its period
  std::string of;         ///< own_sum: the field that is summed; frozen: the field whose mean it is, may be empty
  std::int64_t days = 0;  ///< own_sum: how many days before; all of them must be there
  std::string by;         ///< frozen: the field that says which word's figure it is; empty: one figure for all
  std::string unit;
  int decimals = 0;
  std::int64_t min = 0, max = 0;
};

/// One integer of a record as formulas read it. In order: the fields as the file has them (`mass_kg.paper` for one word
/// of a list), the references, `duration`.
struct MethodologyColumn {
  std::string name;
  std::string unit;
  int decimals = 0;
  std::int64_t min = 0, max = 0;
  std::size_t field = 0;  ///< its place in Methodology::fields or, behind those, in Methodology::references
};

/// A value in force on certain days, with where it is from.
struct DatedValue {
  Decimal value;
  Day from;
  std::optional<Day> until;  ///< the last day in force, included; none: open
  std::string region;
  std::string source;
  std::string trust;           ///< official, news, repositories, calculated or demonstration
  std::string factor;          ///< the sourced table that it was taken from; empty: stated in the file itself
  std::int64_t data_year = 0;  ///< 0: none
};

/// A dated factor. Rows of one name follow each other in time without gap and without overlap.
struct MethodologyParameter : DatedValue {
  std::string name;
  std::string unit;
};

/// A value for each word of a list, each dated like a parameter.
struct MethodologyTable {
  struct Row : DatedValue {
    std::string word;
  };
  std::string name, list, unit;
  std::vector<Row> rows;
};

/// A name for a part of the formula; it may use what stands above it.
struct MethodologyLet {
  std::string name;
  std::string expression;  ///< canonical: tokens with single spaces, like all expressions here
};

/// What a record must fulfil, else it is refused with the code.
struct MethodologyCheck {
  std::string code;
  std::string expression;
  std::string stage;  ///< intake: the record alone tells | seal: references are needed
  BilingualText message;
};

/// What only the set of a window's records can tell. Caps: 0 is none. Basis: decision D16
struct MethodologySeal {
  std::string window;                ///< day, month or meter_period
  std::string identity;              ///< person, or subject: whose acts must not overlap, whose days before are summed
  std::string overlap;               ///< refuse: an act that starts before the end of the last accepted one | allow
  std::int64_t max_duration_ms = 0;  ///< how far back overlaps are looked for; a longer act is never accepted
  std::int64_t cap_records_person_day = 0;
  std::int64_t cap_records_person_month = 0;
  std::int64_t cap_reduction_person_day_mg = 0;  ///< what is beyond is cut off, not refused
  std::int64_t cap_reduction_person_month_mg = 0;
};

/// baseline - project - leakage, or what the expression says. All empty where no reductions are borne.
struct MethodologyReduction {
  std::string baseline, project, leakage;  ///< empty: not named
  std::string expression;
  std::string unit;                ///< mgCO2e
  std::string rounding;            ///< down: toward the next smaller milligram
  std::string negative;            ///< zero | carry: kept in the batch as a negative line
  std::int64_t cap_record_mg = 0;  ///< 0: none
};

struct MethodologyVector {
  std::string name;
  Day day;
  std::vector<std::int64_t> inputs;  ///< as CompiledMethodology wants them
  std::string refused;               ///< code of the check that refuses it; empty: accepted
  std::int64_t reduction_mg = 0;
};

struct Methodology {
  std::string id, version, kind;  ///< kind: scenario, project, or points (acts that bear no reduction)
  BilingualText title, publisher;
  Day valid_from;  ///< first and last day of acts, included
  std::optional<Day> valid_until;
  /// Empty where it was left out: additionality anywhere, baseline and calculation of points.
  BilingualText applicability, baseline, calculation, monitoring_plan, additionality;
  std::vector<MethodologyList> lists;
  std::vector<MethodologyField> fields;
  std::vector<MethodologyReference> references;
  std::vector<MethodologyParameter> parameters;
  std::vector<MethodologyTable> tables;
  std::vector<MethodologyLet> lets;
  std::vector<MethodologyCheck> checks;  ///< in order; the index is what first_failed_check gives
  MethodologySeal seal;
  MethodologyReduction reduction;
  std::vector<MethodologyVector> vectors;

  std::vector<MethodologyColumn> columns;
  std::size_t field_columns = 0;  ///< how many of the columns a record brings
  std::size_t kept_columns = 0;   ///< those and, where subjects are told apart, one more: the subject's key
  Bytes canonical;
  Digest hash{};                             ///< of `canonical`, by the first function given to load_methodology
  std::optional<Digest> second_hash;         ///< by the second one, where one was given
  std::vector<CompiledMethodology> periods;  ///< by day, without gap

  /// The rule for acts of that day; null when the methodology is not valid then.
  const CompiledMethodology* in_force(Day day) const;
  /// Length of a record's inputs: fields, references, duration.
  std::size_t column_count() const { return columns.size(); }
  bool tells_subjects_apart() const { return seal.identity == "subject"; }
  /// Length of what a sealed act stores: what it keeps, then the references.
  std::size_t sealed_columns() const { return kept_columns + references.size(); }
  /// The place of a column; a Defect when there is none.
  std::size_t column_of(std::string_view name) const;
  std::vector<std::string> input_names() const;
  const MethodologyList* list(std::string_view name) const;
  bool bears_reductions() const { return kind != "points"; }
  /// Some factor is no confirmed value. Pages and certificates must say so.
  bool has_demonstration_factors() const;
};

/// `second_hash` is another function over the same canonical bytes; null: none.
Result<Methodology, TextErrors> load_methodology(std::string_view text, std::string_view file_name, HashFunction hash,
                                                 const FactorTables& factors = {}, HashFunction second_hash = nullptr);

/// The canonical bytes of all that the file says (not of `canonical`, hashes, `columns`, `periods`).
Bytes canonical_bytes(const Methodology& methodology);

/// The worked calculation of one record, a step a line (explain.h has it as values and as JSON). The inputs are in
/// range.
std::vector<std::string> explain(const Methodology& methodology, std::span<const std::int64_t> inputs, Day day,
                                 Language language = Language::en);

/// The value of an input as a record writes it: "12.400", or the word.
std::string format_input(const Methodology& methodology, std::size_t column, std::int64_t value);

}  // namespace tanpuhui
