#include "rooms/activity/act_segment.h"

#include <limits>

#include <gtest/gtest.h>

#include "rooms/activity/acts.h"

namespace tanpuhui {
namespace {

constexpr std::int64_t least = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();

Bytes inputs_of(const std::vector<std::int64_t>& numbers) {
  Bytes bytes;
  for (const std::int64_t number : numbers) append_number(bytes, number);
  return bytes;
}

struct Row {
  std::int64_t account = 0, n = 0, started_ms = 0;
  std::string suffix;
  Bytes inputs;
  std::int64_t reduction_mg = 0;

  SealedAct act() const {
    return {{AccountId{account}, Instant{started_ms}, started_ms / 2, suffix, n, n == 1},
            n,
            Outcome::accepted,
            inputs,
            reduction_mg};
  }
};

std::vector<Row> rows_of_all_kinds() {
  return {{least, 0, least, "a", inputs_of({least, 0}), most},
          {least, 1, 7, "", inputs_of({1, 0}), -1},
          {-5, 0, most, "longer", inputs_of({most, 0}), 0},
          {most, 0, 0, "b", inputs_of({-1, 0}), least}};
}

Bytes segment_of(const std::vector<Row>& rows) {
  SegmentWriter writer;
  for (const Row& row : rows) EXPECT_TRUE(writer.add(row.act()));
  return writer.take();
}

TEST(act_segment, gives_back_every_row) {
  const std::vector<Row> rows = rows_of_all_kinds();
  const auto segment = ActSegment::read(segment_of(rows));
  ASSERT_TRUE(segment);
  ASSERT_EQ(segment->size(), rows.size());
  Bytes inputs;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const SealedAct wanted = rows[i].act(), found = segment->at(i, inputs);
    EXPECT_EQ(found.account, wanted.account);
    EXPECT_EQ(found.n, wanted.n);
    EXPECT_EQ(found.started_at, wanted.started_at);
    EXPECT_EQ(found.duration_ms, wanted.duration_ms);
    EXPECT_EQ(found.record_suffix, wanted.record_suffix);
    EXPECT_EQ(found.revision, wanted.revision);
    EXPECT_EQ(found.withdrawn, wanted.withdrawn);
    EXPECT_EQ(found.outcome, wanted.outcome);
    EXPECT_EQ(Bytes(found.inputs.begin(), found.inputs.end()), rows[i].inputs);
    EXPECT_EQ(found.reduction_mg, wanted.reduction_mg);
  }
}

TEST(act_segment, finds_the_rows_of_an_account) {
  const auto segment = ActSegment::read(segment_of(rows_of_all_kinds()));
  EXPECT_EQ(segment->first_of(AccountId{least}), 0U);
  EXPECT_EQ(segment->first_of(AccountId{-5}), 2U);
  EXPECT_EQ(segment->first_of(AccountId{0}), 3U);
}

TEST(act_segment, that_begins_within_a_person_counts_on) {
  const auto segment =
      ActSegment::read(segment_of({{7, 3, 0, "x", {}, 0}, {7, 4, 0, "y", {}, 0}, {8, 0, 0, "z", {}, 0}}));
  Bytes inputs;
  EXPECT_EQ(segment->at(0, inputs).n, 3);
  EXPECT_EQ(segment->at(1, inputs).n, 4);
  EXPECT_EQ(segment->at(2, inputs).n, 0);
}

TEST(act_segment, takes_no_row_that_it_could_not_give_back) {
  SegmentWriter writer;
  ASSERT_TRUE(writer.add(Row{7, 0, 0, "x", inputs_of({1}), 0}.act()));
  EXPECT_FALSE(writer.add(Row{7, 2, 0, "x", inputs_of({1}), 0}.act())) << "n is 1";
  EXPECT_FALSE(writer.add(Row{6, 0, 0, "x", inputs_of({1}), 0}.act())) << "accounts rise";
  EXPECT_FALSE(writer.add(Row{8, 0, 0, "x", inputs_of({1, 2}), 0}.act())) << "one input";
  EXPECT_FALSE(writer.add(Row{8, 0, 0, "x", Bytes{0x80}, 0}.act())) << "no number";
  EXPECT_FALSE(writer.add(Row{8, 0, 0, "x", Bytes{0x82, 0x00}, 0}.act())) << "a number written longer than it is";
  EXPECT_EQ(writer.size(), 1U);
}

TEST(act_segment, with_a_byte_changed_or_missing_is_read_without_harm) {
  const Bytes whole = segment_of(rows_of_all_kinds());
  Bytes inputs;
  for (std::size_t at = 0; at < whole.size(); ++at)
    for (const int bit : {0, 3, 7}) {
      Bytes damaged = whole;
      damaged[at] = static_cast<std::uint8_t>(damaged[at] ^ 1U << bit);
      if (const auto segment = ActSegment::read(damaged))
        for (std::size_t i = 0; i < segment->size(); ++i) segment->at(i, inputs);
    }
  for (std::size_t size = 0; size < whole.size(); ++size)
    EXPECT_FALSE(ActSegment::read(Bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size))));
}

}  // namespace
}  // namespace tanpuhui
