#include "rooms/reduction/correction.h"

#include <gtest/gtest.h>

#include "crypto/hash.h"

namespace tanpuhui {
namespace {

std::string refused(std::string_view text) {
  const auto records = parse_faulty_records(text);
  return records ? "taken" : records.error().code + " " + records.error().facts.front().second;
}

TEST(FaultyRecords, are_read_one_a_line) {
  const auto records =
      parse_faulty_records("record_id,fault\r\n20250304-b,replaced\r\n\n20250303-a-1\n20250304-a,dropped");
  ASSERT_TRUE(records);
  ASSERT_EQ(records->size(), 3U);
  EXPECT_EQ((*records)[0], (FaultyRecord{"20250303-a-1", RecordFault::dropped}));
  EXPECT_EQ((*records)[1], (FaultyRecord{"20250304-a", RecordFault::dropped}));
  EXPECT_EQ((*records)[2], (FaultyRecord{"20250304-b", RecordFault::replaced}));
}

TEST(FaultyRecords, are_refused_where_a_line_is_none) {
  EXPECT_EQ(refused(""), "DAT-06 0");
  EXPECT_EQ(refused("record_id\n"), "DAT-06 0");
  EXPECT_EQ(refused("20250303-a\n20250303\n"), "DAT-06 2");
  EXPECT_EQ(refused("20251303-a\n"), "DAT-06 1");
  EXPECT_EQ(refused("20250303-a,gone\n"), "DAT-06 1");
  EXPECT_EQ(refused("20250303-a\n20250303-a,replaced\n"), "DAT-06 20250303-a");
}

TEST(CorrectionContent, sums_what_is_taken_back_and_what_is_added) {
  CorrectionContent content{7, "rides", "Partner", {{"20250303-a"}}, {}};
  content.lines = {{AccountId{1}, BatchId{1}, Milligrams(500), Milligrams(200)},
                   {AccountId{2}, BatchId{1}, Milligrams(0), Milligrams(50)},
                   {AccountId{3}, BatchId{2}, Milligrams(0), Milligrams(0), 3, 1}};
  EXPECT_EQ(content.taken_back(), Milligrams(300));
  EXPECT_EQ(content.added(), Milligrams(50));
  EXPECT_TRUE(content.lines[2].takes_back());
  EXPECT_FALSE(content.lines[1].takes_back());
  const Digest digest = correction_digest(content, sha256);
  content.responsible = "person";
  EXPECT_NE(correction_digest(content, sha256), digest);
}

}  // namespace
}  // namespace tanpuhui
