#include "rooms/activity/seal.h"

#include <algorithm>
#include <random>

#include <gtest/gtest.h>

#include "sample.h"

namespace tanpuhui {
namespace {

SealFacts plain_facts() {
  SealFacts facts;
  facts.day = monday;
  facts.next_day = start_of(monday + 1, zone);
  return facts;
}

/// `a accepted, b overlap`: rows in order.
std::string told(const Acts& acts, const SealedDay& sealed) {
  std::string text;
  for (const SealedRow& row : sealed.rows) {
    if (!text.empty()) text += ", ";
    text += std::string(acts.record_suffix[row.index]) + " " + std::string(describe_outcome(row.outcome).id);
  }
  return text;
}

std::string seal(const std::vector<Ride>& rides, const SealFacts& facts = plain_facts()) {
  const Acts acts = acts_of(rides);
  return told(acts, seal_day(acts, facts, bike()));
}

TEST(seal, quantifies_what_it_accepts) {
  const Acts acts = acts_of({{.id = "a", .metres = 951}});
  const SealedDay sealed = seal_day(acts, plain_facts(), bike());
  EXPECT_EQ(sealed.rows.at(0).reduction_mg, 55405);
  EXPECT_EQ(sealed.reduction, Milligrams(55405));
}

TEST(seal, counts_an_exact_copy_once) {
  const Acts acts = acts_of({{.id = "a"}, {.id = "a"}, {.id = "a"}});
  const SealedDay sealed = seal_day(acts, plain_facts(), bike());
  EXPECT_EQ(told(acts, sealed), "a accepted");
  EXPECT_EQ(sealed.copies, 2);
}

TEST(seal, lets_the_highest_revision_win) {
  EXPECT_EQ(seal({{.id = "a", .metres = 3000}, {.id = "a", .metres = 2000, .revision = 1}}),
            "a superseded, a accepted");
}

TEST(seal, leaves_out_what_the_partner_withdrew) {
  EXPECT_EQ(seal({{.id = "a"}, {.id = "a", .revision = 1, .withdrawn = true}}), "a superseded, a withdrawn");
}

TEST(seal, accepts_a_revision_after_a_withdrawal) {
  EXPECT_EQ(seal({{.id = "a", .withdrawn = true}, {.id = "a", .revision = 1}}), "a superseded, a accepted");
}

TEST(seal, refuses_all_contents_of_one_id_of_one_person) {
  EXPECT_EQ(seal({{.id = "a", .metres = 3000}, {.id = "a", .metres = 2000}}),
            "a conflict_same_person, a conflict_same_person");
}

TEST(seal, refuses_one_id_of_two_persons) {
  EXPECT_EQ(seal({{.id = "a", .person = 1000}, {.id = "a", .person = 1001}}),
            "a conflict_other_person, a conflict_other_person");
}

TEST(seal, settles_a_conflict_by_a_higher_revision) {
  EXPECT_EQ(
      seal({{.id = "a", .person = 1000}, {.id = "a", .person = 1001}, {.id = "a", .person = 1001, .revision = 1}}),
      "a superseded, a superseded, a accepted");
}

TEST(seal, refuses_a_ride_that_starts_before_the_last_accepted_one_ended) {
  EXPECT_EQ(seal({{.id = "a", .from = "08:00:00"}, {.id = "b", .from = "08:19:59"}}), "a accepted, b overlap");
}

TEST(seal, accepts_a_ride_that_starts_when_the_last_one_ended) {
  EXPECT_EQ(seal({{.id = "a", .from = "08:00:00"}, {.id = "b", .from = "08:20:00"}}), "a accepted, b accepted");
}

TEST(seal, measures_overlap_against_accepted_rides_only) {
  EXPECT_EQ(seal({{.id = "a", .from = "08:00:00"},
                  {.id = "b", .from = "08:10:00", .minutes = 60},
                  {.id = "c", .from = "08:20:00"}}),
            "a accepted, b overlap, c accepted");
}

TEST(seal, breaks_ties_of_start_by_the_record_id_as_text) {
  EXPECT_EQ(seal({{.id = "9"}, {.id = "10"}}), "10 accepted, 9 overlap");
}

TEST(seal, keeps_the_overlaps_of_persons_apart) {
  EXPECT_EQ(seal({{.id = "a", .person = 1000}, {.id = "b", .person = 1001}}), "a accepted, b accepted");
}

TEST(seal, looks_back_over_midnight) {
  const OpenEnd tail[] = {{1000, at("00:10:00")}};
  SealFacts facts = plain_facts();
  facts.tail = tail;
  EXPECT_EQ(seal({{.id = "a", .from = "00:09:59", .minutes = 5}, {.id = "b", .from = "00:10:00", .minutes = 5}}, facts),
            "a overlap, b accepted");
}

TEST(seal, hands_on_the_ride_that_ends_after_midnight) {
  const Acts acts = acts_of({{.id = "a", .from = "23:50:00"}, {.id = "b", .person = 1001, .from = "23:40:00"}});
  const SealedDay sealed = seal_day(acts, plain_facts(), bike());
  const std::vector<OpenEnd> expected = {{1000, at("00:10:00", monday + 1)}};
  EXPECT_EQ(sealed.tail, expected);
  EXPECT_EQ(decode_tail(encode_tail(sealed.tail), start_of(monday + 1, zone)), expected);
}

std::vector<Ride> eleven_rides() {
  std::vector<Ride> rides;
  for (int i = 0; i < 11; ++i)
    rides.push_back({.id = std::to_string(100 + i), .from = (i < 10 ? "0" : "") + std::to_string(i) + ":00:00"});
  return rides;
}

TEST(seal, accepts_ten_rides_a_day_and_refuses_the_eleventh) {
  const Acts acts = acts_of(eleven_rides());
  const SealedDay sealed = seal_day(acts, plain_facts(), bike());
  EXPECT_EQ(sealed.counts[slot(Outcome::accepted)], 10);
  EXPECT_EQ(sealed.rows.back().outcome, Outcome::cap_day);
}

TEST(seal, does_not_count_refused_rides_towards_the_cap) {
  std::vector<Ride> rides = eleven_rides();
  rides.pop_back();
  rides.push_back({.id = "050", .from = "00:05:00"});
  const Acts acts = acts_of(rides);
  EXPECT_EQ(seal_day(acts, plain_facts(), bike()).counts[slot(Outcome::accepted)], 10);
}

TEST(seal, drops_what_another_programme_credited_and_it_takes_no_time) {
  const CreditedElsewhere elsewhere[] = {{AccountId{1000}, at("08:00:00")}};
  SealFacts facts = plain_facts();
  facts.elsewhere = elsewhere;
  EXPECT_EQ(seal({{.id = "a"}, {.id = "b", .from = "08:10:00"}, {.id = "c", .person = 1001}}, facts),
            "a credited_elsewhere, b accepted, c accepted");
}

TEST(seal, drops_acts_whose_consent_was_withdrawn_before_it) {
  const WithdrawnConsent withdrawals[] = {{AccountId{1000}, at("00:00:00"), at("12:00:00")}};
  SealFacts facts = plain_facts();
  facts.withdrawals = withdrawals;
  EXPECT_EQ(seal({{.id = "a"}, {.id = "b", .from = "13:00:00"}, {.id = "c", .person = 1001}}, facts),
            "a consent_withdrawn, b accepted, c accepted");
}

class PostedDay : public testing::Test {
 protected:
  PostedDay() {
    facts_.posted = &posted_;
    facts_.posted_outcomes = outcomes_;
  }
  Acts posted_ = acts_of({{.id = "p", .from = "09:00:00"}});
  std::vector<Outcome> outcomes_ = {Outcome::accepted};
  SealFacts facts_ = plain_facts();
};
using seal_after_posting = PostedDay;

TEST_F(seal_after_posting, decides_only_what_is_new) {
  EXPECT_EQ(seal({{.id = "p", .from = "09:00:00"}, {.id = "a"}}, facts_), "a accepted");
}

TEST_F(seal_after_posting, keeps_what_was_posted_against_a_later_revision) {
  EXPECT_EQ(
      seal({{.id = "p", .from = "09:00:00"}, {.id = "p", .from = "09:00:00", .metres = 5000, .revision = 1}}, facts_),
      "p conflict_with_posted");
}

TEST_F(seal_after_posting, lets_an_earlier_ride_not_push_out_a_posted_one) {
  EXPECT_EQ(seal({{.id = "a", .from = "08:50:00"}}, facts_), "a overlap");
}

TEST_F(seal_after_posting, counts_posted_rides_towards_the_cap) {
  std::vector<Ride> rides = eleven_rides();
  std::vector<Ride> late = {{.id = "late", .from = "23:00:00"}};
  rides.pop_back();
  posted_ = acts_of(rides);
  outcomes_.assign(10, Outcome::accepted);
  facts_.posted_outcomes = outcomes_;
  EXPECT_EQ(seal(late, facts_), "late cap_day");
}

TEST_F(seal_after_posting, hands_on_the_end_of_a_posted_ride) {
  posted_ = acts_of({{.id = "p", .from = "23:50:00"}});
  const SealedDay sealed = seal_day(acts_of({}), facts_, bike());
  EXPECT_EQ(sealed.tail, (std::vector<OpenEnd>{{1000, at("00:10:00", monday + 1)}}));
}

TEST(seal, respects_rides_posted_for_the_following_day) {
  const PostedInterval after[] = {{1000, at("00:05:00", monday + 1), at("00:20:00", monday + 1)}};
  SealFacts facts = plain_facts();
  facts.posted_after = after;
  EXPECT_EQ(seal({{.id = "a", .from = "23:50:00"}}, facts), "a overlap");
}

/// Persons, ids, starts and revisions from small sets, so that everything meets everything.
std::vector<Ride> crowded_day(std::mt19937& random, int count) {
  const auto pick = [&random](int below) { return static_cast<int>(random() % static_cast<unsigned>(below)); };
  std::vector<Ride> rides;
  for (int i = 0; i < count; ++i)
    rides.push_back({.id = std::to_string(pick(count * 2 / 3)),
                     .person = 1000 + pick(5),
                     .from = std::to_string(10 + pick(14)) + ":" + std::to_string(10 + pick(50)) + ":00",
                     .minutes = 2 + pick(40),
                     .metres = 300 + pick(3) * 1000,
                     .revision = pick(3),
                     .withdrawn = pick(10) == 0});
  return rides;
}

Bytes sealed_bytes(const std::vector<Ride>& rides) {
  const Acts acts = acts_of(rides);
  return canonical_bytes({"bikes", monday, 1, {}}, seal_day(acts, plain_facts(), bike()), acts);
}

TEST(seal, gives_the_same_bytes_for_any_order_and_repetition_of_the_records) {
  std::mt19937 random(7);
  for (int round = 0; round < 60; ++round) {
    std::vector<Ride> rides = crowded_day(random, 5 + round);
    const Bytes expected = sealed_bytes(rides);
    const std::vector<Ride> again(rides.begin(), rides.begin() + static_cast<std::ptrdiff_t>(rides.size() / 2));
    rides.insert(rides.end(), again.begin(), again.end());
    std::shuffle(rides.begin(), rides.end(), random);
    ASSERT_EQ(sealed_bytes(rides), expected) << "round " << round;
  }
}

TEST(seal, gives_the_same_whatever_the_number_of_shares_of_persons) {
  std::mt19937 random(5);
  const auto backwards = [](std::size_t count, const std::function<void(std::size_t)>& task) {
    while (count-- > 0) task(count);
  };
  for (int rides = 0; rides < 400; rides += 57) {
    std::vector<Ride> day = crowded_day(random, rides);
    for (Ride& ride : day) ride.person += static_cast<std::int64_t>(random() % 40);
    const Acts acts = acts_of(day);
    const SealedDay one = seal_day(acts, plain_facts(), bike());
    for (const std::size_t shares : {2, 3, 7, 64}) {
      const SealedDay many = seal_day(acts, plain_facts(), bike(), shares, backwards);
      EXPECT_EQ(told(acts, many), told(acts, one)) << rides << " rides, " << shares << " shares";
      EXPECT_EQ(many.counts, one.counts);
      EXPECT_EQ(many.reduction, one.reduction);
      EXPECT_EQ(many.tail, one.tail);
      EXPECT_EQ(many.copies, one.copies);
    }
  }
}

TEST(seal, never_accepts_overlapping_rides_nor_more_than_the_cap) {
  std::mt19937 random(11);
  const Acts acts = acts_of(crowded_day(random, 300));
  const SealedDay sealed = seal_day(acts, plain_facts(), bike());
  std::map<std::int64_t, std::int64_t> end, count;
  for (const SealedRow& row : sealed.rows) {
    if (row.outcome != Outcome::accepted) continue;
    const std::int64_t person = acts.account[row.index], start = acts.started_ms[row.index];
    EXPECT_GE(start, end[person]);
    end[person] = start + acts.duration_ms[row.index];
    EXPECT_LE(++count[person], 10);
  }
  EXPECT_GT(sealed.counts[slot(Outcome::accepted)], 20);
}

TEST(runs, read_back_as_they_were_written) {
  std::mt19937 random(3);
  const Acts acts = acts_of(crowded_day(random, 40));
  Bytes run;
  for (std::size_t i = 0; i < acts.size(); ++i) append_to_run(run, acts, i, monday);
  Acts back(1);
  ASSERT_TRUE(read_run(run, monday, back));
  ASSERT_EQ(back.size(), acts.size());
  for (std::size_t i = 0; i < acts.size(); ++i) EXPECT_TRUE(acts.same_content(i, back, i));
}

TEST(runs, cut_anywhere_within_an_act_are_refused) {
  const Acts acts = acts_of({{.id = "a"}});
  Bytes run;
  append_to_run(run, acts, 0, monday);
  for (std::size_t size = 1; size < run.size(); ++size) {
    Acts back(1);
    EXPECT_FALSE(read_run(ByteView(run).first(size), monday, back)) << size;
  }
}

}  // namespace
}  // namespace tanpuhui
