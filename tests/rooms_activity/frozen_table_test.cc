/// Figures frozen for a period: read against the methodology, recorded before their time, looked up by the record's
/// word.
#include "rooms/activity/frozen_table.h"

#include <gtest/gtest.h>

#include "made.h"

namespace tanpuhui {
namespace {

const std::string used_field =
    "[[list]]\nname = \"size\"\nwords = [{ id = \"one\", zh = \"一\", en = \"one\" }, { id = \"two\", zh = \"二\", en "
    "= \"two\" }]\n"
    "[[field]]\nname = \"used_kwh\"\nunit = \"kWh\"\ndecimals = 3\nmin = \"0\"\nmax = \"100\"\n"
    "[[field]]\nname = \"home\"\nlist = \"size\"\n";
const std::string peer_vectors =
    "[[check]]\ncode = \"nothing\"\nexpression = \"used_kwh > 0 kWh\"\nstage = \"intake\"\nmessage = { zh = \"无\", en "
    "= \"none\" }\n"
    "[[vector]]\nname = \"a\"\nday = 2025-01-01\ninputs = { used_kwh = \"5\", home = \"one\", peer_kwh = \"7\", "
    "duration_s = \"0\" }\nreduction_mg = \"2000000\"\n"
    "[[vector]]\nname = \"b\"\nday = 2025-01-01\ninputs = { used_kwh = \"5\", home = \"two\", peer_kwh = \"7.5\", "
    "duration_s = \"0\" }\nreduction_mg = \"2500000\"\n"
    "[[vector]]\nname = \"c\"\nday = 2025-01-01\ninputs = { used_kwh = \"0\", home = \"two\", peer_kwh = \"7.5\", "
    "duration_s = \"0\" }\nrefused = \"nothing\"\n";

Methodology peers(const std::string& by) {
  return made(used_field +
                  "[[reference]]\nname = \"peer_kwh\"\nkind = \"frozen\"\nof = \"used_kwh\"\nunit = \"kWh\"\n"
                  "decimals = 2\nmin = \"0\"\nmax = \"50\"\n" +
                  by,
              "(peer_kwh - used_kwh) * 1 kgCO2e/kWh", "cap_records_person_day = 9\n", peer_vectors);
}

const std::string head = "reference = \"peer_kwh\"\nfrom = 2025-03-01\nuntil = 2025-03-31\nsource = \"a survey\"\n";
const std::string by_size =
    head + "row = [ { word = \"two\", value = \"8\" }, { word = \"one\", value = \"6.25\" } ]\n";

class Frozen : public ::testing::Test {
 protected:
  FrozenTable table(const std::string& text) const {
    auto read = read_frozen_table(text, "t.toml", by_word_);
    if (!read) throw std::runtime_error(describe(read.error()));
    return *std::move(read);
  }
  std::string errors(const std::string& text) const {
    const auto read = read_frozen_table(text, "t.toml", by_word_);
    return read ? "" : describe(read.error());
  }
  /// 5 kWh used on `day` in a home of the word's number.
  SealedRow sealed(std::int64_t word, Day day) const {
    Acts acts(2);
    const std::int64_t fields[] = {5'000, word};
    acts.append({AccountId{1000}, at("08:00:00", day), 0, "a", 0, false}, fields);
    const FrozenTable tables[] = {table(by_size)};
    const auto figures = figures_on(day, tables, by_word_);
    SealFacts facts = facts_with({});
    facts.day = day;
    facts.next_day = start_of(day + 1, zone);
    facts.references.frozen = figures;
    return seal_day(acts, facts, by_word_).rows.front();
  }

  const Methodology by_word_ = peers("by = \"home\"\n");
  const Day today_ = *parse_day("2025-02-28");
};

TEST_F(Frozen, figures_are_those_of_the_record_s_word) {
  EXPECT_EQ(1'250'000, sealed(0, monday).reduction_mg);
  EXPECT_EQ(3'000'000, sealed(1, monday).reduction_mg);
}

TEST_F(Frozen, figures_stand_for_their_days_only) {
  EXPECT_EQ(Outcome::accepted, sealed(0, *parse_day("2025-03-31")).outcome);
  EXPECT_EQ(Outcome::reference_missing, sealed(0, *parse_day("2025-04-01")).outcome);
}

TEST_F(Frozen, one_figure_may_stand_for_all) {
  const Methodology all = peers("");
  const auto read = read_frozen_table(head + "value = \"7.5\"\n", "t.toml", all);
  ASSERT_TRUE(read) << describe(read.error());
  const FrozenTable tables[] = {*read};
  EXPECT_EQ((std::vector<FrozenFigures>{{750}}), figures_on(monday, tables, all));
}

TEST_F(Frozen, tables_are_written_as_they_are_read) {
  const FrozenTable first = table(by_size);
  EXPECT_EQ(first.rows.front().word, "one");
  const FrozenTable again = table(write_frozen_table(first));
  EXPECT_EQ(frozen_table_digest(first, "s", plain_digest), frozen_table_digest(again, "s", plain_digest));
  EXPECT_NE(frozen_table_digest(first, "s", plain_digest), frozen_table_digest(first, "t", plain_digest));
}

TEST_F(Frozen, tables_say_all_that_is_wrong_with_them) {
  EXPECT_NE(errors(head + "row = [ { word = \"one\", value = \"6\" } ]\n").find("no row for: two"), std::string::npos);
  const std::string several = errors(
      "reference = \"peer_kwh\"\nfrom = 2025-03-31\nuntil = 2025-03-01\nsource = \"s\"\nrow = [ { word = \"one\", "
      "value "
      "= \"50.01\" }, { word = \"three\", value = \"1\" }, { word = \"two\", value = \"1\" } ]\n");
  EXPECT_NE(several.find("t.toml:3:"), std::string::npos) << several;
  EXPECT_NE(several.find("outside 0.00 to 50.00 kWh"), std::string::npos) << several;
  EXPECT_NE(several.find("no such word; one of: one, two"), std::string::npos) << several;
  EXPECT_NE(
      errors("reference = \"other\"\nfrom = 2025-03-01\nuntil = 2025-03-31\nsource = \"s\"\n").find("asks for no"),
      std::string::npos);
}

TEST_F(Frozen, figures_are_recorded_before_their_period_begins) {
  EXPECT_TRUE(decide_freeze(table(by_size), {}, today_));
  const auto late = decide_freeze(table(by_size), {}, today_ + 1);
  ASSERT_FALSE(late);
  EXPECT_EQ("MET-04", late.error().code);
}

TEST_F(Frozen, figures_never_change) {
  const FrozenPeriod before{today_ - 30, today_}, last_day{*parse_day("2025-03-31"), *parse_day("2025-04-30")};
  EXPECT_TRUE(decide_freeze(table(by_size), {&before, 1}, today_));
  EXPECT_FALSE(decide_freeze(table(by_size), {&last_day, 1}, today_));
}

TEST_F(Frozen, means_round_halves_up_and_need_five_persons) {
  const MethodologyReference& reference = by_word_.references.front();
  // 20.030 kWh over 4 acts are 5.0075 kWh an act.
  EXPECT_EQ((Decimal{501, 2}), peer_mean({20'030, 4, 5}, by_word_, reference));
  EXPECT_EQ((Decimal{500, 2}), peer_mean({20'019, 4, 5}, by_word_, reference));
  EXPECT_EQ(std::nullopt, peer_mean({20'030, 8, 4}, by_word_, reference));
}

}  // namespace
}  // namespace tanpuhui
