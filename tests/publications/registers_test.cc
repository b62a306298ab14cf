#include <filesystem>

#include <gtest/gtest.h>

#include "calendar/calendar.h"
#include "publications/compiler.h"
#include "store/lanes.h"
#include "store/programme.h"
#include "support/law.h"
#include "support/store.h"
#include "told_case.h"

namespace tanpuhui {
namespace {

Rulebook read_book(const std::string& name) {
  std::vector<SourceFile> files;
  for (const auto& file : std::filesystem::directory_iterator(std::string(TANPUHUI_ROOT "/rulebooks/") + name))
    if (file.is_regular_file()) files.push_back({file.path().filename().string(), file_text(file.path())});
  return load_rulebook(files, sha256).value();
}

class Registers : public ::testing::Test {
 protected:
  Registers() {
    init_programme(location_, {"park", "js24", false, Bytes(16, 1)});
    database_.emplace(Database::open_writer(location_));
    writer_.emplace(*database_, sha256);
    WorkingDaysYear year;
    year.year = 2025;
    calendar_ = Calendar::build({year}).value();
  }

  Office office(const Rulebook& book) { return {*database_, *writer_, book, start_of(may(1), Zone{})}; }
  static Day may(int day) { return day_of({2025, 5, 1}) + (day - 1); }

  std::int64_t tell(const Rulebook& book, const std::string& procedure, const Applicant& applicant,
                    const std::vector<Told>& story) {
    return tell_case(office(book), procedure, applicant, may(0), story);
  }

  /// Rows as CSV, without the head; nothing personal is in either form.
  std::string lines(const Rulebook& book, const std::string& publication, const std::string& period = "") {
    const auto set =
        compile_publication({*database_, book, calendar_}, {publication, period, complete_entries(*database_)});
    EXPECT_TRUE(set) << (set ? "" : describe(set.error()));
    if (!set) return "";
    const std::string json = format_json(*set), csv = format_csv(*set);
    for (const char* hidden : {"clerk-x", "citizen", "secret", "contact"}) {
      EXPECT_EQ(json.find(hidden), std::string::npos) << publication << hidden;
      EXPECT_EQ(csv.find(hidden), std::string::npos) << publication << hidden;
    }
    return csv.substr(csv.find('\n') + 1);
  }

  TemporaryFolder folder_;
  std::string location_ = test_location(folder_ / "p.db");
  std::optional<Database> database_;
  std::optional<Writer> writer_;
  Calendar calendar_;
  const Rulebook js_ = read_book("js24"), sip_ = read_book("sip25");
  const Applicant metro_{"citizen", "metro", "organisation"}, citizen_{"citizen", "", "person"};
  const std::string digest_ = "sha256:" + to_hex(sha256(as_bytes("text")));
};

TEST_F(Registers, a_scenario_stands_with_the_days_of_its_way) {
  tell(js_, "scenario", metro_,
       {{2, "submit", "submitted", {{"identifier", "metro-1"}, {"category", "transport"}}},
        {5, "record_filing", "filed", {}},
        {6, "connect", "connecting", {}},
        {7, "go_live", "live", {}},
        {20, "close", "closed", {}}});
  tell(js_, "scenario", metro_, {{2, "submit", "submitted", {{"identifier", "unseen"}}}});
  EXPECT_EQ(lines(js_, "scenario_register"),
            "metro-1,metro,transport,无方法学 no methodology,closed,2025-05-05,2025-05-07,2025-05-20,\r\n");
}

TEST_F(Registers, projects_stand_beside_scenarios_where_the_book_publishes_both) {
  const auto methodology =
      std::to_string(tell(sip_, "methodology", metro_, {{2, "submit", "submitted", {{"title", "roofs"}}}}));
  tell(sip_, "project", metro_,
       {{3, "submit", "submitted", {{"identifier", "roof-1"}, {"methodology", methodology}}},
        {9, "recognise", "recognised", {}}});
  EXPECT_EQ(lines(sip_, "register"), "roof-1,project,metro,roofs,recognised,2025-05-09,,\r\n");
}

TEST_F(Registers, notices_run_from_their_opening_to_their_last_working_day) {
  const auto scenario =
      tell(sip_, "scenario", metro_,
           {{2, "submit", "submitted", {{"identifier", "metro-1"}, {"boundary", "line 1"}, {"methodology", "7"}}},
            {12, "open_notice", "on_notice", {}}});
  const auto methodology = tell(sip_, "methodology", metro_,
                                {{2, "submit", "submitted", {{"methodology_subject", "METRO"}, {"kind", "scenario"}}},
                                 {13, "propose_exit", "exit_on_notice", {{"reason_class", "technology"}}}});
  const std::string objects = lines(sip_, "object_notices"), exits = lines(sip_, "exits");
  EXPECT_EQ(objects.find("metro-1,metro,7,line 1,2025-05-12,2025-05-19,"), 0U) << objects;
  EXPECT_NE(objects.find("case " + std::to_string(scenario)), std::string::npos);
  EXPECT_EQ(exits.find("METRO,technology,2025-05-13,2025-05-20,"), 0U) << exits;
  EXPECT_NE(exits.find("case " + std::to_string(methodology)), std::string::npos);
  EXPECT_EQ(lines(sip_, "methodology_notices"), "");
}

TEST_F(Registers, the_catalogue_says_since_when_and_until_when) {
  tell(js_, "methodology", citizen_,
       {{2, "submit", "submitted", {{"title", "walking"}, {"version", "v1"}}},
        {8, "publish", "published", {{"effective_from", "2025-06-01"}}},
        {9, "suspend", "suspended", {}},
        {20, "withdraw", "withdrawn", {{"effective_from", "2025-09-01"}}}});
  EXPECT_EQ(lines(js_, "methodology_catalogue"),
            "walking,v1,2025-06-01,2025-09-01," + digest_ + ",,2025-05-09 suspend; 2025-05-20 withdraw,withdrawn\r\n");
}

TEST_F(Registers, rules_begin_with_the_book_itself) {
  tell(js_, "rule_document", {"", "bureau", "organisation"},
       {{2, "propose", "proposed", {{"title", "points"}, {"effective_from", "2025-06-01"}}},
        {3, "put_in_force", "in_force", {}},
        {4, "repeal", "repealed", {}}});
  const std::string rules = lines(js_, "rules");
  EXPECT_NE(rules.find("苏事管〔2024〕52号,sha256:" + to_hex(js_.hash)), std::string::npos) << rules;
  EXPECT_NE(rules.find("points,," + digest_ + ",,2025-06-01,2025-05-04\r\n"), std::string::npos) << rules;
  EXPECT_NE(lines(js_, "yearly_report", "2025").find("2025-05-03 in_force points; 2025-05-04 repealed points"),
            std::string::npos);
}

TEST_F(Registers, bodies_stand_from_their_designation_on) {
  tell(js_, "verification_body", {"citizen", "verifiers", "organisation"},
       {{2, "apply", "applied", {{"scope", "transport"}, {"qualified_until", "2027-06-30"}}},
        {3, "designate", "designated", {}},
        {9, "report_shortfall", "suspended", {}}});
  tell(js_, "verification_body", {"", "applicants", "organisation"}, {{2, "apply", "applied", {}}});
  EXPECT_EQ(lines(js_, "verification_bodies"), "verifiers,transport,2027-06-30,suspended\r\n");
}

TEST_F(Registers, organisations_are_named_that_lost_their_qualification_and_persons_are_not) {
  const std::vector<Told> story = {{2, "propose", "proposed", {{"measure", "disqualification"}, {"scope", "trade"}}},
                                   {3, "execute", "executed", {}}};
  tell(sip_, "violation", metro_, story);
  tell(sip_, "violation", citizen_, story);
  tell(sip_, "violation", metro_,
       {{2, "propose", "proposed", {{"measure", "warning"}}}, {3, "execute", "executed", {}}});
  EXPECT_EQ(lines(sip_, "disqualifications"), "metro,trade,2025-05-03,\r\n");
}

TEST_F(Registers, developers_make_the_rules_of_their_points) {
  tell(sip_, "conversion_rule", metro_,
       {{2,
         "propose",
         "proposed",
         {{"grams_per_point", "100"}, {"effective_from", "2025-06-01"}, {"redemption", "tickets"}}},
        {3, "register", "in_force", {}}});
  EXPECT_NE(lines(sip_, "points_rules").find("metro,,2025-06-01,100,tickets,\r\n"), std::string::npos);
}

TEST_F(Registers, the_platforms_points_rule_is_the_books) {
  tell(js_, "rule_document", metro_, {});  // the ledger has an entry
  const std::string rules = lines(js_, "points_rules");
  const PointsRule& rule = js_.points.all().front();
  EXPECT_EQ(
      rules.find("1," + format_day(*rule.from) + "," + std::to_string(rule.mg_per_point.count() / 1000) + ".000,"), 0U)
      << rules;
  EXPECT_NE(rules.find("2 年 years"), std::string::npos) << rules;
}

TEST_F(Registers, complaints_are_counted_in_the_quarter_in_which_they_came_and_were_answered) {
  tell(js_, "complaint", citizen_,
       {{2, "complain", "received", {{"matter", "secret"}}}, {6, "answer", "answered", {}}});
  tell(js_, "objection", citizen_,
       {{5, "object", "received", {{"grounds", "secret"}, {"contact", "contact"}}}, {12, "uphold", "upheld", {}}});
  tell(js_, "complaint", citizen_, {{7, "complain", "received", {}}});
  EXPECT_EQ(lines(js_, "complaint_statistics", "2025-Q2"), "2025-Q2,3,2,3.5,1\r\n");  // two and five working days
  EXPECT_EQ(lines(js_, "complaint_statistics", "2025-Q3"), "2025-Q3,0,0,,0\r\n");
}

TEST_F(Registers, a_certificate_of_neutrality_stands_when_it_is_revoked) {
  const auto number = tell(js_, "neutrality", {"citizen", "bureau of sports", "public_institution"},
                           {{2, "register", "registered", {{"event", "final"}, {"held_on", "2025-11-01"}}},
                            {3, "account", "accounted", {{"emission_t", "1163.59"}}},
                            {4, "certify", "certified", {}},
                            {9, "revoke", "revoked", {}}});
  EXPECT_EQ(lines(js_, "neutrality_certificates"),
            std::to_string(number) + ",bureau of sports,final,2025-11-01,1163.59,,revoked\r\n");
}

TEST_F(Registers, an_evaluation_is_told_by_its_report) {
  const auto number =
      tell(js_, "programme_evaluation", {"", "operator", "organisation"}, {{4, "conclude", "concluded", {}}});
  EXPECT_NE(lines(js_, "yearly_report", "2025").find("2025-05-04 case " + std::to_string(number)), std::string::npos);
}

}  // namespace
}  // namespace tanpuhui
