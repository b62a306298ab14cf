#include "rooms/participants/consent.h"

#include <set>
#include <vector>

#include <gtest/gtest.h>

namespace tanpuhui {
namespace {

using enum ConsentOutcome;

Instant on(std::string_view day) { return start_of(*parse_day(day), Zone{480}); }
const Instant now = on("2025-06-01");

StandingConsent stands(Instant from, std::optional<Instant> until, const std::string& person = "anna") {
  return {AccountId{5000}, person, {from, until}};
}

struct Case {
  std::string_view from;
  std::string_view until = {};
  std::string_view person = "anna";
};

ConsentOutcome outcome_of(const Case& asked, const std::vector<StandingConsent>& standing = {},
                          std::optional<HolderFacts> holder = {}) {
  Consent consent{"bikes", "u1", asked.person, {on(asked.from), {}}, "v1"};
  if (!asked.until.empty()) consent.term.until = on(asked.until);
  return decide_consent(consent, {standing, holder}, now).outcome;
}

ConsentVerdict verdict_of(const ConsentLine& line) {
  const auto consent = read_consent(line);
  return consent ? ConsentVerdict{} : consent.error();
}

constexpr std::string_view some_time = "2025-01-01T00:00:00+08:00";

TEST(consent_outcomes, have_one_row_each_with_both_languages) {
  std::set<std::string_view> ids;
  std::size_t place = 0;
  for (const ConsentOutcomeRow& row : consent_outcome_table()) {
    EXPECT_EQ(place++, static_cast<std::size_t>(row.outcome));
    EXPECT_TRUE(ids.insert(row.id).second) << row.id;
    EXPECT_FALSE(row.zh.empty() || row.en.empty() || row.remedy_zh.empty() || row.remedy_en.empty()) << row.id;
    EXPECT_EQ(&row, &describe_consent_outcome(row.outcome));
  }
  EXPECT_EQ(static_cast<std::size_t>(recorded) + 1, place);
}

TEST(consent_lines, give_the_interval_in_utc) {
  const auto consent = read_consent({"bikes", "u1", "anna", some_time, "2025-02-01T00:00:00Z", "v1"});
  ASSERT_TRUE(consent);
  EXPECT_EQ("anna", consent->person);
  EXPECT_EQ(on("2025-01-01"), consent->term.from);
  EXPECT_EQ(start_of(*parse_day("2025-02-01"), Zone{0}), consent->term.until);
}

TEST(consent_lines, may_leave_the_end_open) {
  const auto consent = read_consent({"bikes", "u1", "anna", some_time, "", "v1"});
  ASSERT_TRUE(consent);
  EXPECT_FALSE(consent->term.until);
}

TEST(consent_lines, fill_every_other_column) {
  for (std::size_t i = 0; i < consent_fields; ++i) {
    ConsentLine line = {"bikes", "u1", "anna", some_time, "", "v1"};
    const auto field = static_cast<ConsentField>(i);
    if (field == ConsentField::until_at) continue;
    line[i] = "";
    EXPECT_EQ((ConsentVerdict{empty_field, field}), verdict_of(line));
  }
}

TEST(consent_lines, hold_plain_text) {
  EXPECT_EQ((ConsentVerdict{bad_text, ConsentField::subject}),
            verdict_of({"bikes", "u\x01", "anna", some_time, "", "v1"}));
}

TEST(consent_lines, name_times_with_their_zone) {
  EXPECT_EQ((ConsentVerdict{time_without_zone, ConsentField::from_at}),
            verdict_of({"bikes", "u1", "anna", "2025-01-01T00:00:00", "", "v1"}));
  EXPECT_EQ((ConsentVerdict{bad_time, ConsentField::until_at}),
            verdict_of({"bikes", "u1", "anna", some_time, "2025-02-30T00:00:00Z", "v1"}));
}

TEST(consents, are_recorded_from_now_or_before) {
  EXPECT_EQ(recorded, outcome_of({"2025-06-01"}));
  EXPECT_EQ(begins_in_future, outcome_of({"2025-06-02"}));
}

TEST(consents, end_after_they_begin) {
  EXPECT_EQ(recorded, outcome_of({"2025-01-02", "2025-01-03"}));
  EXPECT_EQ(ends_before_it_begins, outcome_of({"2025-01-02", "2025-01-01"}));
}

TEST(consents, that_stand_already_change_nothing) {
  EXPECT_EQ(known_already, outcome_of({"2025-01-01"}, {stands(on("2025-01-01"), {})}));
  EXPECT_EQ(known_already, outcome_of({"2025-01-01", "2025-02-01"}, {stands(on("2025-01-01"), on("2025-02-01"))}));
}

TEST(consents, begin_where_another_ends) {
  EXPECT_EQ(recorded, outcome_of({"2025-02-01"}, {stands(on("2025-01-01"), on("2025-02-01"))}));
  EXPECT_EQ(recorded, outcome_of({"2025-01-01", "2025-02-01"}, {stands(on("2025-02-01"), {})}));
}

TEST(consents, of_one_subject_do_not_overlap) {
  const std::vector<StandingConsent> standing = {stands(on("2025-02-01"), on("2025-03-01"))};
  EXPECT_EQ(overlaps_another, outcome_of({"2025-01-01"}, standing));
  EXPECT_EQ(overlaps_another, outcome_of({"2025-02-28"}, standing));
  EXPECT_EQ(overlaps_another, outcome_of({"2025-02-10", "2025-02-11"}, standing));
  EXPECT_EQ(overlaps_another, outcome_of({"2025-02-01", "2025-02-10"}, standing));
}

TEST(consents, do_not_come_back_by_the_same_line) {
  EXPECT_EQ(ended_earlier, outcome_of({"2025-01-01"}, {stands(on("2025-01-01"), on("2025-02-01"))}));
  EXPECT_EQ(ended_earlier, outcome_of({"2025-01-01"}, {stands(on("2025-01-01"), on("2025-01-01"))}));
}

TEST(consents, find_the_one_that_ended_before_a_later_one) {
  EXPECT_EQ(ended_earlier,
            outcome_of({"2025-01-01"}, {stands(on("2025-01-01"), on("2025-02-01")), stands(on("2025-03-01"), {})}));
}

TEST(consents, keep_a_subject_one_person_inside_an_interval) {
  const std::vector<StandingConsent> standing = {stands(on("2025-01-01"), on("2025-02-01"), "bert")};
  EXPECT_EQ(other_person, outcome_of({"2025-01-01", "2025-02-01"}, standing));
  EXPECT_EQ(other_person, outcome_of({"2025-01-15"}, standing));
}

TEST(consents, let_a_subject_pass_to_another_person_afterwards) {
  EXPECT_EQ(recorded, outcome_of({"2025-02-01"}, {stands(on("2025-01-01"), on("2025-02-01"), "bert")}));
}

TEST(consents, are_given_by_persons_with_an_active_account) {
  EXPECT_EQ(recorded, outcome_of({"2025-01-01"}, {}, HolderFacts{}));
  EXPECT_EQ(not_a_person, outcome_of({"2025-01-01"}, {}, HolderFacts{AccountKind::organisation, {}}));
  EXPECT_EQ(account_not_active,
            outcome_of({"2025-01-01"}, {}, HolderFacts{AccountKind::person, AccountStatus::closed}));
}

TEST(withdrawals, end_the_consent_that_is_open) {
  const std::vector<StandingConsent> standing = {stands(on("2025-01-01"), on("2025-02-01")),
                                                 stands(on("2025-03-01"), {})};
  EXPECT_EQ(standing[0], decide_withdrawal(standing, on("2025-01-31"), now).value());
  EXPECT_EQ(standing[1], decide_withdrawal(standing, on("2025-03-01"), now).value());
}

TEST(withdrawals, need_a_consent_that_is_open_at_that_instant) {
  const std::vector<StandingConsent> standing = {stands(on("2025-01-01"), on("2025-02-01"))};
  for (const Instant at : {on("2024-12-31"), on("2025-02-01")}) {
    const auto refused = decide_withdrawal(standing, at, now);
    ASSERT_FALSE(refused);
    EXPECT_EQ("CON-01", refused.error().code);
  }
}

TEST(withdrawals, do_not_lie_in_the_future) {
  const std::vector<StandingConsent> standing = {stands(on("2025-01-01"), {})};
  EXPECT_TRUE(decide_withdrawal(standing, now, now));
  const auto refused = decide_withdrawal(standing, Instant{now.ms + 1}, now);
  ASSERT_FALSE(refused);
  EXPECT_EQ("DAT-03", refused.error().code);
}

}  // namespace
}  // namespace tanpuhui
