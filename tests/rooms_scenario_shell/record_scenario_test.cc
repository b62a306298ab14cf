#include "rooms/scenario/shell/record_scenario.h"

#include <filesystem>

#include <gtest/gtest.h>

#include "cases/standings.h"
#include "crypto/ed25519.h"
#include "crypto/hash.h"
#include "store/migrations.h"
#include "support/store.h"

namespace tanpuhui {
namespace {

ScenarioRecord bikes() {
  ScenarioRecord record;
  record.name = "mibici-ride";
  record.title_zh = "骑行";
  record.title_en = "rides";
  record.developer = "mibici";
  record.methodology = "bike-demo/v1";
  record.methodology_hash.fill(7);
  record.live_from = *parse_day("2025-01-01");
  record.lateness_days = 60;
  record.partner_key = SigningKey::from_seed({1, 2, 3}).verify_key().bytes();
  record.case_number = 11;
  return record;
}

class Scenarios : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string name = ::testing::TempDir() + "tanpuhui-scenarios-XXXXXX";
    ASSERT_TRUE(::mkdtemp(name.data()));
    folder_ = name;
    database_.emplace(Database::open_writer(test_location((folder_ / "p.db").string())));
    migrate(*database_);
    writer_.emplace(*database_, sha256);
    book_.name = "book";
    book_.refusal_basis = {{"SCN-04", "book.a1"}};
    stands({"scenario", "11", "live", *parse_day("2025-02-01")});
    stands({"scenario", "12", "filed", *parse_day("2025-02-01")});
    stands(
        {"methodology", "bike-demo/v1", "in_force", *parse_day("2025-01-15"), {}, 0, to_hex(bikes().methodology_hash)});
  }
  void stands(const Standing& standing) { add_standing(*database_, EntryId{++given_}, standing); }
  void TearDown() override {
    writer_.reset();
    database_.reset();
    std::filesystem::remove_all(folder_);
  }

  Result<ScenarioId> record(const ScenarioRecord& scenario, std::uint8_t command) {
    CommandId id;
    id.bytes[0] = command;
    return record_scenario({*database_, *writer_, book_, Instant{1'750'000'000'000}}, scenario, id);
  }
  std::int64_t entries() { return database_->statement("SELECT count(*) FROM entries").run_integer(); }

  Rulebook book_;
  std::filesystem::path folder_;
  std::optional<Database> database_;
  std::optional<Writer> writer_;
  std::int64_t given_ = 0;
};

TEST_F(Scenarios, stand_in_the_register_as_live) {
  const ScenarioId id = record(bikes(), 1).value();
  const Scenario scenario = find_scenario(*database_, "mibici-ride").value();
  EXPECT_EQ(id, scenario.id);
  EXPECT_EQ("骑行", scenario.title_zh);
  EXPECT_EQ("rides", scenario.title_en);
  EXPECT_EQ("mibici", scenario.developer);
  EXPECT_EQ("bike-demo/v1", scenario.methodology);
  EXPECT_EQ(bikes().methodology_hash, scenario.methodology_hash);
  EXPECT_EQ(bikes().live_from, scenario.live_from);
  EXPECT_FALSE(scenario.live_until);
  EXPECT_EQ(60, scenario.lateness_days);
  EXPECT_EQ("live", scenario.status);
}

TEST_F(Scenarios, bring_the_key_of_their_partner) {
  ASSERT_TRUE(record(bikes(), 1));
  auto row = database_->statement("SELECT public_key FROM signing_keys WHERE holder = 'partner:mibici-ride'");
  ASSERT_TRUE(row.step());
  EXPECT_EQ(to_hex(bikes().partner_key), to_hex(row.blob(0)));
}

TEST_F(Scenarios, leave_an_entry_that_names_methodology_and_key) {
  ASSERT_TRUE(record(bikes(), 1));
  const Entry entry = find_entry(*database_, EntryId{1}).value();
  EXPECT_EQ(EntryKind::register_act, entry.kind);
  EXPECT_EQ((std::vector<Note>{{1, "mibici-ride"},
                               {2, "bike-demo/v1"},
                               {3, to_hex(bikes().methodology_hash)},
                               {4, to_hex(bikes().partner_key)},
                               {5, "11"}}),
            entry.notes);
}

TEST_F(Scenarios, recorded_again_are_the_same_scenario) {
  const ScenarioId id = record(bikes(), 1).value();
  EXPECT_EQ(id, record(bikes(), 1).value());
  EXPECT_EQ(id, record(bikes(), 2).value());
  EXPECT_EQ(1, entries());
}

TEST_F(Scenarios, are_not_changed_by_another_record_of_the_same_name) {
  ASSERT_TRUE(record(bikes(), 1));
  ScenarioRecord other = bikes();
  other.partner_key.fill(1);
  const auto refused = record(other, 2);
  ASSERT_FALSE(refused);
  EXPECT_EQ("SCN-04", refused.error().code);
  EXPECT_EQ("book.a1", refused.error().basis);
  EXPECT_EQ(refused.error(), record(other, 2).error());
}

TEST_F(Scenarios, need_a_command_of_their_own) {
  ASSERT_TRUE(record(bikes(), 1));
  ScenarioRecord buses = bikes();
  buses.name = "buses";
  buses.case_number = 12;
  EXPECT_EQ("IDM-01", record(buses, 1).error().code);
  EXPECT_FALSE(find_scenario(*database_, "buses"));
}

TEST_F(Scenarios, are_numbered_and_listed_in_order) {
  ScenarioRecord buses = bikes();
  buses.name = "a-bus";
  buses.case_number = 12;
  buses.live_until = *parse_day("2025-12-31");
  ASSERT_TRUE(record(bikes(), 1));
  const ScenarioId second = record(buses, 2).value();
  EXPECT_EQ(ScenarioId{2}, second);
  const auto all = list_scenarios(*database_);
  ASSERT_EQ(2U, all.size());
  EXPECT_EQ("mibici-ride", all[0].name);
  EXPECT_EQ("a-bus", all[1].name);
  EXPECT_EQ(buses.live_until, find_scenario(*database_, second)->live_until);
}

std::vector<DaySpan> days_of(const std::vector<std::pair<const char*, const char*>>& spans) {
  std::vector<DaySpan> days;
  for (const auto& [from, until] : spans) {
    days.push_back({*parse_day(from), {}});
    if (*until != '\0') days.back().until = *parse_day(until);
  }
  return days;
}

TEST_F(Scenarios, without_a_case_of_their_own_are_not_recorded) {
  ScenarioRecord other = bikes();
  other.case_number = 13;
  EXPECT_EQ("SCN-05", record(other, 1).error().code);
  ASSERT_TRUE(record(bikes(), 2));
  other.name = "other";
  other.case_number = 11;
  EXPECT_EQ("SCN-04", record(other, 3).error().code);
  EXPECT_EQ(11, find_case_of(*database_, "mibici-ride"));
}

TEST_F(Scenarios, take_acts_on_the_days_on_which_their_case_is_live) {
  ScenarioRecord until_june = bikes();
  until_june.live_until = *parse_day("2025-06-30");
  ASSERT_TRUE(record(until_june, 1));
  const Scenario scenario = find_scenario(*database_, "mibici-ride").value();
  EXPECT_EQ(days_of({{"2025-02-01", "2025-06-30"}}), live_days(*database_, scenario));
  stands({"scenario", "11", "suspended", *parse_day("2025-03-10")});
  EXPECT_EQ(days_of({{"2025-02-01", "2025-03-10"}}), live_days(*database_, scenario));
  stands({"scenario", "11", "live", *parse_day("2025-04-01")});
  EXPECT_EQ(days_of({{"2025-02-01", "2025-03-10"}, {"2025-04-01", "2025-06-30"}}), live_days(*database_, scenario));
}

TEST_F(Scenarios, take_acts_on_the_days_on_which_their_methodology_is_in_force) {
  ASSERT_TRUE(record(bikes(), 1));
  const Scenario scenario = find_scenario(*database_, "mibici-ride").value();
  EXPECT_EQ(days_of({{"2025-01-15", ""}}), methodology_days(*database_, scenario));
  stands(
      {"methodology", "bike-demo/v1", "withdrawn", *parse_day("2025-09-01"), {}, 0, to_hex(bikes().methodology_hash)});
  EXPECT_EQ(days_of({{"2025-01-15", "2025-09-01"}}), methodology_days(*database_, scenario));
}

TEST_F(Scenarios, that_nobody_recorded_are_not_found) {
  EXPECT_FALSE(find_scenario(*database_, "trams"));
  EXPECT_FALSE(find_scenario(*database_, ScenarioId{9}));
}

}  // namespace
}  // namespace tanpuhui
