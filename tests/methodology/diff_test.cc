#include "methodology/diff.h"

#include "sample.h"

namespace tanpuhui {
namespace {

SampleFile rides() {
  SampleFile file;
  file.body =
      number("distance_km", "km", 3, "1000") + factor("general", "62", "gCO2e/km") + factor("metro", "12", "gCO2e/km");
  file.check = "distance_km >= 0.3 km";
  file.reduction = "expression = 'distance_km * (general - metro)'";
  file.vectors =
      accepted("distance_km = '1'", "50000") + accepted("distance_km = '2'", "100000") + refused("distance_km = '0.1'");
  return file;
}

/// The same with vectors that fit any formula, for versions that compute otherwise.
SampleFile without_results() {
  SampleFile file = rides();
  file.check = "distance_km >= 0.3 km and distance_km > 0 km";
  return file;
}

TEST(difference, of_a_version_from_itself_is_empty) {
  EXPECT_TRUE(diff(loaded(rides()), loaded("# a remark\n" + rides().text())).empty());
}

TEST(difference, names_what_changed_before_and_after_in_order) {
  std::string text = rides().text();
  text = replaced(text, "en = \"title text\"", "en = \"a better title\"");
  text = replaced(text, "max = \"1000\"", "max = \"900\"");
  text = replaced(text, "value = \"62\"", "value = \"62.5\"");
  text = replaced(text, "source = \"a source\"", "source = \"another source\"");
  text = replaced(text, "distance_km >= 0.3 km", "distance_km >= 0.2 km");
  text = replaced(text, "cap_records_person_day = 10", "cap_records_person_day = 8");
  text = replaced(text, "reduction_mg = \"50000\"", "reduction_mg = \"50500\"");
  text = replaced(text, "reduction_mg = \"100000\"", "reduction_mg = \"101000\"");
  const std::vector<Difference> wanted = {
      {"title, en", "title text", "a better title"},
      {"field distance_km, max", "1000.000", "900.000"},
      {"parameter general from 2024-09-30, value", "62 gCO2e/km", "62.5 gCO2e/km"},
      {"parameter general from 2024-09-30, source", "a source", "another source"},
      {"check too_short", "distance_km >= 0.3 km", "distance_km >= 0.2 km"},
      {"seal, cap_records_person_day", "10", "8"},
      {"vector 50000", "2025-01-02, distance_km = 1.000, duration = 3600.000: 50000 mg",
       "2025-01-02, distance_km = 1.000, duration = 3600.000: 50500 mg"},
      {"vector 100000", "2025-01-02, distance_km = 2.000, duration = 3600.000: 100000 mg",
       "2025-01-02, distance_km = 2.000, duration = 3600.000: 101000 mg"}};
  const auto found = diff(loaded(rides()), loaded(text));
  ASSERT_EQ(found.size(), wanted.size());
  for (std::size_t i = 0; i < wanted.size(); ++i)
    EXPECT_EQ(found[i], wanted[i]) << found[i].where << ": " << found[i].before << " -> " << found[i].after;
}

TEST(difference, has_an_empty_side_for_what_is_new_or_gone) {
  SampleFile more = rides();
  more.body += "[[let]]\nname = \"half_km\"\nexpression = \"distance_km / 2\"\n";
  const Difference added{"let half_km", "", "distance_km / 2"};
  EXPECT_EQ(diff(loaded(rides()), loaded(more)), std::vector<Difference>{added});
  const Difference gone{"let half_km", "distance_km / 2", ""};
  EXPECT_EQ(diff(loaded(more), loaded(rides())), std::vector<Difference>{gone});
}

TEST(difference, sees_the_order_of_checks) {
  const std::string other =
      "[[check]]\ncode = \"too_long\"\nexpression = \"distance_km <= 500 km\"\nstage = "
      "\"intake\"\nmessage = { zh = \"长\", en = \"long\" }\n";
  SampleFile first = rides();
  first.body += other;
  const std::string last = rides().text() + other;
  const Difference order{"checks in order", "too_long, too_short", "too_short, too_long"};
  EXPECT_EQ(diff(loaded(first), loaded(last)), std::vector<Difference>{order});
}

TEST(results_of_two_versions, are_compared_record_by_record) {
  const Methodology v1 = loaded(rides());
  std::string text = replaced(rides().text(), "distance_km >= 0.3 km", "distance_km >= 0.5 km");
  text = replaced(text, "value = \"62\"", "value = \"61\"");
  text = replaced(text, "max = \"1000\"", "max = \"100\"");
  text = replaced(text, "reduction_mg = \"50000\"", "reduction_mg = \"49000\"");
  text = replaced(text, "reduction_mg = \"100000\"", "reduction_mg = \"98000\"");
  const Methodology v2 = loaded(text);
  // 0.1 km: refused by both; 0.4 km: by the second; 0 g is never a change; 200 km: out of the second's range
  const std::int64_t distance[] = {100, 400, 1000, 200'000}, duration[] = {1000, 1000, 1000, 1000};
  const std::span<const std::int64_t> columns[] = {distance, duration};
  const auto compared = compare_results(v1, v2, columns, Day{20'100});
  ASSERT_TRUE(compared) << compared.error();
  EXPECT_EQ(compared->records, 4);
  EXPECT_EQ(compared->changed, 3);
  EXPECT_EQ(compared->before.accepted, 3);
  EXPECT_TRUE(compared->before.reduction_mg == 20'000 + 50'000 + 10'000'000);
  EXPECT_EQ(compared->after.accepted, 1);
  EXPECT_EQ(compared->after.out_of_range, 1);
  EXPECT_EQ(compared->after.refused.at("too_short"), 2);
  EXPECT_TRUE(compared->after.reduction_mg == 49'000);
}

TEST(results_of_two_versions, that_read_other_inputs_are_not_compared) {
  SampleFile other = without_results();
  other.body += number("detour_km", "km", 3, "10");
  other.vectors = accepted("distance_km = '1', detour_km = '0'", "50000") +
                  accepted("distance_km = '2', detour_km = '0'", "100000") +
                  refused("distance_km = '0', detour_km = '0'");
  const auto compared = compare_results(loaded(rides()), loaded(other), {}, Day{20'100});
  ASSERT_FALSE(compared);
  EXPECT_EQ(compared.error(), "the two versions do not read the same inputs");
}

TEST(results_of_two_versions, need_a_day_on_which_both_are_valid) {
  const Methodology v1 = loaded(rides());
  const std::span<const std::int64_t> columns[2] = {};
  const auto compared = compare_results(v1, v1, columns, day_of({2024, 1, 1}));
  ASSERT_FALSE(compared);
  EXPECT_EQ(compared.error(), "sample v1 is not valid on 2024-01-01");
}

}  // namespace
}  // namespace tanpuhui
