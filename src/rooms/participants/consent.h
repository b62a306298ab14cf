#pragma once
/// Consents: dated intervals in which a partner may send the acts of a person. What a line of a consent file says, what
/// becomes of it, and how a consent ends. The intervals of one subject in one scenario never overlap.
///
///   auto consent = read_consent(line);                       // form
///   if (!consent) ... consent.error().outcome
///   ConsentVerdict verdict = decide_consent(*consent, {standing, holder}, now);
///
/// Basis: js24.a25, decisions D14, D15
#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/time.h"
#include "ledger/account.h"

namespace tanpuhui {

/// What can become of a line: one closed table. The order of the table is the order of precedence: where several would
/// apply, the first one stands.
enum class ConsentOutcome : std::uint8_t {
  malformed_line,
  empty_field,
  bad_text,
  bad_time,
  time_without_zone,
  unknown_scenario,
  ends_before_it_begins,
  begins_in_future,
  other_person,
  known_already,
  ended_earlier,
  overlaps_another,
  not_a_person,
  account_not_active,
  recorded,
};

struct ConsentOutcomeRow {
  ConsentOutcome outcome;
  std::string_view id;      ///< `overlaps_another`: in reports and on the wire
  std::string_view family;  ///< code of the refusal family, empty where nothing is refused
  std::string_view zh, en;
  std::string_view remedy_zh, remedy_en;
};

/// In order of precedence.
std::span<const ConsentOutcomeRow> consent_outcome_table();
const ConsentOutcomeRow& describe_consent_outcome(ConsentOutcome outcome);

/// The columns of a consent file.
enum class ConsentField : std::uint8_t { scenario, subject, person, from_at, until_at, text_version };
inline constexpr std::array<std::string_view, 6> consent_field_names = {"scenario", "subject",  "person",
                                                                        "from_at",  "until_at", "text_version"};
inline constexpr std::size_t consent_fields = consent_field_names.size();
constexpr std::string_view name_of(ConsentField field) { return consent_field_names[static_cast<std::size_t>(field)]; }

/// The values of a line in the order of ConsentField.
using ConsentLine = std::array<std::string_view, consent_fields>;

/// [from, until); without `until` it stands until the person withdraws.
struct ConsentTerm {
  Instant from;
  std::optional<Instant> until;
  bool operator==(const ConsentTerm&) const = default;
};

/// A line that can be read. Texts live as long as the line.
struct Consent {
  std::string_view scenario;  ///< its name
  std::string_view subject;   ///< the partner's id of the person
  std::string_view person;    ///< the programme's own name for the person
  ConsentTerm term;
  std::string_view text_version;  ///< of the text that the person agreed to
};

struct ConsentVerdict {
  ConsentOutcome outcome = ConsentOutcome::recorded;
  ConsentField field = ConsentField::scenario;  ///< which one is at fault, where the line is refused
  bool operator==(const ConsentVerdict&) const = default;
};

/// empty_field, bad_text, bad_time, time_without_zone; only until_at may be empty.
Result<Consent, ConsentVerdict> read_consent(const ConsentLine& line);

/// A consent as it stands in the register.
struct StandingConsent {
  AccountId account;
  std::string person;
  ConsentTerm term;
  bool operator==(const StandingConsent&) const = default;
};

struct HolderFacts {
  AccountKind kind = AccountKind::person;
  AccountStatus status = AccountStatus::active;
};

struct ConsentFacts {
  std::span<const StandingConsent> standing;  ///< of the same subject in the same scenario
  std::optional<HolderFacts> holder;          ///< who has the account of this name; empty: nobody yet
  bool for_project = false;                   ///< the meters of a project may be an organisation's
};

/// Whether a consent is recorded. A consent that ended does not come back by the same line (ended_earlier); in one
/// interval a subject is one person (other_person).
ConsentVerdict decide_consent(const Consent& consent, const ConsentFacts& facts, Instant now);

/// The consent that a withdrawal at `at` ends. Refuses DAT-03 when `at` is later than `now`, CON-01 when no consent is
/// open at `at`.
Result<StandingConsent> decide_withdrawal(std::span<const StandingConsent> standing, Instant at, Instant now);

}  // namespace tanpuhui
