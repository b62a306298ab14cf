#include <algorithm>

#include "book_files.h"

namespace tanpuhui {
namespace {

using test::day;

const Rulebook& js24() {
  static const Rulebook book = test::loaded(test::files_of("rulebooks/js24"));
  return book;
}

TEST(js24, loads_with_its_name_and_zone) {
  EXPECT_EQ(js24().name, "js24");
  EXPECT_EQ(js24().document_number, "苏事管〔2024〕52号");
  EXPECT_EQ(js24().zone.offset_minutes, 480);
  EXPECT_EQ(js24().in_force_from, day("2024-09-30"));
}

TEST(js24, holds_all_its_articles) {
  for (int article = 1; article <= 48; ++article)
    EXPECT_NE(js24().find_provision("js24.a" + std::to_string(article)), nullptr) << article;
  for (const char* id : {"js24.a5p1", "js24.a6p1", "js24.a37p1", "js24.a37p2", "js24.a37p3", "js24.a48p1"})
    EXPECT_NE(js24().find_provision(id), nullptr) << id;
  EXPECT_EQ(js24().find_provision("js24.a49"), nullptr);
}

TEST(js24, summarises_every_paragraph_in_both_languages) {
  for (const Provision& provision : js24().provisions) {
    EXPECT_FALSE(provision.title_zh.empty() || provision.title_en.empty()) << provision.id;
    if (provision.is_paragraph) {
      EXPECT_FALSE(provision.zh.empty() || provision.en.empty()) << provision.id;
    }
  }
  EXPECT_EQ(js24().find_provision("js24.a34p1")->en,
            "The platform grants points into the personal account by the points calculation rule.");
}

TEST(js24, joins_the_lines_of_a_summary) {
  EXPECT_EQ(
      js24().find_provision("js24.a33p1")->en,
      "Points are a feedback right of persons; they have no monetary nature and are neither transferred nor traded. "
      "Only persons hold points.");
  EXPECT_NE(js24().find_provision("js24.a5p1")->zh.find("签署，或由运营机构"), std::string::npos);
}

TEST(js24, grants_a_point_for_each_full_hundred_grams) {
  const auto rule = js24().points.on(day("2025-06-01"));
  ASSERT_TRUE(rule);
  EXPECT_EQ(rule->mg_per_point, Milligrams(100'000));
  EXPECT_EQ(rule->basis, "js24.a34p1");
  EXPECT_EQ(rule->mark, "demonstration value: the published rule is not known");
  EXPECT_EQ(rule->settings, (std::vector<std::string>{"D4", "AMB-01"}));
}

TEST(js24, grants_a_point_for_an_act_that_bears_no_reductions) {
  const auto rule = js24().points.on(day("2025-06-01"));
  ASSERT_TRUE(rule);
  EXPECT_EQ(rule->points_per_act, Points(1));
}

TEST(js24, clears_points_after_two_years_without_roll_over) {
  const auto rule = js24().expiry.on(day("2024-09-30"));
  ASSERT_TRUE(rule);
  EXPECT_EQ(rule->years, 2);
  EXPECT_FALSE(rule->roll_over);
  EXPECT_EQ(rule->grace_days_after_order, 7);
  EXPECT_EQ(rule->provider_refund_grace_days, 30);
  EXPECT_EQ(rule->notice_days, (std::vector<std::int64_t>{90, 30, 7}));
  EXPECT_EQ(rule->basis, "js24.a37p3");
}

TEST(js24, spends_bearing_points_first_and_leaves_no_choice) {
  const auto rule = js24().spending.on(day("2025-01-01"));
  ASSERT_TRUE(rule);
  EXPECT_EQ(rule->first, SpendFirst::bearing);
  EXPECT_FALSE(rule->user_choice);
  EXPECT_EQ(rule->basis, "js24.a37p2");
}

TEST(js24, completes_orders_fifteen_days_after_delivery) {
  EXPECT_EQ(js24().orders.on(day("2025-01-01"))->after_sales_days, 15);
  EXPECT_EQ(js24().orders.on(day("2025-01-01"))->settings.front(), "AMB-07");
}

TEST(js24, lets_the_operator_sign_under_a_delegation_only) {
  const auto rule = js24().signing.on(day("2025-01-01"));
  ASSERT_TRUE(rule);
  EXPECT_TRUE(rule->authority_may_sign);
  EXPECT_TRUE(rule->operator_needs_delegation);
  EXPECT_EQ(rule->basis, "js24.a5p1");
}

TEST(js24, permits_five_uses_to_owners_and_clearing_to_the_platform) {
  std::vector<std::string> owner, platform;
  for (const PermittedUse& use : js24().permitted_uses_on(day("2025-01-01")))
    (use.by == UseBy::owner ? owner : platform).push_back(use.id);
  EXPECT_EQ(owner, (std::vector<std::string>{"cancel", "donation", "eco_compensation", "event_neutrality", "offset"}));
  EXPECT_EQ(platform, std::vector<std::string>{"expiry"});
}

TEST(js24, asks_for_what_each_use_needs) {
  const Day today = day("2025-01-01");
  EXPECT_TRUE(js24().permitted_use("event_neutrality", UseBy::owner, today)->region_only);
  EXPECT_TRUE(js24().permitted_use("donation", UseBy::owner, today)->needs_beneficiary);
  EXPECT_FALSE(js24().permitted_use("cancel", UseBy::owner, today)->needs_beneficiary);
  EXPECT_TRUE(js24().permitted_use("eco_compensation", UseBy::owner, today)->needs_document);
  EXPECT_EQ(js24().permitted_use("eco_compensation", UseBy::owner, today)->basis, "js24.a31p1");
}

TEST(js24, refuses_a_use_that_no_article_names) {
  const auto use = js24().permitted_use("sale", UseBy::owner, day("2025-01-01"));
  ASSERT_FALSE(use);
  EXPECT_EQ(use.error().code, "USE-01");
  EXPECT_EQ(use.error().basis, "js24.a26p1");
  EXPECT_EQ(use.error().remedy_en, "choose one of: cancel, donation, eco_compensation, event_neutrality, offset");
}

TEST(js24, refuses_clearing_on_an_owners_request) {
  EXPECT_EQ(js24().permitted_use("expiry", UseBy::owner, day("2025-01-01")).error().code, "USE-01");
  EXPECT_TRUE(js24().permitted_use("expiry", UseBy::platform, day("2025-01-01")));
}

TEST(js24, keeps_three_figures_as_honours) {
  std::vector<std::string> ids;
  for (const Honour& honour : js24().honours_on(day("2025-01-01"))) ids.push_back(honour.id);
  EXPECT_EQ(ids, (std::vector<std::string>{"points_cleared", "points_redeemed", "reductions_contributed"}));
}

TEST(js24, says_on_what_a_refusal_rests) {
  EXPECT_EQ(js24().basis_of("MAL-02"), "js24.a35p1");
  EXPECT_EQ(js24().basis_of("PTS-01"), "js24.a33p1");
  EXPECT_EQ(js24().basis_of("NEW-99"), "js24");
}

TEST(js24, has_no_value_before_it_is_in_force) {
  const auto rule = js24().points.on(day("2024-09-29"));
  ASSERT_FALSE(rule);
  EXPECT_EQ(rule.error().code, "PTS-02");
  EXPECT_EQ(rule.error().basis, "js24.a34p1");
  EXPECT_EQ(
      rule.error().message_en,
      "the points calculation rule has no value in force on 2024-09-29 (js24.a34p1); the next one is in force from "
      "2024-09-30");
  EXPECT_NE(rule.error().message_zh.find("碳积分计算规则在 2024-09-29 无有效规定"), std::string::npos);
  EXPECT_TRUE(js24().permitted_uses_on(day("2024-09-29")).empty());
}

}  // namespace
}  // namespace tanpuhui
