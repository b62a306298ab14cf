#include "rooms/activity/intake.h"

#include <array>
#include <utility>

namespace tanpuhui {
namespace {

using Kind = RawValue::Kind;

constexpr std::size_t id_prefix = 9;  // 20250131-
constexpr std::size_t id_size_max = 64;
constexpr std::size_t subject_size_max = 128;
constexpr std::int64_t revision_max = 1'000'000;

Kind kind_of(std::size_t number) {
  if (number == slot_revision) return Kind::integer;
  if (number == slot_withdrawn) return Kind::boolean;
  return Kind::text;
}

constexpr std::array<bool, 256> id_characters = [] {
  std::array<bool, 256> allowed{};
  for (const char c : std::string_view("-_.:")) allowed[static_cast<unsigned char>(c)] = true;
  for (char c = '0'; c <= '9'; ++c) allowed[static_cast<unsigned char>(c)] = true;
  for (char c = 'A'; c <= 'Z'; ++c) allowed[static_cast<unsigned char>(c)] = true;
  for (char c = 'a'; c <= 'z'; ++c) allowed[static_cast<unsigned char>(c)] = true;
  return allowed;
}();

bool is_id(std::string_view text) {
  for (const char c : text)
    if (!id_characters[static_cast<unsigned char>(c)]) return false;
  return !text.empty() && text.size() <= id_size_max;
}

int two_digits(const char* at) {
  const unsigned tens = static_cast<unsigned char>(at[0]) - unsigned{'0'};
  const unsigned ones = static_cast<unsigned char>(at[1]) - unsigned{'0'};
  return tens > 9 || ones > 9 ? -1 : static_cast<int>(tens * 10 + ones);
}

Outcome outcome_of(DecimalError error) {
  switch (error) {
    case DecimalError::too_many_decimals:
      return Outcome::too_many_decimals;
    case DecimalError::out_of_range:
      return Outcome::out_of_range;
    case DecimalError::not_a_number:
      break;
  }
  return Outcome::wrong_type;
}

// A word is its place in its list.
Result<std::int64_t, DecimalError> read_value(std::string_view text, const MethodologyList* list, int decimals) {
  if (list == nullptr) return parse_fixed(text, decimals);
  for (std::size_t i = 0; i < list->words.size(); ++i)
    if (list->words[i].id == text) return static_cast<std::int64_t>(i);
  return DecimalError::out_of_range;
}

}  // namespace

Credited find_credited(std::span<const ConsentInterval> consents, Instant started_at, Instant now) {
  if (consents.empty()) return {Outcome::unknown_person, {}};
  for (const ConsentInterval& consent : consents) {
    if (started_at < consent.from || (consent.until && started_at >= *consent.until)) continue;
    if (consent.until && consent.drop_unsealed && *consent.until <= now) continue;
    return {Outcome::received, consent.account};
  }
  return {Outcome::no_consent, {}};
}

Intake::Intake(IntakeRules rules)
    : rules_(std::move(rules)),
      today_(day_at(rules_.now, rules_.zone)),
      names_{"scenario", "record_id", "subject", "started_at", "ended_at", "revision", "withdrawn"},
      inputs_(rules_.methodology->column_count()) {
  const Methodology& methodology = *rules_.methodology;
  for (std::size_t i = 0; i < methodology.field_columns; ++i) {
    const MethodologyField& field = methodology.fields[methodology.columns[i].field];
    names_.push_back(methodology.columns[i].name);
    words_.push_back(field.list.empty() ? nullptr : methodology.list(field.list));
    of_word_.push_back(field.per.empty() ? 0 : 1);
  }
}

bool Intake::is_optional(std::size_t number) const {
  if (number >= slot_first_field) return of_word_[number - slot_first_field] != 0;
  return number == slot_revision || number == slot_withdrawn;
}

std::optional<std::size_t> Intake::find_slot(std::string_view name, std::size_t expected) const {
  if (expected < names_.size() && names_[expected] == name) return expected;
  for (std::size_t i = 0; i < names_.size(); ++i)
    if (names_[i] == name) return i;
  return std::nullopt;
}

bool Intake::has_usual_form(const RawRecord& raw) const {
  if (raw.malformed || !raw.unknown_field.empty() || !raw.duplicate_field.empty()) return false;
  for (std::size_t i = 0; i < names_.size(); ++i) {
    const Kind kind = raw.values[i].kind;
    if (kind != kind_of(i) && (kind != Kind::absent || !is_optional(i))) return false;
  }
  return true;
}

Verdict Intake::refuse_form(const RawRecord& raw) const {
  if (has_usual_form(raw)) return {};
  if (raw.malformed) return {Outcome::malformed_line, {}, {}};
  if (!raw.unknown_field.empty()) return {Outcome::unknown_field, raw.unknown_field, {}};
  for (std::size_t i = 0; i < names_.size(); ++i)
    if (raw.values[i].kind == Kind::absent && !is_optional(i)) return at(Outcome::missing_field, raw, i);
  if (!raw.duplicate_field.empty()) return {Outcome::duplicate_field, raw.duplicate_field, {}};
  for (std::size_t i = 0; i < names_.size(); ++i)
    if (raw.values[i].kind != Kind::absent && raw.values[i].kind != kind_of(i)) return at(Outcome::wrong_type, raw, i);
  return {};
}

// A wrong type of any field comes before too many decimals of any field, and so on: the first in the table's order.
Verdict Intake::read_fields(const RawRecord& raw, std::span<std::int64_t> fields) const {
  Verdict first;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const std::size_t number = slot_first_field + i;
    if (raw.values[number].kind == Kind::absent) {
      fields[i] = 0;
      continue;
    }
    const auto value = read_value(raw.values[number].text, words_[i], rules_.methodology->columns[i].decimals);
    if (value) {
      fields[i] = *value;
      continue;
    }
    const Outcome outcome = outcome_of(value.error());
    if (first.passed() || outcome < first.outcome) first = at(outcome, raw, number);
  }
  return first;
}

// 2025-01-31T08:03:06+08:00, on the date and in the zone of the record before: nearly every record.
std::optional<Instant> Intake::read_usual_time(std::string_view text) {
  if (text.size() != 25 || text.substr(0, 10) != seen_date_ || text.substr(19) != seen_zone_) return std::nullopt;
  if (text[10] != 'T' || text[13] != ':' || text[16] != ':') return std::nullopt;
  const int hour = two_digits(&text[11]), minute = two_digits(&text[14]), second = two_digits(&text[17]);
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) return std::nullopt;
  return Instant{seen_start_ms_ + ((hour * 60 + minute) * 60 + second) * std::int64_t{1000}};
}

Verdict Intake::read_time(const RawRecord& raw, std::size_t number, Instant& out) {
  const std::string_view text = raw.values[number].text;
  if (const auto usual = read_usual_time(text)) {
    out = *usual;
    return {};
  }
  const auto instant = parse_instant(text);
  if (!instant)
    return at(instant.error() == TimeError::without_zone ? Outcome::time_without_zone : Outcome::bad_time, raw, number);
  out = *instant;
  if (text.size() == 25 && text[19] != '.') {
    seen_date_ = text.substr(0, 10);
    seen_zone_ = text.substr(19);
    const int seconds = (two_digits(&text[11]) * 60 + two_digits(&text[14])) * 60 + two_digits(&text[17]);
    seen_start_ms_ = out.ms - seconds * std::int64_t{1000};
  }
  return {};
}

Verdict Intake::check_id_day(const RawRecord& raw, Day day) {
  if (day != id_day_) {
    id_day_ = day;
    id_text_ = format_compact_day(day) + "-";
  }
  const std::string_view id = raw.values[slot_record_id].text;
  if (id.size() > id_prefix && id.starts_with(id_text_)) return {};
  return at(Outcome::id_other_day, raw, slot_record_id);
}

Verdict Intake::check_times(const RawRecord& raw, Act& act, std::span<const std::int64_t> fields) {
  const Day day = day_of_act(act.started_at);
  if (day != rule_day_) {
    rule_day_ = day;
    is_live_ = any_holds(rules_.live_days, day);
    rule_ = any_holds(rules_.methodology_days, day) ? rules_.methodology->in_force(day) : nullptr;
  }
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const MethodologyColumn& column = rules_.methodology->columns[i];
    if (fields[i] < column.min || fields[i] > column.max) return at(Outcome::out_of_range, raw, slot_first_field + i);
  }
  if (act.duration_ms > duration_limit_ms) return at(Outcome::out_of_range, raw, slot_ended_at);
  if (act.duration_ms < 0) return at(Outcome::end_before_start, raw, slot_ended_at);
  if (const Verdict verdict = check_id_day(raw, day); !verdict.passed()) return verdict;
  if (act.started_at.ms + act.duration_ms > rules_.now.ms) return at(Outcome::act_in_future, raw, slot_ended_at);
  if (day + rules_.lateness_days < today_) return at(Outcome::too_late, raw, slot_started_at);
  if (!is_live_) return at(Outcome::scenario_not_live, raw, slot_started_at);
  if (!rule_) return at(Outcome::no_methodology, raw, slot_started_at);
  return {};
}

Verdict Intake::read(const RawRecord& raw, Act& act, std::span<std::int64_t> fields) {
  if (const Verdict form = refuse_form(raw); !form.passed()) return form;
  const auto& values = raw.values;
  if (!is_id(values[slot_record_id].text)) return at(Outcome::wrong_type, raw, slot_record_id);
  const Verdict numbers = read_fields(raw, fields);
  if (!numbers.passed() && numbers.outcome < Outcome::time_without_zone) return numbers;
  Instant ended_at;
  const Verdict start = read_time(raw, slot_started_at, act.started_at);
  const Verdict end = read_time(raw, slot_ended_at, ended_at);
  if (!start.passed() && (end.passed() || start.outcome <= end.outcome)) return start;
  if (!end.passed()) return end;
  if (values[slot_scenario].text != rules_.scenario) return at(Outcome::other_scenario, raw, slot_scenario);
  if (!numbers.passed()) return numbers;
  const std::string_view subject = values[slot_subject].text;
  if (subject.empty() || subject.size() > subject_size_max) return at(Outcome::out_of_range, raw, slot_subject);
  act.revision = values[slot_revision].integer;
  if (act.revision < 0 || act.revision > revision_max) return at(Outcome::out_of_range, raw, slot_revision);
  act.withdrawn = values[slot_withdrawn].integer != 0;
  act.duration_ms = ended_at.ms - act.started_at.ms;
  if (const Verdict verdict = check_times(raw, act, fields); !verdict.passed()) return verdict;
  act.record_suffix = values[slot_record_id].text.substr(id_prefix);
  return {};
}

void Intake::first_failed_checks(const Acts& acts, std::span<const std::uint32_t> indices, Day day,
                                 std::vector<std::int32_t>& out) const {
  const CompiledMethodology* rule = rules_.methodology->in_force(day);
  TANPUHUI_REQUIRE(rule, "acts without a methodology were refused before");
  std::vector<std::vector<std::int64_t>> columns(rules_.methodology->column_count());
  for (auto& column : columns) column.reserve(indices.size());
  for (std::size_t i = 0; i < field_count(); ++i)
    for (std::uint32_t index : indices) columns[i].push_back(acts.field(i)[index]);
  // References are the seal's; no check of intake reads them, but they must lie in their range.
  for (std::size_t i = field_count(); i + 1 < columns.size(); ++i)
    columns[i].assign(indices.size(), rules_.methodology->columns[i].min);
  for (std::uint32_t index : indices) columns.back().push_back(acts.duration_ms[index]);
  const std::vector<std::span<const std::int64_t>> views(columns.begin(), columns.end());
  out.resize(indices.size());
  rule->first_failed_checks(views, out, CheckStage::intake);
  for (std::size_t i = 0; i < indices.size(); ++i)
    if (acts.withdrawn[indices[i]]) out[i] = no_failed_check;
}

std::string Intake::check_id(std::int32_t check) const {
  return "check_failed." + rules_.methodology->checks[static_cast<std::size_t>(check)].code;
}

}  // namespace tanpuhui
