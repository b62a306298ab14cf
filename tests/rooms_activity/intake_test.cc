#include "rooms/activity/intake.h"

#include <set>

#include <gtest/gtest.h>

#include "sample.h"

namespace tanpuhui {
namespace {

using Kind = RawValue::Kind;

class Desk : public testing::Test {
 protected:
  Desk() {
    text(slot_scenario, "bikes");
    text(slot_record_id, "20250303-42");
    text(slot_subject, "u1");
    text(slot_started_at, "2025-03-03T08:00:00+08:00");
    text(slot_ended_at, "2025-03-03T08:20:00+08:00");
    text(slot_first_field, "3.000");
  }
  void text(std::size_t number, std::string_view value) { raw_.values[number] = {Kind::text, value, 0}; }
  void remove(std::size_t number) { raw_.values[number] = {}; }

  Verdict read() { return intake_.read(raw_, act_, fields_); }
  std::string outcome() { return std::string(describe_outcome(read().outcome).id); }

  RawRecord raw_;
  Act act_;
  std::int64_t fields_[1] = {};
  Intake intake_{{.scenario = "bikes",
                  .methodology = &bike(),
                  .zone = zone,
                  .lateness_days = 30,
                  .now = at("12:00:00", monday + 1)}};
};
using intake = Desk;

// In the order of the table.

TEST_F(intake, receives_a_good_record) {
  ASSERT_EQ(outcome(), "received");
  EXPECT_EQ(act_.record_suffix, "42");
  EXPECT_EQ(act_.started_at, at("08:00:00"));
  EXPECT_EQ(act_.duration_ms, 20 * 60'000);
  EXPECT_EQ(fields_[0], 3000);
}

TEST_F(intake, refuses_a_broken_line) {
  raw_.malformed = true;
  EXPECT_EQ(outcome(), "malformed_line");
}

TEST_F(intake, refuses_an_unknown_field_and_names_it) {
  raw_.unknown_field = "colour";
  EXPECT_EQ(outcome(), "unknown_field");
  EXPECT_EQ(read().field, "colour");
}

TEST_F(intake, refuses_a_missing_field_and_names_it) {
  remove(slot_ended_at);
  EXPECT_EQ(outcome(), "missing_field");
  EXPECT_EQ(read().field, "ended_at");
}

TEST_F(intake, refuses_a_field_given_twice) {
  raw_.duplicate_field = "subject";
  EXPECT_EQ(outcome(), "duplicate_field");
}

TEST_F(intake, refuses_a_number_where_a_text_belongs) {
  raw_.values[slot_first_field] = {Kind::integer, "3", 3};
  EXPECT_EQ(outcome(), "wrong_type");
}

TEST_F(intake, refuses_a_text_that_is_no_decimal) {
  text(slot_first_field, "1e3");
  EXPECT_EQ(outcome(), "wrong_type");
}

TEST_F(intake, refuses_a_record_id_with_other_characters) {
  text(slot_record_id, "20250303-4 2");
  EXPECT_EQ(outcome(), "wrong_type");
}

TEST_F(intake, refuses_too_many_decimals_with_field_and_value) {
  text(slot_first_field, "3.0001");
  const Verdict verdict = read();
  EXPECT_EQ(verdict.outcome, Outcome::too_many_decimals);
  EXPECT_EQ(verdict.field, "distance_km");
  EXPECT_EQ(verdict.value, "3.0001");
}

TEST_F(intake, refuses_a_time_without_a_zone) {
  text(slot_started_at, "2025-03-03T08:00:00");
  EXPECT_EQ(outcome(), "time_without_zone");
}

TEST_F(intake, refuses_a_day_that_does_not_exist) {
  text(slot_started_at, "2025-02-30T08:00:00+08:00");
  EXPECT_EQ(outcome(), "bad_time");
}

TEST_F(intake, refuses_a_clock_that_does_not_exist_also_on_a_day_seen_before) {
  read();
  for (const char* clock : {"24:00:00", "08:60:00", "08:00:60", "08:0a:00", "08.00:00", "0::00:00"}) {
    const std::string time = std::string("2025-03-03T") + clock + "+08:00";
    text(slot_started_at, time);
    EXPECT_EQ(outcome(), "bad_time") << time;
  }
}

TEST_F(intake, reads_every_zone_and_thousandths) {
  text(slot_started_at, "2025-03-03T00:00:00.250Z");
  ASSERT_EQ(outcome(), "received");
  EXPECT_EQ(act_.started_at.ms, at("08:00:00").ms + 250);
  text(slot_started_at, "2025-03-02T23:30:00-00:30");
  ASSERT_EQ(outcome(), "received");
  EXPECT_EQ(act_.started_at, at("08:00:00"));
}

TEST_F(intake, refuses_a_record_of_another_scenario) {
  text(slot_scenario, "buses");
  EXPECT_EQ(outcome(), "other_scenario");
}

TEST_F(intake, refuses_a_number_out_of_range) {
  text(slot_first_field, "1000.001");
  EXPECT_EQ(outcome(), "out_of_range");
  text(slot_first_field, "99999999999999999999");
  EXPECT_EQ(outcome(), "out_of_range");
  text(slot_first_field, "-0.001");
  EXPECT_EQ(outcome(), "out_of_range");
}

TEST_F(intake, refuses_an_end_before_the_start) {
  text(slot_ended_at, "2025-03-03T07:59:59+08:00");
  EXPECT_EQ(outcome(), "end_before_start");
}

TEST_F(intake, refuses_an_id_of_another_day) {
  text(slot_record_id, "20250304-42");
  EXPECT_EQ(outcome(), "id_other_day");
  text(slot_record_id, "2025030342");
  EXPECT_EQ(outcome(), "id_other_day");
  text(slot_record_id, "20250303-");
  EXPECT_EQ(outcome(), "id_other_day");
}

TEST_F(intake, counts_the_day_of_an_act_in_its_own_zone) {
  text(slot_started_at, "2025-03-02T16:00:00Z");
  text(slot_ended_at, "2025-03-02T16:20:00Z");
  EXPECT_EQ(outcome(), "received");
  text(slot_started_at, "2025-03-02T15:59:59Z");
  EXPECT_EQ(outcome(), "id_other_day");
}

TEST_F(intake, refuses_an_act_that_has_not_ended) {
  text(slot_record_id, "20250304-1");
  text(slot_started_at, "2025-03-04T11:50:00+08:00");
  text(slot_ended_at, "2025-03-04T12:00:01+08:00");
  EXPECT_EQ(outcome(), "act_in_future");
}

TEST_F(intake, takes_an_act_on_the_last_day_and_refuses_it_a_day_later) {
  const auto outcome_on = [this](Day today) {
    IntakeRules rules = intake_.rules();
    rules.now = at("23:59:59", today);
    return Intake(rules).read(raw_, act_, fields_).outcome;
  };
  EXPECT_EQ(outcome_on(monday + 30), Outcome::received);
  EXPECT_EQ(outcome_on(monday + 31), Outcome::too_late);
}

TEST_F(intake, refuses_an_act_before_the_methodology_was_in_force) {
  IntakeRules rules = intake_.rules();
  rules.lateness_days = 1000;
  text(slot_record_id, "20240101-1");
  text(slot_started_at, "2024-01-01T08:00:00+08:00");
  text(slot_ended_at, "2024-01-01T08:20:00+08:00");
  EXPECT_EQ(Intake(rules).read(raw_, act_, fields_).outcome, Outcome::no_methodology);
}

TEST_F(intake, refuses_an_act_on_a_day_on_which_the_scenario_or_its_methodology_did_not_stand) {
  IntakeRules rules = intake_.rules();
  const auto outcome = [&] { return Intake(rules).read(raw_, act_, fields_).outcome; };
  rules.live_days = {{monday - 5, monday - 1}, {monday, monday}};
  rules.methodology_days = {{monday, {}}};
  EXPECT_EQ(outcome(), Outcome::received);
  rules.methodology_days = {{monday + 1, {}}};
  EXPECT_EQ(outcome(), Outcome::no_methodology);
  rules.live_days = {{monday - 5, monday - 1}, {monday + 1, {}}};
  EXPECT_EQ(outcome(), Outcome::scenario_not_live);
}

TEST_F(intake, names_the_first_failed_check_of_the_methodology) {
  const Acts acts = acts_of({{.id = "1"}, {.id = "2", .metres = 299}, {.id = "3", .minutes = 5, .metres = 2501}});
  const std::uint32_t indices[] = {0, 1, 2};
  std::vector<std::int32_t> failed;
  intake_.first_failed_checks(acts, indices, monday, failed);
  EXPECT_EQ(failed[0], no_failed_check);
  EXPECT_EQ(intake_.check_id(failed[1]), "check_failed.distance_too_short");
  EXPECT_EQ(intake_.check_id(failed[2]), "check_failed.speed_too_high");
}

TEST_F(intake, lets_a_withdrawal_through_whatever_it_says) {
  const Acts acts = acts_of({{.id = "1", .metres = 0, .withdrawn = true}});
  const std::uint32_t indices[] = {0};
  std::vector<std::int32_t> failed;
  intake_.first_failed_checks(acts, indices, monday, failed);
  EXPECT_EQ(failed[0], no_failed_check);
}

TEST_F(intake, reports_the_earlier_outcome_of_the_table_where_several_apply) {
  text(slot_scenario, "buses");
  text(slot_first_field, "3.0001");
  EXPECT_EQ(outcome(), "too_many_decimals");
  remove(slot_subject);
  EXPECT_EQ(outcome(), "missing_field");
  raw_.unknown_field = "colour";
  EXPECT_EQ(outcome(), "unknown_field");
}

const ConsentInterval two_consents[] = {
    {AccountId{1000}, at("08:00:00"), at("09:00:00"), true},
    {AccountId{1001}, at("10:00:00"), std::nullopt, true},
};

TEST(consent, is_needed_for_the_person) {
  EXPECT_EQ(find_credited({}, at("08:00:00"), at("08:30:00")).outcome, Outcome::unknown_person);
}

TEST(consent, holds_from_its_first_instant_until_before_its_last) {
  const Instant now = at("08:59:59");
  EXPECT_EQ(find_credited(two_consents, at("07:59:59"), now).outcome, Outcome::no_consent);
  EXPECT_EQ(find_credited(two_consents, at("08:00:00"), now).account, AccountId{1000});
  EXPECT_EQ(find_credited(two_consents, at("09:00:00"), now).outcome, Outcome::no_consent);
  EXPECT_EQ(find_credited(two_consents, at("10:00:00"), now).account, AccountId{1001});
}

TEST(consent, that_was_withdrawn_lets_nothing_more_in) {
  EXPECT_EQ(find_credited(two_consents, at("08:30:00"), at("09:00:00")).outcome, Outcome::no_consent);
}

TEST(consent, that_ended_with_settling_still_covers_its_time) {
  const ConsentInterval settled[] = {{AccountId{1000}, at("08:00:00"), at("09:00:00"), false}};
  EXPECT_EQ(find_credited(settled, at("08:30:00"), at("12:00:00")).account, AccountId{1000});
}

// A number is stored for ever, so an outcome that comes later has a later number wherever it stands in the order.
TEST(outcome_table, is_closed_and_each_outcome_has_a_number_of_its_own) {
  std::set<std::string_view> ids;
  std::set<Outcome> numbers;
  for (const OutcomeRow& row : outcome_table()) {
    EXPECT_TRUE(numbers.insert(row.outcome).second) << row.id;
    EXPECT_TRUE(ids.insert(row.id).second) << row.id;
    EXPECT_EQ(find_outcome(row.id), row.outcome);
    EXPECT_FALSE(row.zh.empty() || row.en.empty() || row.remedy_zh.empty() || row.remedy_en.empty()) << row.id;
    EXPECT_LT(slot(row.outcome), outcome_slots);
  }
  EXPECT_EQ(ids.size(), 38U);
}

}  // namespace
}  // namespace tanpuhui
