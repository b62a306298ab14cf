#include "governance/rooms_of_cases.h"

#include <gtest/gtest.h>

#include "cases/first_act.h"
#include "cases/officers.h"
#include "cases/standings.h"
#include "cases/work_on_case.h"
#include "crypto/hash.h"
#include "rooms/participants/shell/register_rows.h"
#include "rooms/reduction/shell/signers.h"
#include "store/migrations.h"
#include "support/law.h"
#include "support/store.h"

namespace tanpuhui {
namespace {

Bytes bytes_of(const std::string& text) { return {text.begin(), text.end()}; }

Bytes bike_formula() { return bytes_of(file_text(TANPUHUI_ROOT "/methodologies/bike-demo/v1/methodology.toml")); }

/// Cases of a programme on 2025-09-01, brought in or worked on by one clerk and one official.
class Governance : public ::testing::Test {
 protected:
  Governance() : database_(prepared(test_location(folder_ / "p.db"))), writer_(database_, sha256), book_(js24_book()) {
    rooms_ =
        rooms_of_cases({Bytes(32, 7), [](std::string_view text) { return load_methodology(text, "formula", sha256); }});
  }
  static Database prepared(const std::string& location) {
    Database database = Database::open_writer(location);
    migrate(database);
    return database;
  }

  CaseOffice at() {
    office_.emplace(Office{database_, writer_, book_, start_of(today_, book_.zone)});
    return {*office_, calendar_, rooms_};
  }
  CommandId next_id() { return new_command_id(start_of(today_, book_.zone)); }

  using Fields = std::map<std::string, std::string>;

  Result<BegunCase> brought_in(const std::string& procedure, const std::string& state, const Applicant& whom,
                               const Fields& fields = {}, Files files = {}) {
    files["earlier_decision"] = bytes_of("decided");
    StepRequest request;
    request.actor = {"clerk", "centre", {"operator_clerk"}};
    request.role = "operator_clerk";
    request.fields = fields;
    return bring_in(at(), {procedure, whom, {}}, state, request, files, next_id());
  }
  Result<CaseStep> step(std::int64_t number, const std::string& action, const std::string& role,
                        const std::string& reason = "", const Fields& fields = {}) {
    StepRequest request;
    request.action = action;
    request.actor = {"person of " + role, "unit of " + role, {role}};
    request.role = role;
    request.reason = reason;
    request.fields = fields;
    return take_step(at(), number, request, {}, next_id());
  }
  std::string word(std::string_view kind, const std::string& name) {
    const auto standing = standing_now(database_, kind, name, today_);
    return standing ? standing->word : "";
  }

  const Applicant partner_{"", "partner", "organisation"};
  TemporaryFolder folder_;
  Database database_;
  Writer writer_;
  Rulebook book_;
  Calendar calendar_;
  CaseRooms rooms_;
  std::optional<Office> office_;
  Day today_ = day_of({2025, 9, 1});
};

TEST_F(Governance, puts_a_methodology_in_force_by_the_formula_in_its_case) {
  const auto published = brought_in("methodology", "published", partner_, {{"effective_from", "2025-03-01"}},
                                    {{"formula", bike_formula()}});
  ASSERT_TRUE(published) << describe(published.error());
  EXPECT_EQ("in_force", word("methodology", "bike-demo/v1"));
  EXPECT_EQ(to_hex(bike_methodology().hash), standings_of(database_, "methodology").front().detail);
  ASSERT_TRUE(step(published->number, "suspend", "authority_approver", "an error was found"));
  EXPECT_EQ("suspended", word("methodology", "bike-demo/v1"));
  today_ = day_of({2025, 10, 1});
  ASSERT_TRUE(step(published->number, "resume", "authority_approver", "it was none"));
  EXPECT_EQ((std::vector<DaySpan>{{day_of({2025, 3, 1}), day_of({2025, 9, 1})}, {today_, {}}}),
            days_as(standings_of(database_, "methodology", "bike-demo/v1"), "in_force"));
}

TEST_F(Governance, refuses_a_methodology_without_a_sound_formula_and_leaves_no_case) {
  EXPECT_EQ("MET-01", brought_in("methodology", "published", partner_).error().code);
  const auto broken = brought_in("methodology", "published", partner_, {}, {{"formula", bytes_of("id = 3")}});
  EXPECT_EQ("MET-01", broken.error().code);
  EXPECT_EQ(0, database_.statement("SELECT count(*) FROM cases").run_integer());
}

TEST_F(Governance, refuses_another_formula_under_a_published_version) {
  ASSERT_TRUE(brought_in("methodology", "published", partner_, {}, {{"formula", bike_formula()}}));
  std::string text = file_text(TANPUHUI_ROOT "/methodologies/bike-demo/v1/methodology.toml");
  EXPECT_TRUE(brought_in("methodology", "published", partner_, {}, {{"formula", bytes_of("# a comment\n" + text)}}));
  const auto title = text.find("en = \"", text.find("[title]"));
  ASSERT_NE(title, std::string::npos);
  text.insert(title + 6, "Other ");
  EXPECT_EQ("MET-04", brought_in("methodology", "published", partner_, {}, {{"formula", bytes_of(text)}}).error().code);
}

TEST_F(Governance, lets_a_scenario_live_be_suspended_and_end) {
  const auto live = brought_in("scenario", "live", partner_, {{"live_from", "2025-03-01"}, {"identifier", "bikes-1"}});
  ASSERT_TRUE(live) << describe(live.error());
  const std::string name = std::to_string(live->number);
  EXPECT_EQ("live", word("scenario", name));
  EXPECT_EQ(1, database_.statement("SELECT count(*) FROM listings WHERE word = 'bikes-1'").run_integer());
  ASSERT_TRUE(step(live->number, "suspend", "operator_approver", "no data"));
  EXPECT_EQ("suspended", word("scenario", name));
  ASSERT_TRUE(step(live->number, "resume", "operator_approver", "data again"));
  EXPECT_EQ((std::vector<DaySpan>{{day_of({2025, 3, 1}), today_}, {today_, {}}}),
            days_as(standings_of(database_, "scenario", name), "live"));
}

TEST_F(Governance, names_a_day_before_today_only_for_what_was_decided_earlier) {
  const auto live = brought_in("scenario", "suspended", partner_);
  ASSERT_TRUE(live);
  ASSERT_TRUE(step(live->number, "resume", "operator_approver", "data again", {{"live_from", "2025-03-01"}}));
  EXPECT_EQ(today_, standings_of(database_, "scenario", std::to_string(live->number)).back().from);
  const auto wrong = brought_in("scenario", "live", partner_, {{"live_from", "March"}});
  EXPECT_EQ("DAT-06", wrong.error().code);
}

TEST_F(Governance, opens_freezes_and_closes_accounts) {
  const Applicant citizen{"P-1", "", "person"};
  const auto opened = brought_in("account", "active", citizen, {{"identity", "hash-1"}});
  ASSERT_TRUE(opened) << describe(opened.error());
  EXPECT_EQ(AccountStatus::active, find_registered(database_, "P-1")->status);
  EXPECT_EQ(AccountKind::person, find_registered(database_, "P-1")->kind);
  ASSERT_TRUE(step(opened->number, "freeze", "oversight_officer", "suspicion"));
  EXPECT_EQ(AccountStatus::suspended, find_registered(database_, "P-1")->status);
  ASSERT_TRUE(step(opened->number, "unfreeze", "oversight_officer", "none"));
  EXPECT_EQ(AccountStatus::active, find_registered(database_, "P-1")->status);
}

TEST_F(Governance, makes_an_appointed_expert_an_officer_until_the_term_ends) {
  const auto appointed = brought_in("expert_appointment", "appointed", {"e1", "", "person"},
                                    {{"employer", "university"}, {"term_ends_on", "2026-08-31"}});
  ASSERT_TRUE(appointed) << describe(appointed.error());
  const auto is_expert = [&](Day day) { return find_actor(database_, book_, "e1", "", day).roles.contains("expert"); };
  EXPECT_TRUE(is_expert(day_of({2026, 8, 31})));
  EXPECT_FALSE(is_expert(day_of({2026, 9, 1})));
  ASSERT_TRUE(step(appointed->number, "end", "authority_approver", "retired"));
  EXPECT_FALSE(is_expert(today_));
}

TEST_F(Governance, lets_the_operator_sign_while_its_delegation_is_in_force) {
  const auto given =
      brought_in("delegation", "in_force", partner_,
                 {{"scope", "*"}, {"begins_on", "2025-01-01"}, {"ends_on", "2025-12-31"}, {"limit", "1.5"}});
  ASSERT_TRUE(given) << describe(given.error());
  const std::string document = "case:" + std::to_string(given->number);
  EXPECT_EQ(Milligrams(1'500'000), find_delegation(database_, document)->limit);
  EXPECT_EQ(day_of({2025, 12, 31}), find_delegation(database_, document)->until);
  ASSERT_TRUE(step(given->number, "revoke", "authority_approver", "changed"));
  EXPECT_EQ(today_ + -1, find_delegation(database_, document)->until);
  EXPECT_EQ("ISS-01", brought_in("delegation", "in_force", partner_, {{"limit", "much"}}).error().code);
}

TEST_F(Governance, brings_in_only_on_a_paper_and_by_an_officer) {
  StepRequest request;
  request.actor = {"clerk", "centre", {"operator_clerk"}};
  request.role = "operator_clerk";
  const CaseOpening opening{"scenario", partner_, {}};
  const Files paper{{"earlier_decision", bytes_of("decided")}};
  EXPECT_EQ("PRO-03", bring_in(at(), opening, "live", request, {}, next_id()).error().code);
  EXPECT_EQ("PRO-01", bring_in(at(), opening, "alive", request, paper, next_id()).error().code);
  request.role = "scenario_developer";
  request.actor.roles = {"scenario_developer"};
  EXPECT_EQ("PRO-02", bring_in(at(), opening, "live", request, paper, next_id()).error().code);
  EXPECT_EQ(0, database_.statement("SELECT count(*) FROM cases").run_integer());
}

TEST_F(Governance, brings_in_one_case_however_often_the_command_is_sent) {
  StepRequest request;
  request.actor = {"clerk", "centre", {"operator_clerk"}};
  request.role = "operator_clerk";
  const CommandId id = next_id();
  const auto send = [&] {
    return bring_in(at(), {"scenario", partner_, {}}, "live", request, {{"earlier_decision", bytes_of("decided")}}, id);
  };
  const std::int64_t number = send()->number;
  today_ = today_ + 1;
  EXPECT_EQ(number, send()->number);
  EXPECT_EQ(1, database_.statement("SELECT count(*) FROM cases").run_integer());
  EXPECT_EQ(1U, standings_of(database_, "scenario").size());
}

TEST_F(Governance, lets_officers_vouch_for_what_no_room_can_know) {
  const std::int64_t number = *open_case(at().office, {"account", {"P-1", "", "person"}, {}}, next_id());
  const Fields stated{{"identity", "hash-1"}, {"terms_version", "1"}, {"privacy_version", "1"}};
  StepRequest request;
  request.action = "open_personal";
  request.actor = {"P-1", "", {"person"}};
  request.role = "person";
  request.fields = stated;
  EXPECT_EQ("ACC-01", take_step(at(), number, request, {}, next_id()).error().code);
  const Actor clerk{"clerk", "centre", {"operator_clerk"}};
  EXPECT_EQ("PRO-02", vouch_for(at(), number, "identity_proven", request.actor, {1}, next_id()).error().code);
  EXPECT_EQ("PRO-03", vouch_for(at(), number, "identity_proven", clerk, {}, next_id()).error().code);
  EXPECT_EQ("PRO-01", vouch_for(at(), number, "conformance_passed", clerk, {1}, next_id()).error().code);
  ASSERT_TRUE(vouch_for(at(), number, "identity_proven", clerk, {1}, next_id()));
  ASSERT_TRUE(take_step(at(), number, request, {}, next_id()));
  EXPECT_EQ(AccountStatus::active, find_registered(database_, "P-1")->status);

  const std::int64_t second = *open_case(at().office, {"account", {"P-2", "", "person"}, {}}, next_id());
  request.actor.person = "P-2";
  EXPECT_EQ("ACC-02", take_step(at(), second, request, {}, next_id()).error().code);
}

}  // namespace
}  // namespace tanpuhui
