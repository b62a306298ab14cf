/// What a partner says of a file, read and compared to the last decimal.
#include "rooms/activity/manifest.h"

#include <gtest/gtest.h>

#include "made.h"

namespace tanpuhui {
namespace {

const std::string hex(64, 'a');

class manifest : public ::testing::Test {
 protected:
  Result<Manifest, TextErrors> read(const std::string& text) const { return read_manifest(text, "m.toml", rides_); }
  std::string problem(const std::string& text) const {
    const auto result = read(text);
    return result ? "" : describe(result.error());
  }
  static RawRecord record(std::string_view km) {
    RawRecord raw;
    raw.values[slot_first_field] = {RawValue::Kind::text, km, 0};
    return raw;
  }
  std::vector<ManifestDifference> compare(const std::string& text, const std::vector<RawRecord>& records) const {
    const Manifest stated = *read(text);
    ManifestCheck check(stated, rides_);
    for (const RawRecord& raw : records) check.add(raw);
    return check.compare_records();
  }
  Methodology rides_ = made(distance, "distance_km * 50 gCO2e/km", "cap_records_person_day = 9\n", distance_vectors);
};

std::string text_of(const std::vector<Decimal>& values, int decimals) {
  ExactSum sum;
  for (const Decimal& value : values) sum.add(value);
  return sum.text(decimals);
}

TEST(exact_sum, keeps_every_decimal_of_every_scale) {
  EXPECT_EQ(text_of({}, 3), "0.000");
  EXPECT_EQ(text_of({}, 0), "0");
  EXPECT_EQ(text_of({{1, 1}, {2, 1}}, 1), "0.3");
  EXPECT_EQ(text_of({{1, 18}, {5, 0}}, 0), "5.000000000000000001");
  EXPECT_EQ(text_of({{-15, 1}, {1, 0}}, 1), "-0.5");
  EXPECT_EQ(text_of({{15, 1}, {-2, 0}, {-25, 1}}, 1), "-3.0");
}

TEST(exact_sum, goes_beyond_64_bits) {
  EXPECT_EQ(text_of({{INT64_MAX, 0}, {INT64_MAX, 0}, {INT64_MAX, 18}}, 0), "18446744073709551623.223372036854775807");
  EXPECT_EQ(text_of({{INT64_MIN, 0}, {INT64_MIN, 18}}, 0), "-9223372036854775817.223372036854775808");
}

TEST(exact_sum, equals_another_of_the_same_amount) {
  ExactSum ten_tenths, one;
  for (int i = 0; i < 10; ++i) ten_tenths.add({1, 1});
  one.add({1, 0});
  EXPECT_TRUE(ten_tenths == one);
  one.add({1, 18});
  EXPECT_FALSE(ten_tenths == one);
}

TEST_F(manifest, names_the_file_by_name_or_digest) {
  EXPECT_NE(problem("records = 1\nsums = { distance_km = \"1\" }\n").find("which file"), std::string::npos);
  EXPECT_EQ(problem("file = \"a\"\nrecords = 1\nsums = { distance_km = \"1\" }\n"), "");
  EXPECT_EQ(problem("sha256 = \"" + hex + "\"\nrecords = 1\nsums = { distance_km = \"1\" }\n"), "");
  EXPECT_NE(problem("sha256 = \"abc\"\nrecords = 1\nsums = { distance_km = \"1\" }\n").find("m.toml:1"),
            std::string::npos);
}

TEST_F(manifest, states_the_sum_of_each_numeric_field_and_no_other) {
  EXPECT_NE(problem("file = \"a\"\nrecords = 1\n"), "");
  EXPECT_NE(problem("file = \"a\"\nrecords = 1\nsums = {}\n"), "");
  EXPECT_NE(problem("file = \"a\"\nrecords = 1\nsums = { distance_km = \"1\", mass_kg = \"2\" }\n"), "");
  EXPECT_NE(problem("file = \"a\"\nrecords = -1\nsums = { distance_km = \"1\" }\n"), "");
}

TEST_F(manifest, compares_name_and_digest_before_a_record_is_read) {
  const Manifest stated =
      *read("file = \"a\"\nsha256 = \"" + hex + "\"\nrecords = 0\nsums = { distance_km = \"0\" }\n");
  Digest same{};
  same.fill(0xaa);
  const ManifestCheck check(stated, rides_);
  EXPECT_TRUE(check.compare_file("a", same).empty());
  ASSERT_EQ(check.compare_file("b", Digest{}).size(), 2U);
  EXPECT_EQ(check.compare_file("b", Digest{})[1].stated, hex);
}

TEST_F(manifest, says_which_figure_differs_and_by_how_much) {
  const auto differences =
      compare("file = \"a\"\nrecords = 3\nsums = { distance_km = \"4.6\" }\n", {record("1.250"), record("3.0001")});
  ASSERT_EQ(differences.size(), 2U);
  EXPECT_EQ(differences[0].figure, "records");
  EXPECT_EQ(differences[0].difference, "-1");
  EXPECT_EQ(differences[1].figure, "sums.distance_km");
  EXPECT_EQ(differences[1].stated, "4.600");
  EXPECT_EQ(differences[1].found, "4.2501");
  EXPECT_EQ(differences[1].difference, "-0.3499");
}

TEST_F(manifest, counts_a_record_without_a_readable_number_and_adds_nothing) {
  RawRecord broken = record("9");
  broken.malformed = true;
  EXPECT_TRUE(compare("file = \"a\"\nrecords = 4\nsums = { distance_km = \"1\" }\n",
                      {record("1"), broken, record("far"), RawRecord{}})
                  .empty());
}

}  // namespace
}  // namespace tanpuhui
