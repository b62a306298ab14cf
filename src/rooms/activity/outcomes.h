#pragma once
/// What can become of a file and of a record: one closed table, published in docs/. The number is stored and never
/// changes; the order of the table is the order of precedence: where several would apply, the first one stands.
/// Basis: js24.a21, js24.a25; decisions D13, D21, D23
#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace tanpuhui {

enum class Outcome : std::uint8_t {
  file_unreadable = 1,
  file_empty = 2,
  file_already_received = 3,
  file_truncated = 4,
  file_differs_from_manifest = 5,

  malformed_line = 10,
  unknown_field = 11,
  missing_field = 12,
  duplicate_field = 13,
  wrong_type = 14,
  too_many_decimals = 15,
  time_without_zone = 16,
  bad_time = 17,
  other_scenario = 18,
  out_of_range = 19,
  end_before_start = 20,
  id_other_day = 21,
  act_in_future = 22,
  too_late = 23,
  no_methodology = 24,
  unknown_person = 25,
  no_consent = 26,
  check_failed = 27,  ///< reported as `check_failed.<code of the methodology>`
  scenario_not_live = 28,
  received = 30,  ///< passed intake, waits for the seal

  duplicate = 50,
  superseded = 51,
  withdrawn = 52,
  conflict_same_person = 53,
  conflict_other_person = 54,
  conflict_with_posted = 55,
  consent_withdrawn = 56,
  overlap = 57,
  cap_day = 58,
  cap_month = 59,
  reference_missing = 60,
  credited_elsewhere = 61,
  accepted = 62,
};

/// Room for an array that is indexed with the number of an outcome.
inline constexpr std::size_t outcome_slots = 64;
using OutcomeCounts = std::array<std::int64_t, outcome_slots>;
constexpr std::size_t slot(Outcome outcome) { return static_cast<std::size_t>(outcome); }

enum class OutcomeStage : std::uint8_t { file, intake, seal };

struct OutcomeRow {
  Outcome outcome;
  OutcomeStage stage;
  std::string_view id;       ///< `cap_day`: in reports, tables and on the wire
  std::string_view family;   ///< code of the refusal family, empty where nothing is refused
  std::string_view article;  ///< our own rule it rests on; empty: the rulebook says it by the code
  std::string_view zh, en;
  std::string_view remedy_zh, remedy_en;
};

/// In order of precedence.
std::span<const OutcomeRow> outcome_table();
const OutcomeRow& describe_outcome(Outcome outcome);
std::optional<Outcome> find_outcome(std::string_view id);
std::string_view stage_name(OutcomeStage stage);

/// The act took place and counts for overlaps, caps and what later acts compare with, whether or not it could be
/// quantified.
constexpr bool stands(Outcome outcome) { return outcome == Outcome::accepted || outcome == Outcome::reference_missing; }

}  // namespace tanpuhui
