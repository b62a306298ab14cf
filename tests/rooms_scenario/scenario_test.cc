#include "rooms/scenario/scenario.h"

#include <functional>

#include <gtest/gtest.h>

namespace tanpuhui {
namespace {

ScenarioRecord bikes() {
  ScenarioRecord record;
  record.name = "mibici-ride";
  record.title_zh = "骑行";
  record.title_en = "rides";
  record.developer = "mibici";
  record.methodology = "bike-demo/v1";
  record.methodology_hash.fill(7);
  record.live_from = Day{20'000};
  record.partner_key.fill(9);
  return record;
}

/// Nothing stands in the way: it was filed, and its methodology published.
ScenarioFacts filed() {
  ScenarioFacts facts;
  facts.case_lets_connect = true;
  facts.published_hash = to_hex(bikes().methodology_hash);
  return facts;
}

ScenarioFacts known_as(const ScenarioRecord& record) {
  ScenarioFacts facts = filed();
  facts.scenario = {ScenarioId{1},
                    record.name,
                    record.title_zh,
                    record.title_en,
                    record.developer,
                    record.methodology,
                    record.methodology_hash,
                    record.live_from,
                    record.live_until,
                    record.lateness_days,
                    "live"};
  facts.partner_key = record.partner_key;
  return facts;
}

using Change = std::function<void(ScenarioRecord&)>;

std::string refusal_of(const Change& change, const ScenarioFacts& known = filed()) {
  ScenarioRecord record = bikes();
  change(record);
  const auto decided = decide_record_scenario(record, known);
  return decided ? "" : decided.error().code;
}

TEST(scenarios, are_recorded_once) {
  EXPECT_TRUE(decide_record_scenario(bikes(), filed()).value());
  EXPECT_FALSE(decide_record_scenario(bikes(), known_as(bikes())).value());
}

TEST(scenarios, have_a_name_of_small_letters_digits_and_hyphens) {
  for (const std::string& name : {std::string("a"), std::string("2-b"), std::string(64, 'z')})
    EXPECT_EQ("", refusal_of([&](auto& record) { record.name = name; })) << name;
  for (const std::string& name : {std::string(), std::string("-a"), std::string("Bikes"), std::string("a_b"),
                                  std::string("a b"), std::string("骑行"), std::string(65, 'z')})
    EXPECT_EQ("DAT-06", refusal_of([&](auto& record) { record.name = name; })) << name;
}

TEST(scenarios, have_titles_in_both_languages) {
  EXPECT_EQ("DAT-06", refusal_of([](auto& record) { record.title_zh = ""; }));
  EXPECT_EQ("DAT-06", refusal_of([](auto& record) { record.title_en = ""; }));
}

TEST(scenarios, name_the_key_of_their_partner) {
  EXPECT_EQ("DAT-06", refusal_of([](auto& record) { record.partner_key = {}; }));
}

TEST(scenarios, have_a_methodology) {
  EXPECT_EQ("SCN-02", refusal_of([](auto& record) { record.methodology = ""; }));
  EXPECT_EQ("SCN-02", refusal_of([](auto& record) { record.methodology_hash = {}; }));
}

TEST(scenarios, take_records_up_to_366_days_late) {
  EXPECT_EQ("", refusal_of([](auto& record) { record.lateness_days = 0; }));
  EXPECT_EQ("", refusal_of([](auto& record) { record.lateness_days = 366; }));
  EXPECT_EQ("DAT-08", refusal_of([](auto& record) { record.lateness_days = -1; }));
  EXPECT_EQ("DAT-08", refusal_of([](auto& record) { record.lateness_days = 367; }));
}

TEST(scenarios, do_not_end_before_they_begin) {
  EXPECT_EQ("", refusal_of([](auto& record) { record.live_until = record.live_from; }));
  EXPECT_EQ("DAT-08", refusal_of([](auto& record) { record.live_until = record.live_from - 1; }));
}

TEST(scenarios, take_over_the_key_that_was_recorded_before) {
  ScenarioFacts same = filed();
  same.partner_key = bikes().partner_key;
  EXPECT_TRUE(decide_record_scenario(bikes(), same).value());
  EXPECT_EQ("SCN-04", refusal_of([](auto& record) { record.partner_key.fill(8); }, same));
}

TEST(scenarios, keep_their_name_to_themselves) {
  const Change changes[] = {
      [](auto& record) { record.title_zh = "公交"; },        [](auto& record) { record.title_en = "buses"; },
      [](auto& record) { record.developer = "other"; },      [](auto& record) { record.methodology = "bus/v1"; },
      [](auto& record) { record.methodology_hash.fill(8); }, [](auto& record) { record.live_from = Day{20'001}; },
      [](auto& record) { record.live_until = Day{30'000}; }, [](auto& record) { record.lateness_days = 31; },
      [](auto& record) { record.partner_key.fill(8); },
  };
  for (const Change& change : changes) EXPECT_EQ("SCN-04", refusal_of(change, known_as(bikes())));
}

std::string refusal_on(const std::function<void(ScenarioFacts&)>& change) {
  ScenarioFacts facts = filed();
  change(facts);
  return refusal_of([](auto&) {}, facts);
}

TEST(scenarios, are_filed_or_recognised_each_by_a_case_of_its_own) {
  EXPECT_EQ("SCN-05", refusal_on([](auto& facts) { facts.case_lets_connect = false; }));
  EXPECT_EQ("SCN-04", refusal_on([](auto& facts) { facts.case_is_of_another = true; }));
}

TEST(scenarios, compute_by_the_formula_that_was_published) {
  EXPECT_EQ("MET-04", refusal_on([](auto& facts) { facts.published_hash = ""; }));
  EXPECT_EQ("MET-04", refusal_on([](auto& facts) { facts.published_hash = std::string(64, '0'); }));
}

}  // namespace
}  // namespace tanpuhui
