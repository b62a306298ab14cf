#include "rooms/activity/translation.h"

#include <gtest/gtest.h>

namespace tanpuhui {
namespace {

/// A version with a distance, a word and a reference; what matters to a translation and nothing else.
Methodology version(int decimals, std::vector<std::string> words, std::int64_t max = 1'000'000) {
  Methodology made;
  made.id = "made";
  made.version = "v1";
  MethodologyList list;
  list.name = "fuel_kind";
  for (const std::string& word : words) list.words.push_back({word, {}});
  made.lists.push_back(list);
  made.fields = {{"distance_km", "km", decimals, 0, max, "", ""}, {"fuel", "", 0, 0, 1, "", "fuel_kind"}};
  made.columns = {{"distance_km", "km", decimals, 0, max, 0},
                  {"fuel", "", 0, 0, std::ssize(words) - 1, 1},
                  {"previous_kwh", "kWh", 3, 0, 100, 2},
                  {"duration", "s", 3, 0, 1, 3}};
  made.field_columns = 2;
  made.references = {{"previous_kwh", "own_sum", "distance_km", 7, "", "kWh", 3, 0, 100}};
  return made;
}

std::pair<Outcome, std::vector<std::int64_t>> read(const Methodology& from, const Methodology& to,
                                                   std::vector<std::int64_t> fields) {
  std::vector<std::int64_t> out(to.field_columns);
  const Outcome outcome = Translation::between(from, to)->read(fields, out);
  return {outcome, out};
}

using Fields = std::vector<std::int64_t>;

TEST(translation, takes_words_by_their_name_and_numbers_by_their_value) {
  const Methodology from = version(3, {"petrol", "diesel"});
  const auto [outcome, fields] = read(from, version(4, {"diesel", "gas", "petrol"}, 100'000'000), {1'500, 0});
  EXPECT_EQ(Outcome::received, outcome);
  EXPECT_EQ((Fields{15'000, 2}), fields);
}

TEST(translation, refuses_an_act_as_intake_would) {
  const Methodology from = version(3, {"petrol", "diesel"});
  EXPECT_EQ(Outcome::received, read(from, version(2, {"petrol", "diesel"}), {1'500, 0}).first);
  EXPECT_EQ(Outcome::too_many_decimals, read(from, version(2, {"petrol", "diesel"}), {1'501, 0}).first);
  EXPECT_EQ(Outcome::out_of_range, read(from, version(3, {"petrol", "diesel"}, 1'499), {1'500, 0}).first);
  EXPECT_EQ(Outcome::received, read(from, version(3, {"petrol", "diesel"}, 1'500), {1'500, 0}).first);
  EXPECT_EQ(Outcome::out_of_range, read(from, version(3, {"petrol"}), {1'500, 1}).first);
  EXPECT_EQ(Outcome::too_many_decimals, read(from, version(2, {"petrol"}), {1'501, 1}).first);
  EXPECT_EQ(Outcome::out_of_range, read(from, version(9, {"petrol"}, INT64_MAX), {INT64_MAX, 0}).first);
}

TEST(translation, names_the_field_or_reference_that_is_lacking) {
  const Methodology from = version(3, {"petrol"});
  const auto error_of = [&](const Methodology& to) { return Translation::between(from, to).error().en; };
  Methodology other_unit = version(3, {"petrol"});
  other_unit.columns[0].unit = "m";
  EXPECT_NE(std::string::npos, error_of(other_unit).find("`distance_km`"));
  Methodology new_name = version(3, {"petrol"});
  new_name.columns[1].name = "drive";
  EXPECT_NE(std::string::npos, error_of(new_name).find("`drive`"));
  Methodology number_now = version(3, {"petrol"});
  number_now.fields[1].list = "";
  EXPECT_NE(std::string::npos, error_of(number_now).find("`fuel`"));
  Methodology more_days = version(3, {"petrol"});
  more_days.references[0].days = 8;
  EXPECT_NE(std::string::npos, error_of(more_days).find("`previous_kwh`"));
}

TEST(translation, finds_references_wherever_they_stand) {
  Methodology from = version(3, {"petrol"});
  from.references.insert(from.references.begin(), {"sum_kwh", "frozen", "", 0, "", "kWh", 0, 0, 1});
  EXPECT_EQ((std::vector<std::size_t>{1}), Translation::between(from, version(3, {"petrol"}))->references());
}

}  // namespace
}  // namespace tanpuhui
