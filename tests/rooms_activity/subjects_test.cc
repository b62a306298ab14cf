/// Methodologies that tell subjects apart: a person may have several meters, a meter may change hands.
#include <gtest/gtest.h>

#include "made.h"

namespace tanpuhui {
namespace {

constexpr std::int64_t meter_a = 71, meter_b = 72;

struct Period {
  std::string id;
  std::int64_t person = 1000, meter = meter_a;
  std::string from = "08:00:00";
  std::int64_t minutes = 60;
};

class Subjects : public ::testing::Test {
 protected:
  static Acts periods(const std::vector<Period>& all) {
    Acts acts(2);
    for (const Period& period : all) {
      const std::int64_t fields[] = {2'000, period.meter};
      acts.append({AccountId{period.person}, at(period.from), period.minutes * 60'000, period.id, 0, false}, fields);
    }
    return acts;
  }
  SealedDay seal(const Acts& acts, SealFacts facts = facts_with({})) const { return seal_day(acts, facts, metered_); }
  static Outcome outcome_of(const Acts& acts, const SealedDay& sealed, std::string_view id) {
    for (const SealedRow& row : sealed.rows)
      if (acts.record_suffix[row.index] == id) return row.outcome;
    throw std::runtime_error("no such act");
  }

  const Methodology metered_ = made(distance, "distance_km * 50 gCO2e/km",
                                    "identity = \"subject\"\ncap_records_person_day = 2\n", distance_vectors);
};

TEST_F(Subjects, of_one_person_do_not_overlap_each_other) {
  const Acts acts = periods({{.id = "a"}, {.id = "b", .meter = meter_b}});
  EXPECT_EQ(2, seal(acts).counts[slot(Outcome::accepted)]);
}

TEST_F(Subjects, overlap_themselves_whosever_they_are) {
  const Acts acts = periods({{.id = "later", .person = 1000, .from = "08:30:00"}, {.id = "first", .person = 1001}});
  const SealedDay sealed = seal(acts);
  EXPECT_EQ(Outcome::accepted, outcome_of(acts, sealed, "first"));
  EXPECT_EQ(Outcome::overlap, outcome_of(acts, sealed, "later"));
}

TEST_F(Subjects, are_counted_together_by_the_caps_of_a_person) {
  const Acts acts = periods({{.id = "a"},
                             {.id = "b", .meter = meter_b},
                             {.id = "c", .from = "10:00:00"},
                             {.id = "d", .person = 1001, .from = "12:00:00"}});
  const SealedDay sealed = seal(acts);
  EXPECT_EQ(Outcome::cap_day, outcome_of(acts, sealed, "c"));
  EXPECT_EQ(3, sealed.counts[slot(Outcome::accepted)]);
}

TEST_F(Subjects, stay_taken_by_what_a_cap_refused) {
  const Acts acts = periods({{.id = "a", .meter = meter_b},
                             {.id = "b", .meter = meter_b, .from = "09:30:00"},
                             {.id = "refused", .from = "10:40:00"},
                             {.id = "other", .person = 1001, .from = "11:00:00"}});
  const SealedDay sealed = seal(acts);
  EXPECT_EQ(Outcome::cap_day, outcome_of(acts, sealed, "refused"));
  EXPECT_EQ(Outcome::overlap, outcome_of(acts, sealed, "other"));
}

TEST_F(Subjects, reach_over_midnight_by_their_own_key) {
  const Acts acts = periods({{.id = "a", .from = "23:30:00"}});
  EXPECT_EQ((std::vector<OpenEnd>{{meter_a, at("00:30:00", monday + 1)}}), seal(acts).tail);
  const OpenEnd tail[] = {{meter_a, at("08:30:00")}};
  SealFacts facts = facts_with({});
  facts.tail = tail;
  const Acts next = periods({{.id = "same", .person = 1001}, {.id = "other", .meter = meter_b}});
  const SealedDay sealed = seal(next, facts);
  EXPECT_EQ(Outcome::overlap, outcome_of(next, sealed, "same"));
  EXPECT_EQ(Outcome::accepted, outcome_of(next, sealed, "other"));
}

TEST_F(Subjects, meet_what_was_posted_of_them) {
  const Acts posted = periods({{.id = "p", .person = 1001}});
  const Outcome accepted[] = {Outcome::accepted};
  SealFacts facts = facts_with({});
  facts.posted = &posted;
  facts.posted_outcomes = accepted;
  const Acts acts = periods({{.id = "same", .from = "08:10:00"}, {.id = "other", .meter = meter_b}});
  const SealedDay sealed = seal(acts, facts);
  EXPECT_EQ(Outcome::overlap, outcome_of(acts, sealed, "same"));
  EXPECT_EQ(Outcome::accepted, outcome_of(acts, sealed, "other"));
}

TEST_F(Subjects, are_no_input_of_the_formula_but_part_of_the_sealed_bytes) {
  const Acts one = periods({{.id = "a"}}), other = periods({{.id = "a", .meter = meter_b}});
  const SealedDay first = seal(one), second = seal(other);
  EXPECT_EQ(Milligrams(100'000), first.reduction);
  EXPECT_EQ(Milligrams(100'000), second.reduction);
  const SealedIdentity identity{"meters", monday, 1, metered_.hash};
  EXPECT_NE(canonical_bytes(identity, first, one), canonical_bytes(identity, second, other));
}

}  // namespace
}  // namespace tanpuhui
