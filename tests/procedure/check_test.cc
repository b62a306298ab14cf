/// Cases as a jurist writes them, and the proofs that a book holds together.
#include "procedure/check_rulebook.h"
#include "small_book.h"

namespace tanpuhui {
namespace {

constexpr std::string_view notice_too_early = R"(
[[case]]
id = "notice-closed-too-early"
basis = "t1.a1"
zh = "2025-09-25 起公示的，2025-10-09 不得结束。"
en = "A notice of 2025-09-25 cannot be closed on 2025-10-09."
expect = "MET-03"
procedure = "plan"
state = "passed"
given = [{on = 2025-09-25, by = "clerk", does = "open_notice"}]
asks = {on = 2025-10-09, by = "clerk", does = "close_notice"}
)";

constexpr std::string_view notice_in_time = R"(
[[case]]
id = "notice-closed-in-time"
basis = "t1.a1"
zh = "2025-10-10 可以结束。"
en = "It can be closed on 2025-10-10."
expect = "granted"
procedure = "plan"
state = "passed"
given = [{on = 2025-09-25, by = "clerk", does = "open_notice"}]
asks = {on = 2025-10-10, by = "clerk", does = "close_notice"}
)";

std::vector<LawCase> cases_of(std::string_view text) {
  auto cases = read_law_cases({"cases/one.toml", std::string(text)});
  EXPECT_TRUE(cases) << (cases ? "" : describe(cases.error()));
  return cases ? *cases : std::vector<LawCase>{};
}

std::string replaced(std::string_view text, std::string_view from, std::string_view to) {
  std::string all(text);
  const auto at = all.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return all.replace(at, from.size(), to);
}

/// The answer to a case of the small book: "granted", a code, or "problem: ...".
std::string play(std::string_view text, const Rulebook& book = test::loaded(test::small_files())) {
  const Played played = play_case(book, test::notified_calendar(), cases_of(text).at(0));
  return played.problem.empty() ? played.answer : "problem: " + played.problem;
}

std::string mistake_of(std::string_view from, std::string_view to) {
  const auto cases = read_law_cases({"cases/one.toml", replaced(notice_in_time, from, to)});
  return cases ? "none" : cases.error().front().message;
}

TEST(cases, are_played_step_by_step) {
  EXPECT_EQ(play(notice_too_early), "MET-03");
  EXPECT_EQ(play(notice_in_time), "granted");
}

TEST(cases, say_why_a_story_cannot_be_told) {
  EXPECT_EQ(play(replaced(notice_in_time, "by = \"clerk\", does = \"open", "by = \"king\", does = \"open")),
            "problem: there is no role king");
  EXPECT_EQ(play(replaced(notice_in_time, "does = \"close_notice\"", "does = \"sleep\"")),
            "problem: the procedure plan has no action sleep");
  EXPECT_EQ(play(replaced(notice_in_time, "state = \"passed\"", "state = \"lost\"")),
            "problem: there is no state lost");
  EXPECT_EQ(play(replaced(notice_in_time, "procedure = \"plan\"", "procedure = \"game\"")),
            "problem: there is no procedure game on 2025-09-25");
  EXPECT_EQ(play(replaced(notice_in_time, "on = 2025-09-25, by = \"clerk\"", "on = 2025-09-25, by = \"expert\""))
                .substr(0, 62),
            "problem: the story stops at open_notice on 2025-09-25: PRO-02,");
  EXPECT_EQ(play(replaced(notice_in_time, "expect =", "linked = {other = \"published\"}\nexpect =")),
            "problem: no guard asks which case the field other names");
}

TEST(cases, tell_persons_units_facts_and_related_cases) {
  const std::string_view asks = "asks = {on = 2025-10-10, by = \"clerk\"";
  EXPECT_EQ(play(replaced(notice_in_time, asks, "about = {objection = \"received\"}\n" + std::string(asks))), "MET-03");
  EXPECT_EQ(play(replaced(notice_in_time, asks, "about = {objection = \"answered\"}\n" + std::string(asks))),
            "granted");
  EXPECT_EQ(play(replaced(notice_in_time, asks, std::string(asks) + ", unit = \"applicant\"")), "SEP-02");
  const std::string voting =
      replaced(replaced(replaced(notice_in_time, "state = \"passed\"", "state = \"appraising\""),
                        "given = [{on = 2025-09-25, by = \"clerk\", does = \"open_notice\"}]", ""),
               "by = \"clerk\", does = \"close_notice\"", "by = \"expert\", does = \"vote\", vote = \"for\"");
  EXPECT_EQ(play(voting), "granted");
  EXPECT_EQ(play(replaced(voting, "vote = \"for\"", "vote = \"for\", conflict = true")), "VER-01");
  EXPECT_EQ(play(replaced(voting, ", vote = \"for\"", "")), "PRO-03");
}

TEST(cases, are_written_in_one_form) {
  EXPECT_EQ(mistake_of("procedure = \"plan\"", ""), "a case asks either a procedure or a rule");
  EXPECT_EQ(mistake_of("does = \"close_notice\"", "does = \"close_notice\", at = \"late\""), "this is no time of day");
  EXPECT_EQ(mistake_of("does = \"close_notice\"", "does = \"close_notice\", wish = \"x\""), "unknown key wish");
  EXPECT_EQ(mistake_of("expect = \"granted\"", ""), "expect is missing");
}

/// A dated book with values.
Rulebook book_of_values() {
  return test::loaded(test::small_files_with(
      "[[publication]]\n",
      "[[entry_into_force]]\nfrom = 2024-09-30\n\n[[points_rule]]\nreduction_g_per_point = \"100\"\nrounding = "
      "\"down\"\n"
      "sum_over = \"person_in_batch\"\npoints_per_act = \"1\"\n\n[[expiry_rule]]\nyears = 2\nruns_from = "
      "\"available\"\n"
      "roll_over = false\ngrace_days_after_order = 7\nprovider_refund_grace_days = 30\nnotice_days = [7]\n\n"
      "[[spend_rule]]\nfirst = \"bearing\"\nwithin = \"oldest_credited\"\nuser_choice = false\n\n"
      "[[permitted_use]]\nid = \"cancel\"\nzh = \"注销\"\nen = \"cancel\"\nby = \"owner\"\nneeds_beneficiary = "
      "false\n\n"
      "[[honour]]\nid = \"given\"\nzh = \"荣誉\"\nen = \"given\"\n\n"
      "[[signing_rule]]\nauthority_may_sign = true\noperator_needs_delegation = true\n\n"
      "[[right]]\nholder = \"person\"\nasset = \"reductions\"\nact = \"trade\"\nallowed = false\ncode = \"TRD-01\"\n\n"
      "[[right]]\nholder = \"person\"\nasset = \"points\"\nact = \"redeem\"\nallowed = true\n\n[[publication]]\n"));
}

TEST(values, are_asked_by_name) {
  const std::vector<std::pair<std::string, std::string>> asked = {
      {"rule = \"right\"\nholder = \"person\"\nasset = \"reductions\"\nact = \"trade\"", "TRD-01"},
      {"rule = \"right\"\nholder = \"person\"\nasset = \"points\"\nact = \"redeem\"", "granted"},
      {"rule = \"right\"\nholder = \"person\"\nasset = \"points\"\nact = \"trade\"", "RUL-01"},
      {"rule = \"use\"\npurpose = \"cancel\"\nby = \"owner\"", "granted"},
      {"rule = \"use\"\npurpose = \"cancel\"\nby = \"platform\"", "USE-01"},
      {"rule = \"points\"\nreduction_g = \"1250\"\npoints = 12", "granted"},
      {"rule = \"points\"\nreduction_g = \"1250\"\npoints = 13", "PTS-02"},
      {"rule = \"points\"\nacts = 3\npoints = 3", "granted"},
      {"rule = \"expiry\"\navailable_on = 2024-10-01", "granted"},
      {"rule = \"expiry\"\navailable_on = 2024-09-30", "MAL-02"},
      {"rule = \"spend\"\nbearing = 100\nplain = 80\npoints = 150\ntakes_bearing = 100", "granted"},
      {"rule = \"spend\"\nbearing = 100\nplain = 80\npoints = 150\ntakes_bearing = 70", "PTS-03"},
      {"rule = \"signing\"\nsigner = \"authority\"", "granted"},
      {"rule = \"signing\"\nsigner = \"operator\"\ndelegation = \"valid\"", "granted"},
      {"rule = \"signing\"\nsigner = \"operator\"\ndelegation = \"expired\"", "ISS-01"},
      {"rule = \"honour\"\nhonour = \"given\"", "granted"},
      {"rule = \"honour\"\nhonour = \"taken\"", "RUL-01"},
      {"rule = \"act_day\"", "granted"},
  };
  const Rulebook book = book_of_values();
  for (const auto& [question, answer] : asked)
    EXPECT_EQ(play("[[case]]\nid = \"x\"\nbasis = \"t1.a1\"\nzh = \"问\"\nen = \"?\"\nexpect = \"granted\"\non = "
                   "2026-10-01\n" +
                       question + "\n",
                   book),
              answer)
        << question;
}

TEST(values, are_not_in_force_in_a_book_on_trial) {
  const std::string act_day =
      "[[case]]\nid = \"x\"\nbasis = \"t1.a1\"\nzh = \"问\"\nen = \"?\"\nexpect = \"granted\"\non = 2026-10-01\n"
      "rule = \"act_day\"\n";
  EXPECT_EQ(play(act_day), "RUL-01");
  EXPECT_EQ(play(act_day, book_of_values()), "granted");
}

std::string findings_of(const std::vector<SourceFile>& files, std::string_view cases,
                        const std::vector<BookQuestion>& questions = {}) {
  const Rulebook book = test::loaded(files);
  std::string all;
  for (const TextError& finding :
       check_rulebook({book, test::notified_calendar(), questions, cases_of(cases), {}}).findings) {
    EXPECT_GT(finding.line, 0);
    EXPECT_FALSE(finding.remedy.empty());
    all += finding.message + "\n";
  }
  return all;
}

const std::string both = std::string(notice_too_early) + std::string(notice_in_time);

TEST(check, finds_nothing_in_a_sound_book_and_counts_what_waits) {
  const Rulebook book = test::loaded(test::small_files());
  const std::string waiting =
      replaced(replaced(notice_in_time, "notice-closed-in-time", "later"), "expect", "waits_for = \"trade\"\nexpect");
  const BookReport report = check_rulebook({book, test::notified_calendar(), {}, cases_of(both + waiting), {}});
  EXPECT_EQ(describe(report.findings), "");
  EXPECT_EQ(report.cases_played, 2);
  EXPECT_EQ(report.cases_waiting, (std::map<std::string, int>{{"trade", 1}}));
  EXPECT_EQ(report.unperformed_effects, std::set<std::string>{"plan_published"});
  EXPECT_EQ(report.provisions, (std::map<std::string, int>{{"executable", 1}}));
}

TEST(check, wants_twins_that_come_out) {
  EXPECT_EQ(findings_of(test::small_files(), notice_in_time), "t1.a1 is executable, but has no case that is refused\n");
  EXPECT_EQ(findings_of(test::small_files(), ""), "t1.a1 is executable, but has no case that is granted or refused\n");
  EXPECT_EQ(findings_of(test::small_files(), replaced(both, "on = 2025-10-10", "on = 2025-10-09")).substr(0, 70),
            "notice-closed-in-time: expected granted, the engine answers MET-03: th");
  EXPECT_EQ(findings_of(test::small_files(), replaced(both, "basis = \"t1.a1\"", "basis = \"t1.a9\"")).substr(0, 53),
            "notice-closed-too-early: there is no provision t1.a9\n");
}

TEST(check, finds_what_is_wrong_with_a_procedure) {
  const auto first_line = [](std::string_view from, std::string_view to) {
    const std::string all = findings_of(test::small_files_with(from, to), both);
    return all.substr(0, all.find('\n'));
  };
  EXPECT_EQ(first_line("when = [\"supplement\"]\nto = \"appraising\"", "when = [\"supplement\"]"),
            "plan: a case in the state supplement cannot come to rest");
  EXPECT_EQ(first_line("to = \"supplement\"", "to = \"appraising\""), "plan: no way leads to the state supplement");
  EXPECT_EQ(first_line("needs = [\"no_objection\"]\n", ""), "no action needs the guard no_objection");
  const std::string around = findings_of(test::small_files_with("to = \"on_notice\"", "to = \"filing\""), both);
  EXPECT_NE(around.find("plan: no way leads to the state on_notice"), std::string::npos);
  EXPECT_NE(around.find("plan_notice: a way leads around it to the state filing"), std::string::npos);
}

TEST(check, wants_every_article) {
  EXPECT_EQ(findings_of(test::small_files_with("## t1.a1 ", "## t1.a3 "),
                        replaced(replaced(both, "t1.a1", "t1.a3"), "t1.a1", "t1.a3")),
            "t1.a1 is missing: every article has a status\nt1.a2 is missing: every article has a status\n");
}

TEST(check, wants_an_answer_to_every_question_and_a_question_for_every_answer) {
  const std::string answer = "```toml\n[[setting]]\nquestion = \"who_issues\"\nzh = \"甲\"\nen = \"A\"\n\n";
  const std::vector<BookQuestion> asked = {{"who_issues", "谁", "who", "q.toml", 1},
                                           {"AMB-01", "问", "?", "q.toml", 5}};
  EXPECT_EQ(findings_of(test::small_files_with("```toml\n", answer), both, asked), "t1 does not answer AMB-01\n");
  EXPECT_EQ(findings_of(test::small_files_with("```toml\n", answer), both), "nobody asks the question who_issues\n");
  EXPECT_EQ(
      findings_of(test::small_files_with("working_days = 20\n", "working_days = 20\nsettings = [\"AMB-12\"]\n"), both),
      "there is no question AMB-12\n");
}

}  // namespace
}  // namespace tanpuhui
