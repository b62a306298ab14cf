/// What only the set of records can tell besides repeats and overlaps: references, caps of reductions, caps of a month;
/// and how words and numbers by word are read.
#include <gtest/gtest.h>

#include "made.h"
#include "rooms/activity/intake.h"

namespace tanpuhui {
namespace {

TEST(reduction_caps, cut_off_what_is_beyond_the_day) {
  const Methodology capped =
      made(distance, "distance_km * 50 gCO2e/km",
           "cap_records_person_day = 9\ncap_reduction_person_day = \"0.12 kgCO2e\"\n", distance_vectors);
  const Acts acts = acts_of({{.id = "a", .metres = 2000},
                             {.id = "b", .from = "09:00:00", .metres = 2000},
                             {.id = "c", .from = "10:00:00", .metres = 2000},
                             {.id = "d", .person = 1001, .metres = 2000}});
  const SealedDay sealed = seal_day(acts, facts_with({}), capped);
  EXPECT_EQ((std::vector<std::int64_t>{100'000, 20'000, 0, 100'000}), reductions_of(sealed));
  EXPECT_EQ(Milligrams(220'000), sealed.reduction);
}

TEST(reduction_caps, remember_the_closed_rounds_of_the_day_and_the_month) {
  const Methodology capped = made(distance, "distance_km * 50 gCO2e/km",
                                  "cap_records_person_day = 9\ncap_reduction_person_day = \"1 "
                                  "kgCO2e\"\ncap_reduction_person_month = \"2 kgCO2e\"\n",
                                  distance_vectors);
  const Acts acts = acts_of({{.id = "a", .metres = 2000}});
  PersonBefore day_full{AccountId{1000}, 0, 0, 950'000}, month_full{AccountId{1000}, 0, 1'999'000, 0};
  EXPECT_EQ((std::vector<std::int64_t>{50'000}), reductions_of(seal_day(acts, facts_with({&day_full, 1}), capped)));
  EXPECT_EQ((std::vector<std::int64_t>{1'000}), reductions_of(seal_day(acts, facts_with({&month_full, 1}), capped)));
}

TEST(record_caps, count_the_month_so_far) {
  const Methodology capped = made(distance, "distance_km * 50 gCO2e/km",
                                  "cap_records_person_day = 9\ncap_records_person_month = 10\n", distance_vectors);
  const Acts acts = acts_of({{.id = "a"}, {.id = "b", .from = "09:00:00"}});
  const PersonBefore nine{AccountId{1000}, 9, 0, 0};
  const SealedDay sealed = seal_day(acts, facts_with({&nine, 1}), capped);
  EXPECT_EQ(Outcome::accepted, sealed.rows[0].outcome);
  EXPECT_EQ(Outcome::cap_month, sealed.rows[1].outcome);
}

TEST(overlaps, are_allowed_where_the_methodology_says_so) {
  Methodology allowing = made(distance, "distance_km * 50 gCO2e/km", "cap_records_person_day = 9\n", distance_vectors);
  allowing.seal.overlap = "allow";
  const SealedDay sealed = seal_day(acts_of({{.id = "a"}, {.id = "b"}}), facts_with({}), allowing);
  EXPECT_EQ(2, sealed.counts[slot(Outcome::accepted)]);
}

class OwnSum : public ::testing::Test {
 protected:
  static SealFacts after(const OwnSums& sums) {
    SealFacts facts = facts_with({});
    facts.references.sums = {&sums, 1};
    return facts;
  }

  const Methodology saving_ = made(
      "[[field]]\nname = \"used_kwh\"\nunit = \"kWh\"\ndecimals = 3\nmin = \"0\"\nmax = \"100\"\n"
      "[[reference]]\nname = \"previous_kwh\"\nkind = \"own_sum\"\nof = \"used_kwh\"\ndays = 7\nunit = "
      "\"kWh\"\ndecimals = "
      "3\nmin = \"0\"\nmax = \"700\"\n"
      "[[check]]\ncode = \"too_much\"\nexpression = \"used_kwh <= previous_kwh\"\nstage = \"seal\"\n"
      "message = { zh = \"多\", en = \"much\" }\n",
      "max(0 gCO2e, (previous_kwh / 7 - used_kwh) * 0.7 kgCO2e/kWh)", "cap_records_person_day = 1\n",
      "[[vector]]\nname = \"a\"\nday = 2025-01-01\ninputs = { used_kwh = \"5\", previous_kwh = \"70\", duration_s = "
      "\"600\" "
      "}\nreduction_mg = \"3500000\"\n[[vector]]\nname = \"b\"\nday = 2025-01-01\ninputs = { used_kwh = \"5\", "
      "previous_kwh "
      "= \"7\", duration_s = \"600\" }\nreduction_mg = \"0\"\n[[vector]]\nname = \"c\"\nday = 2025-01-01\ninputs = { "
      "used_kwh = \"8\", previous_kwh = \"7\", duration_s = \"600\" }\nrefused = \"too_much\"\n");
  const Acts acts_ = acts_of({{.id = "a", .metres = 5'000}});  // 5 kWh: the only field
};

TEST_F(OwnSum, is_what_the_formula_compares_with) {
  const OwnSums week{1000, {70'000}};
  const SealedDay sealed = seal_day(acts_, after(week), saving_);
  EXPECT_EQ((std::vector<std::int64_t>{3'500'000}), reductions_of(sealed));
  EXPECT_EQ((std::vector<std::int64_t>{70'000}), sealed.references);
}

TEST_F(OwnSum, is_missing_where_the_days_before_are_not_complete) {
  const OwnSums gap{1000, {std::nullopt}};
  EXPECT_EQ(Outcome::reference_missing, seal_day(acts_, after(gap), saving_).rows[0].outcome);
  EXPECT_EQ(Outcome::reference_missing, seal_day(acts_, facts_with({}), saving_).rows[0].outcome);
}

TEST_F(OwnSum, is_known_to_the_checks_of_the_seal) {
  const OwnSums little{1000, {4'999}};
  EXPECT_EQ(Outcome::check_failed, seal_day(acts_, after(little), saving_).rows[0].outcome);
}

TEST_F(OwnSum, is_part_of_the_sealed_bytes) {
  const OwnSums week{1000, {70'000}}, other{1000, {70'001}};
  const SealedIdentity identity{"home", monday, 1, saving_.hash};
  const Bytes first = canonical_bytes(identity, seal_day(acts_, after(week), saving_), acts_);
  const Bytes second = canonical_bytes(identity, seal_day(acts_, after(other), saving_), acts_);
  EXPECT_NE(first, second);
}

class Words : public ::testing::Test {
 protected:
  const Methodology things_ = made(
      "[[list]]\nname = \"material\"\nwords = [{ id = \"clothes\", zh = \"衣\", en = \"clothes\" }, { id = \"paper\", "
      "zh = "
      "\"纸\", en = \"paper\" }]\n"
      "[[field]]\nname = \"kind\"\nlist = \"material\"\n"
      "[[field]]\nname = \"mass_kg\"\nper = \"material\"\nunit = \"kg\"\ndecimals = 2\nmin = \"0\"\nmax = \"50\"\n"
      "[[check]]\ncode = \"no_paper\"\nexpression = 'kind != \"paper\"'\nstage = \"intake\"\n"
      "message = { zh = \"纸\", en = \"paper\" }\n",
      "sum(m in material, mass_kg[m] * 3.6 kgCO2e/kg)", "cap_records_person_day = 9\n",
      "[[vector]]\nname = \"a\"\nday = 2025-01-01\ninputs = { kind = \"clothes\", mass_kg = { clothes = \"1\" }, "
      "duration_s = "
      "\"0\" }\nreduction_mg = \"3600000\"\n[[vector]]\nname = \"b\"\nday = 2025-01-01\ninputs = { kind = \"clothes\", "
      "mass_kg "
      "= { paper = \"2\" }, duration_s = \"0\" }\nreduction_mg = \"7200000\"\n[[vector]]\nname = \"c\"\nday = "
      "2025-01-01\ninputs = { kind = \"paper\", mass_kg = { paper = \"2\" }, duration_s = \"0\" }\nrefused = "
      "\"no_paper\"\n");

  Intake intake() {
    IntakeRules rules;
    rules.scenario = "things";
    rules.methodology = &things_;
    rules.zone = zone;
    rules.now = at("12:00:00", monday + 1);
    return Intake(rules);
  }

  RawRecord record(Intake& intake, const std::vector<std::pair<std::string_view, std::string_view>>& values) {
    RawRecord raw;
    for (const auto& [name, text] : values) {
      RawValue& value = raw.values[*intake.find_slot(name, 0)];
      value.kind = RawValue::Kind::text;
      value.text = text;
    }
    return raw;
  }

  Intake taker_ = intake();

  Verdict read(const std::vector<std::pair<std::string_view, std::string_view>>& fields, std::span<std::int64_t> out) {
    std::vector<std::pair<std::string_view, std::string_view>> values{{"scenario", "things"},
                                                                      {"record_id", "20250303-1"},
                                                                      {"subject", "u"},
                                                                      {"started_at", "2025-03-03T08:00:00+08:00"},
                                                                      {"ended_at", "2025-03-03T08:00:00+08:00"}};
    values.insert(values.end(), fields.begin(), fields.end());
    Act act;
    return taker_.read(record(taker_, values), act, out);
  }
};

TEST_F(Words, are_read_as_their_place_in_the_list) {
  std::int64_t fields[3] = {};
  EXPECT_TRUE(read({{"kind", "paper"}, {"mass_kg.clothes", "1.25"}, {"mass_kg.paper", "2"}}, fields).passed());
  EXPECT_EQ((std::vector<std::int64_t>{1, 125, 200}), std::vector<std::int64_t>(fields, fields + 3));
}

TEST_F(Words, that_are_left_out_stand_for_no_amount) {
  std::int64_t fields[3] = {};
  EXPECT_TRUE(read({{"kind", "clothes"}, {"mass_kg.clothes", "1"}}, fields).passed());
  EXPECT_EQ(0, fields[2]);
}

TEST_F(Words, outside_the_list_are_out_of_range) {
  std::int64_t fields[3] = {};
  const Verdict verdict = read({{"kind", "glass"}}, fields);
  EXPECT_EQ(Outcome::out_of_range, verdict.outcome);
  EXPECT_EQ("kind", verdict.field);
}

TEST_F(Words, must_be_there_where_a_single_one_is_asked) {
  std::int64_t fields[3] = {};
  EXPECT_EQ(Outcome::missing_field, read({{"mass_kg.paper", "1"}}, fields).outcome);
}

}  // namespace
}  // namespace tanpuhui
