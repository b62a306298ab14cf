#include "methodology/gate.h"

#include <algorithm>

#include "sample.h"

namespace tanpuhui {
namespace {

Methodology rides(const std::string& trust = "official") {
  SampleFile file;
  file.body = number("distance_km", "km", 3, "1000") + replaced(factor("saved", "50", "gCO2e/km"), "calculated", trust);
  file.reduction = "expression = 'distance_km * saved'";
  file.vectors =
      accepted("distance_km = '1'", "50000") + accepted("distance_km = '2'", "100000") + refused("distance_km = '1'");
  return loaded(file);
}

std::vector<std::string> blocked(const Methodology& methodology, const GateRule& rule = {}) {
  std::vector<std::string> where;
  for (const GateFinding& finding : check_gate(methodology, rule))
    if (finding.blocks) where.push_back(finding.where);
  return where;
}

TEST(gate_rule, finds_nothing_in_a_whole_methodology) { EXPECT_TRUE(check_gate(rides(), {}).empty()); }

TEST(gate_rule, asks_for_additionality_where_the_rule_says_so) {
  EXPECT_EQ(blocked(rides(), {.additionality = true}), std::vector<std::string>{"additionality"});
  Methodology methodology = rides();
  methodology.additionality = {"论证", "argument"};
  EXPECT_TRUE(blocked(methodology, {.additionality = true}).empty());
}

TEST(gate_rule, wants_each_compulsory_part_in_both_languages) {
  Methodology methodology = rides();
  methodology.baseline.en.clear(), methodology.calculation.zh.clear(), methodology.monitoring_plan = {};
  EXPECT_EQ(blocked(methodology), (std::vector<std::string>{"baseline", "calculation", "monitoring_plan"}));
}

TEST(gate_rule, asks_acts_of_points_for_no_baseline) {
  Methodology methodology = rides();
  methodology.kind = "points", methodology.baseline = {}, methodology.calculation = {};
  EXPECT_TRUE(blocked(methodology, {.additionality = true}).empty());
}

TEST(gate_rule, wants_a_source_for_each_factor) {
  Methodology methodology = rides();
  methodology.parameters.front().source.clear();
  EXPECT_EQ(blocked(methodology), std::vector<std::string>{"parameter saved from 2024-09-30"});
}

TEST(gate_rule, wants_three_vectors_and_a_refused_one) {
  Methodology methodology = rides();
  std::erase_if(methodology.vectors, [](const auto& vector) { return !vector.refused.empty(); });
  EXPECT_EQ(blocked(methodology), std::vector<std::string>{"vector"});
}

TEST(gate_rule, remarks_on_figures_that_no_authority_confirmed) {
  for (const char* trust : {"demonstration", "news", "repositories", "calculated"}) {
    const auto findings = check_gate(rides(trust), {});
    ASSERT_EQ(findings.size(), 1u) << trust;
    EXPECT_FALSE(findings.front().blocks) << trust;
    EXPECT_EQ(findings.front().where, "parameter saved from 2024-09-30");
  }
}

}  // namespace
}  // namespace tanpuhui
