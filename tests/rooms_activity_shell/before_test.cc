/// Caps of a month and of reductions look back over what stands sealed: other days, and closed rounds of the same day.
#include <optional>

#include <gtest/gtest.h>

#include "desk.h"

namespace tanpuhui {
namespace {

class Before : public Folder {
 protected:
  void SetUp() override { desk_.emplace(path("p.db")); }
  void TearDown() override { desk_.reset(); }

  void take(const std::string& name, const std::vector<Ride>& rides) { desk_->ingest(file(name, lines_of(rides))); }
  SealReport seal(Day until = monday + 20) {
    SealOptions options;
    options.scenario = bikes;
    options.scenario_name = "bikes";
    options.methodology = &rules_;
    options.zone = zone;
    options.until = until;
    options.now = desk_->now;
    return seal_days(desk_->database, options);
  }

  Methodology rules_ = bike();
  std::optional<RideDesk> desk_;
};

TEST_F(Before, counts_the_records_of_the_month) {
  rules_.seal.cap_records_person_month = 3;
  take("a", {{.id = "1"}, {.id = "2", .from = "09:00:00", .until = "09:20:00"}});
  take("b", {{.id = "3", .day = monday + 1}, {.id = "4", .from = "09:00:00", .until = "09:20:00", .day = monday + 1}});
  const SealReport report = seal();
  EXPECT_EQ(3, report.counts.at("accepted"));
  EXPECT_EQ(1, report.counts.at("cap_month"));
}

TEST_F(Before, begins_each_month_afresh) {
  rules_.seal.cap_records_person_month = 1;
  desk_->now = at("12:00:00", monday + 40);
  take("a", {{.id = "1", .day = monday + 28}, {.id = "2", .day = monday + 29}});
  ASSERT_EQ(31, civil_of(monday + 28).day);
  EXPECT_EQ(2, seal(monday + 35).counts.at("accepted"));
}

TEST_F(Before, cuts_the_reductions_of_a_day_over_its_rounds) {
  rules_.seal.cap_reduction_person_day_mg = 200'000;  // 3 km save 174,780 mg
  take("a", {{.id = "1"}});
  EXPECT_EQ(Milligrams(174'780), seal().reduction);
  desk_->close(monday);
  take("b", {{.id = "2", .from = "09:00:00", .until = "09:20:00"}});
  EXPECT_EQ(Milligrams(25'220), seal().reduction);
}

TEST_F(Before, changes_what_stands_open_when_an_earlier_day_changes) {
  rules_.seal.cap_records_person_month = 2;
  take("late",
       {{.id = "3", .day = monday + 1}, {.id = "4", .from = "09:00:00", .until = "09:20:00", .day = monday + 1}});
  EXPECT_EQ(2, seal().counts.at("accepted"));
  take("early", {{.id = "1"}});
  const SealReport again = seal();
  EXPECT_EQ(2, again.counts.at("accepted"));
  EXPECT_EQ(1, again.counts.at("cap_month"));
}

}  // namespace
}  // namespace tanpuhui
