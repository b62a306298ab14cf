#pragma once
/// Intake: what one record can tell by itself. Stateless; the shell reads lines into RawRecord, finds the person's
/// account, and appends what passes.
///
///   IntakeRules rules{...};  Intake intake(rules);
///   Verdict verdict = intake.read(raw, act, fields);          // form, times, scenario, range, id, lateness
///   ... account by consent: unknown_person, no_consent ...
///   intake.first_failed_checks(acts, indices, out);           // the methodology's own checks, by column
///
/// Basis: js24.a21, js24.a24, js24.a25; decisions D13, D14, D20, D21
#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/day_span.h"
#include "base/time.h"
#include "methodology/methodology.h"
#include "rooms/activity/acts.h"
#include "rooms/activity/outcomes.h"

namespace tanpuhui {

/// Where the value of a field goes: the fixed ones, then the fields of the methodology.
enum FieldSlot : std::size_t {
  slot_scenario,
  slot_record_id,
  slot_subject,
  slot_started_at,
  slot_ended_at,
  slot_revision,   ///< optional, integer
  slot_withdrawn,  ///< optional, boolean
  slot_first_field
};
inline constexpr std::size_t field_slots = slot_first_field + fields_max;

/// The value of a field as a file gave it. `text` also holds how other kinds were written, for the report.
struct RawValue {
  enum class Kind : std::uint8_t { absent, text, integer, boolean, other };
  Kind kind = Kind::absent;
  std::string_view text;
  std::int64_t integer = 0;  ///< also 0 or 1 of a boolean
};

struct RawRecord {
  bool malformed = false;
  std::string_view unknown_field, duplicate_field;  ///< the first of each
  std::array<RawValue, field_slots> values;
};

struct IntakeRules {
  std::string scenario;
  const Methodology* methodology = nullptr;
  Zone zone;
  std::int32_t lateness_days = 30;  ///< an act of day D may arrive until the end of day D + lateness_days
  Instant now;
  std::vector<DaySpan> live_days{all_days};         ///< of the scenario
  std::vector<DaySpan> methodology_days{all_days};  ///< on which it is in force, besides what its formula says
};

struct Verdict {
  Outcome outcome = Outcome::received;
  std::string_view field, value;
  bool passed() const { return outcome == Outcome::received; }
};

/// From when to when a person has agreed: [from, until); and how it ended.
struct ConsentInterval {
  AccountId account;
  Instant from;
  std::optional<Instant> until;
  bool drop_unsealed = true;  ///< what was not sealed when it ended is dropped
};

/// The account to credit, or unknown_person or no_consent. After a withdrawal that drops unsealed acts nothing more is
/// taken in from the time before it either. Basis: decisions D14, D15
struct Credited {
  Outcome outcome = Outcome::received;
  AccountId account;
};
Credited find_credited(std::span<const ConsentInterval> consents, Instant started_at, Instant now);

class Intake {
 public:
  explicit Intake(IntakeRules rules);

  /// The slot of a field's name. `expected` is a guess: the slot that follows the one before.
  std::optional<std::size_t> find_slot(std::string_view name, std::size_t expected) const;
  std::string_view slot_name(std::size_t number) const { return names_[number]; }
  /// The text begins with the slot's name and a quotation mark: a field's name as nearly every file writes it.
  bool is_written(std::size_t number, std::string_view text) const {
    return number < names_.size() && text.size() > names_[number].size() && text[names_[number].size()] == '"' &&
           text.starts_with(names_[number]);
  }
  std::size_t slot_count() const { return names_.size(); }
  /// Numbers that a record brings; a field with one for each word of a list counts once a word.
  std::size_t field_count() const { return rules_.methodology->field_columns; }
  /// Numbers that an act keeps: those and, behind them, the subject's key where the methodology tells subjects apart.
  std::size_t kept_count() const { return rules_.methodology->kept_columns; }

  /// All but the person and the methodology's checks. Fills `act` (not its account; texts are those of `raw`) and
  /// `fields`, one for each field, both defined only when it passed.
  Verdict read(const RawRecord& raw, Act& act, std::span<std::int64_t> fields);

  /// Index of the first check that does not hold, or `no_failed_check`, for acts of one day. A withdrawn record is not
  /// checked: it takes back, whatever else it says.
  void first_failed_checks(const Acts& acts, std::span<const std::uint32_t> indices, Day day,
                           std::vector<std::int32_t>& out) const;
  /// `check_failed.distance_too_short`
  std::string check_id(std::int32_t check) const;

  Day day_of_act(Instant started_at) const { return day_at(started_at, rules_.zone); }
  const IntakeRules& rules() const { return rules_; }

 private:
  bool has_usual_form(const RawRecord& raw) const;
  Verdict refuse_form(const RawRecord& raw) const;
  bool is_optional(std::size_t number) const;
  Verdict read_fields(const RawRecord& raw, std::span<std::int64_t> fields) const;
  Verdict read_time(const RawRecord& raw, std::size_t number, Instant& out);
  Verdict check_times(const RawRecord& raw, Act& act, std::span<const std::int64_t> fields);
  Verdict check_id_day(const RawRecord& raw, Day day);
  Verdict at(Outcome outcome, const RawRecord& raw, std::size_t number) const {
    return {outcome, names_[number], raw.values[number].text};
  }
  std::optional<Instant> read_usual_time(std::string_view text);

  IntakeRules rules_;
  Day today_;
  std::vector<std::string> names_;
  std::vector<const MethodologyList*> words_;  // beside the fields: the list that a word is of, or null
  std::vector<std::uint8_t> of_word_;          // beside the fields: one number of several, 0 when it is left out
  std::vector<std::int64_t> inputs_;
  // Neighbouring records share their day and zone: both are read once.
  std::string seen_date_ = "0000-00-00", seen_zone_ = "......";
  std::int64_t seen_start_ms_ = 0;  // of that date in that zone
  Day id_day_{INT32_MIN};
  std::string id_text_;
  bool is_live_ = false;
  const CompiledMethodology* rule_ = nullptr;
  Day rule_day_{INT32_MIN};
};

}  // namespace tanpuhui
