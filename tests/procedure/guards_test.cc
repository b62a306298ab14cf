#include "procedure/guards.h"

#include "small_book.h"

namespace tanpuhui {
namespace {

struct GuardWorld {
  Rulebook book = test::loaded(test::small_files());
  Calendar calendar;
  Case matter;
  CaseFacts facts;

  bool holds(GuardTest test) const {
    GuardRule guard;
    guard.code = "MET-01";
    guard.test = std::move(test);
    const auto refusal =
        refuse_by_guard(guard, {book, calendar, matter, facts, *parse_instant("2025-06-02T00:30:00+08:00")});
    if (refusal) {
      EXPECT_EQ(refusal->code, "MET-01");
    }
    return !refusal;
  }
};

TEST(guards, ask_fields) {
  GuardWorld world;
  world.matter.fields = {{"kind", "b"}, {"staff", "5"}, {"started", "2025-06-02"}, {"empty", ""}};
  EXPECT_TRUE(world.holds(FieldsFilled{{"kind", "staff"}}));
  EXPECT_FALSE(world.holds(FieldsFilled{{"kind", "empty"}}));
  EXPECT_FALSE(world.holds(FieldsFilled{{"absent"}}));
  EXPECT_TRUE(world.holds(FieldOneOf{"kind", {"a", "b"}}));
  EXPECT_FALSE(world.holds(FieldOneOf{"kind", {"a"}}));
  EXPECT_TRUE(world.holds(FieldAtLeast{"staff", 5}));
  EXPECT_FALSE(world.holds(FieldAtLeast{"staff", 6}));
  EXPECT_FALSE(world.holds(FieldAtLeast{"kind", 0}));
}

TEST(guards, ask_days_in_the_zone_of_the_book) {
  GuardWorld world;
  world.matter.fields["started"] = "2025-06-02";
  EXPECT_TRUE(world.holds(FieldNotInFuture{"started"}));
  EXPECT_TRUE(world.holds(FieldNotBefore{"started", test::day("2025-06-02")}));
  EXPECT_FALSE(world.holds(FieldNotBefore{"started", test::day("2025-06-03")}));
  world.matter.fields["started"] = "2025-06-03";
  EXPECT_FALSE(world.holds(FieldNotInFuture{"started"}));
  world.matter.fields["started"] = "soon";
  EXPECT_FALSE(world.holds(FieldNotInFuture{"started"}));
  EXPECT_FALSE(world.holds(FieldNotBefore{"absent", test::day("2020-01-01")}));
}

TEST(guards, ask_lists_facts_and_the_kind_of_applicant) {
  GuardWorld world;
  world.matter.fields["number"] = "7";
  world.matter.applicant.kind = "person";
  EXPECT_TRUE(world.holds(FieldNotListed{"number", "known"}));
  world.facts.lists["known"] = {"7"};
  EXPECT_FALSE(world.holds(FieldNotListed{"number", "known"}));
  EXPECT_FALSE(world.holds(FactSaid{"tested"}));
  world.facts.said = {"tested"};
  EXPECT_TRUE(world.holds(FactSaid{"tested"}));
  EXPECT_TRUE(world.holds(ApplicantIs{{"person", "organisation"}}));
  EXPECT_FALSE(world.holds(ApplicantIs{{"organisation"}}));
}

TEST(guards, ask_for_other_cases) {
  GuardWorld world;
  const FieldNamesCase test{"methodology", "plan", {"published"}, false};
  EXPECT_FALSE(world.holds(test));
  EXPECT_TRUE(world.holds(FieldNamesCase{"methodology", "plan", {"published"}, true}));
  world.matter.fields["methodology"] = "m1";
  EXPECT_FALSE(world.holds(FieldNamesCase{"methodology", "plan", {"published"}, true}));
  world.facts.linked["methodology"] = {"plan", "published"};
  EXPECT_TRUE(world.holds(test));
  world.facts.linked["methodology"] = {"plan", "draft"};
  EXPECT_FALSE(world.holds(test));
  world.facts.linked["methodology"] = {"objection", "published"};
  EXPECT_FALSE(world.holds(test));
  EXPECT_FALSE(world.holds(OneExists{"objection", {"answered"}}));
  world.facts.about = {{"objection", "answered"}};
  EXPECT_TRUE(world.holds(OneExists{"objection", {"answered"}}));
}

}  // namespace
}  // namespace tanpuhui
