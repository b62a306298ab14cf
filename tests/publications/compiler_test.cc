#include "publications/compiler.h"

#include <limits>

#include <gtest/gtest.h>

#include "audit/sound_programme.h"
#include "publications/issues.h"
#include "store/lanes.h"
#include "told_case.h"

namespace tanpuhui {
namespace {

/// The audit's programme: ten persons are issued to in March 2025, order in April, two of them cancel in May.
class Compiled : public testing::Test {
 protected:
  static const std::string& folder() {
    static const TemporaryFolder kept;
    static const std::string path = kept.path().string();
    return path;
  }
  Compiled() : location_(test_location(folder() + "/p.db")) {
    static const SoundProgramme programme(folder() + "/p.db");
    database_.emplace(Database::open_writer(location_));
    writer_.emplace(*database_, sha256);
  }

  Database& database() { return *database_; }
  Office office(Civil day) { return {*database_, *writer_, book(), start_of(day_of(day), book().zone)}; }
  PublicationSources sources() { return {*database_, book(), calendar_}; }

  Row only_row(const std::string& publication, const std::string& period) {
    const auto set = compile_publication(sources(), {publication, period, complete_entries(database())});
    EXPECT_TRUE(set) << (set ? "" : describe(set.error()));
    if (!set || set->rows.size() != 1) return {};
    return set->rows.front();
  }
  EntryId first_entry() { return EntryId{database().statement("SELECT min(entry_id) FROM entries").run_integer()}; }
  /// Of all legs on the system's account, whatever the month.
  std::int64_t on_account(SystemAccount account) {
    std::int64_t sum = 0;
    auto rows = database().statement("SELECT body FROM entries WHERE entry_id > 0");
    while (rows.step()) {
      const auto entry = decode_entry(rows.blob(0));
      for (const Leg& leg : entry->posting.legs)
        if (leg.account == system_account(account)) sum += (leg.d_backing_mg + leg.d_free_mg).count();
    }
    return sum;
  }

  std::string location_;
  std::optional<Database> database_;
  std::optional<Writer> writer_;
  Calendar calendar_;
  CaseRooms rooms_;
};

const Value suppressed = Suppressed{};

TEST_F(Compiled, figures_of_ten_persons_are_the_ledgers) {
  const Row march = only_row("monthly_figures", "2025-03");
  const Value issued = Milligrams(-on_account(SystemAccount::issued));
  EXPECT_EQ(march.at("issued_t").value, issued);
  EXPECT_EQ(march.at("held_t").value, issued);
  EXPECT_EQ(march.at("users").value, Value(std::int64_t{10}));
  EXPECT_EQ(march.at("month").value, Value(std::string("2025-03")));
  for (const auto& [purpose, amount] : march.at("cancelled_t_by_purpose").parts) EXPECT_EQ(amount, Value(Milligrams()));
}

TEST_F(Compiled, what_two_persons_cancelled_is_left_out_and_cannot_be_told_from_what_is_held) {
  const Row may = only_row("monthly_figures", "2025-05");
  EXPECT_EQ(may.at("cancelled_t_by_purpose").parts.at(2), (std::pair<std::string, Value>("cancel", suppressed)));
  EXPECT_EQ(may.at("held_t").value, suppressed);
  EXPECT_EQ(only_row("monthly_figures", "2025-06").at("held_t").value, suppressed);
  EXPECT_EQ(only_row("yearly_report", "2025").at("uses_t").value, suppressed);
}

TEST_F(Compiled, a_month_before_anything_happened_is_empty) {
  const Row row = only_row("monthly_figures", "2020-01");
  EXPECT_EQ(row.at("issued_t").value, Value(Milligrams()));
  EXPECT_EQ(row.at("held_t").value, Value(Milligrams()));
}

TEST_F(Compiled, the_batch_is_an_issuance_with_its_persons) {
  const Row batch = only_row("issuances", "");
  EXPECT_EQ(batch.at("persons").value, Value(std::int64_t{10}));
  EXPECT_EQ(batch.at("amount_t").value, Value(Milligrams(-on_account(SystemAccount::issued))));
  EXPECT_EQ(batch.at("period").value, Value(std::string("2025-03-03/2025-03-09")));
  EXPECT_EQ(batch.at("posted_on").value, Value(std::string("2025-03-15")));
}

TEST_F(Compiled, as_of_an_earlier_entry_there_is_less) {
  const auto nothing = compile_publication(sources(), {"monthly_figures", "2025-03", first_entry()});
  ASSERT_TRUE(nothing);
  EXPECT_EQ(nothing->rows.front().at("issued_t").value, Value(Milligrams()));
}

TEST_F(Compiled, the_same_entry_gives_the_same_bytes_after_more_has_happened) {
  const PublicationRequest request{"rules", "", complete_entries(database())};
  const std::string before = format_json(compile_publication(sources(), request).value());
  const Office desk = office({2025, 6, 1});
  open_case(desk, {"rule_document", {"", "bureau", "organisation"}, {}}, new_command_id(desk.now)).value();
  EXPECT_EQ(format_json(compile_publication(sources(), request).value()), before);
}

TEST_F(Compiled, refuses_what_is_no_publication_no_period_and_no_entry) {
  const auto code = [&](const PublicationRequest& request) {
    const auto set = compile_publication(sources(), request);
    return set ? "none" : set.error().code;
  };
  EXPECT_EQ(code({"gossip", "", first_entry()}), "PRO-01");
  EXPECT_EQ(code({"corrections", "2025-Q1", first_entry()}), "none");
  EXPECT_EQ(code({"monthly_figures", "2025-Q1", first_entry()}), "HLD-01");
  EXPECT_EQ(code({"monthly_figures", "", first_entry()}), "HLD-01");
  EXPECT_EQ(code({"rules", "2025", first_entry()}), "HLD-01");
  EXPECT_EQ(code({"rules", "", EntryId{std::numeric_limits<std::int64_t>::max()}}), "HLD-01");
}

TEST_F(Compiled, a_methodology_of_a_person_is_shown_without_the_person) {
  const Office desk = office({2025, 6, 2});
  rooms_.facts["expert_drawn"] = [](const FactAsked&) { return true; };  // no panel was drawn
  const std::int64_t number =
      open_case(desk, {"methodology", {"Zhang San", "", "person"}, {}}, new_command_id(desk.now)).value();
  const auto step = [&](const std::string& action, const std::string& person, const std::string& role,
                        const Files& files, Vote vote = Vote::none) {
    StepRequest request;
    request.action = action;
    request.actor = {person, "", {role}};
    request.role = role;
    request.vote = vote;
    request.reason = "secret of " + person;
    request.fields = {{"principles_statement", "met"}, {"title", "walking"}};
    const auto taken = take_step({desk, calendar_, rooms_}, number, request, files, new_command_id(desk.now));
    ASSERT_TRUE(taken) << describe(taken.error());
  };
  const Bytes text{1, 2, 3};
  step("submit", "Zhang San", "methodology_developer",
       {{"baseline", text}, {"calculation", text}, {"monitoring_plan", text}});
  step("accept", "li", "operator_clerk", {});
  for (const char* expert : {"e1", "e2", "e3"}) step("give_opinion", expert, "expert", {}, Vote::for_it);
  step("pass_appraisal", "wang", "operator_approver", {});
  step("open_notice", "li", "operator_clerk", {{"full_text", text}});
  const EntryId as_of = complete_entries(database());

  const auto provisional = compile_publication(sources(), {"methodology_notices", "", as_of});
  ASSERT_FALSE(provisional);
  EXPECT_EQ(provisional.error().code, "CAL-01");

  WorkingDaysYear year;
  year.year = 2025;
  calendar_ = Calendar::build({year}).value();
  const DataSet set = compile_publication(sources(), {"methodology_notices", "", as_of}).value();
  ASSERT_EQ(set.rows.size(), 1U);
  EXPECT_EQ(set.rows[0].at("applicant").value, Value(std::string("个人 individual")));
  EXPECT_EQ(set.rows[0].at("title").value, Value(std::string("walking")));
  EXPECT_EQ(set.rows[0].at("opened_on").value, Value(std::string("2025-06-02")));
  EXPECT_EQ(set.rows[0].at("closes_on").value, Value(std::string("2025-06-09")));
  EXPECT_EQ(set.rows[0].at("full_text").value, Value("sha256:" + to_hex(sha256(text))));
  for (const std::string& form : {format_json(set), format_csv(set)})
    for (const char* hidden : {"Zhang", "secret", "\"li\"", "\"e1\""})
      EXPECT_EQ(form.find(hidden), std::string::npos) << hidden;

  step("reject", "wang", "operator_approver", {});
  EXPECT_TRUE(compile_publication(sources(), {"methodology_notices", "", complete_entries(database())})->rows.empty());
  EXPECT_EQ(format_json(compile_publication(sources(), {"methodology_notices", "", as_of}).value()), format_json(set));
}

TEST_F(Compiled, what_an_event_was_given_is_left_out_while_it_would_tell_of_another_event) {
  const Office desk = office({2025, 7, 5});
  for (const char* event : {"final", "walk"})
    record_event(desk, {event, event, event, "bureau", day_of({2025, 8, 1}), true}, new_command_id(desk.now)).value();
  tell_case(desk, "neutrality", {"", "bureau", "public_institution"}, desk.today(),
            {{0, "register", "registered", {{"event", "final"}}}, {1, "certify", "certified", {}}});
  const auto give = [&](int rider, const std::string& event) {
    const AccountId account{first_rider.value + rider};
    use_reductions(desk, {new_command_id(desk.now), account, "event_neutrality", event, Milligrams(100'000)}).value();
  };
  const auto covered_by = [&] { return only_row("neutrality_certificates", "").at("covered_by").value; };
  for (int rider = 0; rider < 4; ++rider) give(rider, "final");
  EXPECT_EQ(covered_by(), suppressed);
  give(4, "final");
  EXPECT_EQ(covered_by(), Value(Milligrams(on_account(SystemAccount::retired_event))));
  give(5, "walk");
  EXPECT_EQ(covered_by(), suppressed);  // else the month's figure without it would be what one person gave
  for (int rider = 6; rider < 10; ++rider) give(rider, "walk");
  EXPECT_TRUE(std::holds_alternative<Milligrams>(covered_by()));
}

TEST_F(Compiled, every_book_has_compilers_that_know_its_fields) {
  for (const char* name : {"js24", "sip25"}) {
    std::vector<SourceFile> files;
    for (const auto& file : std::filesystem::directory_iterator(std::string(TANPUHUI_ROOT "/rulebooks/") + name))
      if (file.is_regular_file()) files.push_back({file.path().filename().string(), file_text(file.path())});
    const Rulebook read = load_rulebook(files, sha256).value();
    const PublicationCheck check = check_publications(read);
    EXPECT_TRUE(check.findings.empty()) << describe(check.findings);
    EXPECT_TRUE(check.uncompiled.empty()) << name;
    const Calendar none;
    for (const PublicationRule& rule : read.publications) {
      const std::string period = rule.every == "at_once" ? "" : period_of(rule.every, day_of({2025, 3, 1}))->text;
      const auto set = compile_publication({database(), read, none}, {rule.id, period, first_entry()});
      ASSERT_TRUE(set) << rule.id << describe(set.error());
      EXPECT_EQ(set->fields.size(), rule.fields.size());
    }
  }
}

TEST_F(Compiled, what_no_compiler_knows_is_named_and_refused) {
  const Rulebook book = js24_book_with("id = \"complaint_statistics\"", "id = \"weather\"");
  EXPECT_EQ(check_publications(book).uncompiled, std::set<std::string>{"weather"});
  const Calendar none;
  const auto set = compile_publication({database(), book, none}, {"weather", "2025-Q1", first_entry()});
  ASSERT_FALSE(set);
  EXPECT_EQ(set.error().code, "PRO-01");
}

TEST_F(Compiled, a_field_that_nothing_fills_is_a_finding) {
  const PublicationCheck check =
      check_publications(js24_book_with("\"received\", \"answered\"", "\"received\", \"gossip\""));
  ASSERT_EQ(check.findings.size(), 1U);
  EXPECT_NE(check.findings[0].message.find("gossip"), std::string::npos);
  EXPECT_GT(check.findings[0].line, 0);
}

TEST_F(Compiled, an_issue_is_drafted_only_when_its_period_is_over) {
  database()
      .statement("INSERT INTO officers VALUES ('li', 'operator_clerk', 'centre', 0, NULL, '') ON CONFLICT DO NOTHING")
      .run();
  const auto draft = [&](Civil day, const std::string& person, std::optional<EntryId> as_of = {}) {
    const Office desk = office(day);
    return draft_issue(desk, calendar_, {"monthly_figures", "2025-03", person, as_of}, new_command_id(desk.now));
  };
  EXPECT_EQ(draft({2025, 3, 31}, "li").error().code, "HLD-01");
  EXPECT_EQ(draft({2025, 7, 1}, "nobody").error().code, "PRO-02");
  EXPECT_EQ(draft({2025, 7, 1}, "li", first_entry()).error().code, "HLD-01");  // March goes on after it
  const auto number = draft({2025, 7, 1}, "li");
  ASSERT_TRUE(number) << describe(number.error());
  const auto issue = find_issue(database(), *number);
  ASSERT_TRUE(issue);
  EXPECT_EQ(sha256(find_document(database(), issue->json).value()), issue->json);
  EXPECT_TRUE(verify_issue(sources(), *issue)->agrees);
  EXPECT_TRUE(figures_agree(sources(), *find_case(database(), *number)));
}

TEST_F(Compiled, the_same_draft_sent_again_is_the_same_case) {
  database()
      .statement("INSERT INTO officers VALUES ('li', 'operator_clerk', 'centre', 0, NULL, '') ON CONFLICT DO NOTHING")
      .run();
  const Office desk = office({2025, 8, 1});
  const CommandId id = new_command_id(desk.now);
  const IssueRequest request{"monthly_figures", "2025-04", "li", complete_entries(database())};
  const auto first = draft_issue(desk, calendar_, request, id);
  const Office later = office({2025, 8, 2});
  const auto second = draft_issue(later, calendar_, request, id);
  ASSERT_TRUE(first);
  ASSERT_TRUE(second) << describe(second.error());
  EXPECT_EQ(*first, *second);
}

}  // namespace
}  // namespace tanpuhui
