#include "rooms/participants/consent.h"

#include <algorithm>

#include "rooms/participants/holder_text.h"

namespace tanpuhui {
namespace {

using enum ConsentOutcome;

constexpr std::string_view send_again_zh = "更正后放入新文件重新报送";
constexpr std::string_view send_again_en = "correct the line and send it again in a new file";
constexpr std::string_view nothing_zh = "无需处理";
constexpr std::string_view nothing_en = "nothing to do";

constexpr ConsentOutcomeRow table[] = {
    {malformed_line, "malformed_line", "DAT-06", "该行无法解析：列数或引号不符",
     "the line cannot be parsed: number of columns or quotes", send_again_zh, send_again_en},
    {empty_field, "empty_field", "DAT-06", "必填列为空", "a column that must be filled is empty",
     "只有 until_at 可以为空", "only until_at may be empty"},
    {bad_text, "bad_text", "DAT-06", "文本过长、含控制字符或不是 UTF-8",
     "a text is too long, holds control characters or is not UTF-8", "使用不超过 128 字节的 UTF-8 文本",
     "use UTF-8 text of at most 128 bytes"},
    {bad_time, "bad_time", "DAT-06", "时间无法识别", "not a time", "按 2025-01-31T08:03:06+08:00 的形式书写",
     "write it as 2025-01-31T08:03:06+08:00"},
    {time_without_zone, "time_without_zone", "DAT-06", "时间没有时区", "a time without a zone",
     "写明时区，如 2025-01-31T08:03:06+08:00", "name the zone, as in 2025-01-31T08:03:06+08:00"},
    {unknown_scenario, "unknown_scenario", "DAT-04", "没有这个场景", "there is no such scenario",
     "核对名称，场景备案后重新报送", "check the name; send it again once the scenario is recorded"},
    {ends_before_it_begins, "ends_before_it_begins", "DAT-08", "授权的结束早于开始",
     "the consent ends before it begins", send_again_zh, send_again_en},
    {begins_in_future, "begins_in_future", "DAT-03", "授权尚未开始", "the consent has not begun yet",
     "校准时钟，授权开始后再报送", "set the clock right and send consents after they have begun"},
    {other_person, "other_person", "CON-01", "该时间内此编号已属于另一人",
     "this id of the partner belongs to another person in that time", "先结束原授权，再从其后开始新的授权",
     "end the other consent first and begin the new one after it"},
    {known_already, "known_already", "", "同一授权已登记，未作任何改变",
     "the same consent stands already; nothing changed", nothing_zh, nothing_en},
    {ended_earlier, "ended_earlier", "CON-01", "该授权已提前结束，不因重新报送而恢复",
     "this consent has ended earlier; sending it again does not bring it back", "本人再次授权后，以新的开始时间报送",
     "once the person agrees again, send a consent that begins then"},
    {overlaps_another, "overlaps_another", "CON-01", "与同一编号的另一授权时间重叠",
     "overlaps another consent of the same id", "从前一授权结束时开始，或先撤回前一授权",
     "begin where the other consent ends, or withdraw that one first"},
    {not_a_person, "not_a_person", "ACC-01", "该名称属于组织账户",
     "this name belongs to the account of an organisation", "授权只属于个人，核对 person 列",
     "only persons give consent; check the column person"},
    {account_not_active, "account_not_active", "ACC-01", "账户未处于正常状态", "the account is not active",
     "恢复账户后重新报送", "send it again once the account is active"},
    {recorded, "recorded", "", "已登记", "recorded", nothing_zh, nothing_en},
};

bool overlap(const ConsentTerm& a, const ConsentTerm& b) {
  return (!b.until || a.from < *b.until) && (!a.until || b.from < *a.until);
}

// Both begin at the same instant, which is the key of a consent.
ConsentVerdict against_same_start(const Consent& consent, const StandingConsent& standing) {
  if (standing.person != consent.person) return {other_person, ConsentField::person};
  const auto& until = consent.term.until;
  if (standing.term.until == until) return {known_already, ConsentField::from_at};
  const bool ended_before = standing.term.until && (!until || *standing.term.until < *until);
  return {ended_before ? ended_earlier : overlaps_another, ConsentField::until_at};
}

std::optional<ConsentVerdict> against_standing(const Consent& consent, std::span<const StandingConsent> standing) {
  for (const StandingConsent& other : standing)
    if (other.term.from == consent.term.from) return against_same_start(consent, other);
  for (const StandingConsent& other : standing) {
    if (!overlap(consent.term, other.term)) continue;
    if (other.person != consent.person) return ConsentVerdict{other_person, ConsentField::person};
    return ConsentVerdict{overlaps_another, ConsentField::from_at};
  }
  return std::nullopt;
}

Result<Instant, ConsentVerdict> read_time(const ConsentLine& line, ConsentField field) {
  const auto time = parse_instant(line[static_cast<std::size_t>(field)]);
  if (time) return *time;
  return ConsentVerdict{time.error() == TimeError::without_zone ? time_without_zone : bad_time, field};
}

}  // namespace

std::span<const ConsentOutcomeRow> consent_outcome_table() { return table; }

const ConsentOutcomeRow& describe_consent_outcome(ConsentOutcome outcome) {
  for (const ConsentOutcomeRow& row : table)
    if (row.outcome == outcome) return row;
  raise_defect("an outcome stands in the table", __FILE__, __LINE__);
}

Result<Consent, ConsentVerdict> read_consent(const ConsentLine& line) {
  for (std::size_t i = 0; i < consent_fields; ++i)
    if (line[i].empty() && ConsentField{static_cast<std::uint8_t>(i)} != ConsentField::until_at)
      return ConsentVerdict{empty_field, ConsentField{static_cast<std::uint8_t>(i)}};
  for (std::size_t i = 0; i < consent_fields; ++i)
    if (!is_plain_text(line[i])) return ConsentVerdict{bad_text, ConsentField{static_cast<std::uint8_t>(i)}};
  Consent consent{line[0], line[1], line[2], {}, line[5]};
  TANPUHUI_TRY(consent.term.from, read_time(line, ConsentField::from_at));
  if (line[4].empty()) return consent;
  TANPUHUI_TRY(consent.term.until, read_time(line, ConsentField::until_at));
  return consent;
}

ConsentVerdict decide_consent(const Consent& consent, const ConsentFacts& facts, Instant now) {
  const ConsentTerm& term = consent.term;
  if (term.until && *term.until < term.from) return {ends_before_it_begins, ConsentField::until_at};
  if (term.from > now) return {begins_in_future, ConsentField::from_at};
  if (const auto verdict = against_standing(consent, facts.standing)) return *verdict;
  if (facts.holder && facts.holder->kind != AccountKind::person && !facts.for_project)
    return {not_a_person, ConsentField::person};
  if (facts.holder && facts.holder->status != AccountStatus::active) return {account_not_active, ConsentField::person};
  return {recorded, ConsentField::scenario};
}

Result<StandingConsent> decide_withdrawal(std::span<const StandingConsent> standing, Instant at, Instant now) {
  if (at > now)
    return refuse("DAT-03")
        .because("at", format_utc(at))
        .because("now", format_utc(now))
        .says("撤回时间不能晚于现在", "a consent cannot be withdrawn at a time to come")
        .mend("以现在或更早的时间撤回", "withdraw it now, or at a time before");
  const auto open = std::ranges::find_if(standing, [at](const StandingConsent& consent) {
    return consent.term.from <= at && (!consent.term.until || at < *consent.term.until);
  });
  if (open != standing.end()) return *open;
  return refuse("CON-01")
      .because("at", format_utc(at))
      .says("该时间没有有效授权", "no consent is open at that time")
      .mend("核对场景、编号和时间", "check scenario, subject and time");
}

}  // namespace tanpuhui
