#include "bench/report.h"

#include <gtest/gtest.h>

namespace tanpuhui {
namespace {

BenchReport report_of(Figure figure) {
  BenchReport report;
  report.cases.push_back({"redeem", "orders", {std::move(figure)}});
  return report;
}

TEST(bench_report, takes_the_median_so_that_one_disturbed_round_does_not_count) {
  EXPECT_EQ(5, median({5, 100, 4}));
  EXPECT_EQ(4.5, median({5, 4}));
  EXPECT_EQ((std::vector<double>{2, 4}), ratios({10, 20}, {5, 5}));
}

TEST(bench_report, says_which_goal_was_missed_and_by_how_much) {
  EXPECT_EQ(std::vector<std::string>{"redeem: 512 in a commit: 4.90 ratio, goal at least 5.00"},
            report_of({"512 in a commit", "ratio", {4.9}, at_least(5)}).missed());
  EXPECT_EQ(std::vector<std::string>{"redeem: written: 10.1 KB, goal at most 10.0"},
            report_of({"written", "KB", {10.1}, at_most(10)}).missed());
}

TEST(bench_report, takes_a_goal_that_is_just_met_for_met) {
  EXPECT_TRUE(report_of({"512 in a commit", "ratio", {5}, at_least(5)}).missed().empty());
  EXPECT_TRUE(report_of({"written", "KB", {10}, at_most(10)}).missed().empty());
}

TEST(bench_report, judges_nothing_on_small_data) {
  BenchReport report = report_of({"512 in a commit", "ratio", {1}, at_least(5)});
  report.judges = false;
  EXPECT_TRUE(report.missed().empty());
}

TEST(bench_report, writes_figures_with_their_rounds_and_goals) {
  const std::string json = report_of({"written", "KB", {3, 1, 2}, at_most(10), 100}).json();
  EXPECT_NE(std::string::npos, json.find(R"("value":2E0,"rounds":[3E0,1E0,2E0],"rows":100,"goal":{"at_most":1E1})"))
      << json;
}

}  // namespace
}  // namespace tanpuhui
