/// Blocks of who acts and how: what a broken one is told, and what each names must be there.
#include "rulebook/procedure_book.h"
#include "rulebook/questions.h"

namespace tanpuhui {
namespace {

/// `12: message` of the first error, or "none".
std::string mistake_of(std::string_view from, std::string_view to) {
  const auto book = load_rulebook(test::small_files_with(from, to), test::toy_hash);
  if (book) return "none";
  const TextError& error = book.error().front();
  EXPECT_EQ(base_name(error.file), "ch1_first.law.md");
  EXPECT_GT(error.line, 6);
  EXPECT_FALSE(error.remedy.empty());
  return error.message;
}

TEST(blocks, tell_what_is_wrong_with_a_rule) {
  const std::vector<std::array<std::string_view, 3>> mistakes = {
      {"party = \"applicant\"", "party = \"guest\"", "party is none of the known words"},
      {"id = \"developer\"", "id = \"The developer\"", "the id is no plain word"},
      {"starts = \"draft\"", "starts = \"begun\"", "begun is none of the states"},
      {"{id = \"passed\", zh = \"评估通过\"", "{id = \"draft\", zh = \"评估通过\"", "the state draft comes twice"},
      {"when = [\"received\"]", "when = []", "when is empty"},
      {"when = [\"received\"]\n", "", "when is missing"},
      {"by = [\"clerk\"]\n", "by = [\"clerk\"]\ntogether = true\n", "one role alone does not act together"},
      {"code = \"MET-01\"", "code = \"MET1\"", "this is no refusal code"},
      {"documents = [\"baseline\", \"text\"]", "", "the guard asks nothing"},
      {"documents = [\"baseline\", \"text\"]", "documents = [\"text\"]\nfields = [\"a\"]",
       "the guard asks more than one thing"},
      {"documents = [\"baseline\", \"text\"]", "documents = [\"text\", \"text\"]", "documents names something twice"},
      {"share = \"2/3\"", "share = \"3/2\"", "the share is no fraction"},
      {"share = \"2/3\"", "share = \"most\"", "the share is no fraction"},
      {"working_days = 20\n", "", "a deadline has either working_days or calendar_days"},
      {"working_days = 20\n", "working_days = 20\ncalendar_days = 30\n",
       "a deadline has either working_days or calendar_days"},
      {"resumed_by = [\"supply\"]\n", "", "a pause has a beginning and an end"},
      {"owner = \"clerk\"\n", "", "owner is missing"},
      {"working_days_min = 5", "working_days_min = 0", "working_days_min is out of range"},
      {"every = \"at_once\"", "every = \"often\"", "every is none of the known words"},
      {"effect = \"plan_published\"", "effects = \"plan_published\"", "unknown key effects"},
  };
  for (const auto& [from, to, message] : mistakes) EXPECT_EQ(mistake_of(from, to), message) << to;
}

TEST(blocks, name_only_what_is_there) {
  const std::vector<std::array<std::string_view, 3>> mistakes = {
      {"excludes = [\"approver\"]", "excludes = [\"chief\"]", "there is no role chief"},
      {"by = [\"developer\"]", "by = [\"nobody\"]", "there is no role nobody"},
      {"needs = [\"parts\"]", "needs = [\"luck\"]", "there is no guard luck"},
      {"when = [\"received\"]", "when = [\"lost\"]", "there is no state lost"},
      {"to = \"answered\"", "to = \"lost\"", "there is no state lost"},
      {"apart_from = [\"ask\"]", "apart_from = [\"answer\"]", "there is no action answer"},
      {"publishes = \"notices\"", "publishes = \"news\"", "there is no publication news"},
      {"votes_for = \"vote\"", "votes_for = \"ask\"", "there is no action that votes ask"},
      {"closed = \"objection\"", "closed = \"complaint\"", "there is no procedure complaint"},
      {"overdue = \"appraisal\"", "overdue = \"patience\"", "there is no deadline patience"},
      {"ends = [\"pass\", \"give_up\"]", "ends = [\"answer\"]", "there is no action answer"},
      {"escalates_to = \"approver\"", "escalates_to = \"heaven\"", "there is no role heaven"},
      {"before = [\"filing\", \"published\"]", "before = [\"heaven\"]", "there is no state heaven"},
      {"id = \"open_notice\"\nzh", "id = \"show\"\nzh", "there is no action open_notice"},
  };
  for (const auto& [from, to, message] : mistakes) EXPECT_EQ(mistake_of(from, to), message) << to;
}

TEST(blocks, may_change_over_time_but_not_say_two_things_on_one_day) {
  const std::string_view role = "[[role]]\nid = \"expert\"\nzh = \"专家\"\nen = \"expert\"\nparty = \"expert\"\n";
  const std::string older = std::string(role) + "until = 2025-12-31\n\n";
  const std::string newer = std::string(role) + "from = 2026-01-01\n";
  EXPECT_EQ(mistake_of(role, older + newer), "none");
  EXPECT_EQ(mistake_of(role, std::string(role) + "\n" + newer).substr(0, 41),
            "this value is in force together with the ");
}

TEST(rights_and_answers, are_read_and_found_by_day) {
  const Rulebook book = test::loaded(test::small_files_with(
      "```toml\n",
      "```toml\n[[entry_into_force]]\nfrom = 2025-01-01\n\n[[right]]\nholder = \"person\"\nasset = \"reductions\"\n"
      "act = \"trade\"\nallowed = false\ncode = \"TRD-01\"\n\n[[setting]]\nquestion = \"who_issues\"\nzh = \"甲\"\n"
      "en = \"A\"\n\n[[setting]]\nquestion = \"AMB-12\"\nzh = \"乙\"\nen = \"B\"\nvalue = \"finish\"\n\n"));
  const RightRule* right = book.find_right("person", "reductions", "trade", test::day("2025-01-01"));
  ASSERT_NE(right, nullptr);
  EXPECT_FALSE(right->allowed);
  EXPECT_EQ(right->code, "TRD-01");
  EXPECT_EQ(book.find_right("person", "reductions", "trade", test::day("2024-12-31")), nullptr);
  EXPECT_EQ(book.find_right("person", "points", "trade", test::day("2025-01-01")), nullptr);
  EXPECT_EQ(book.answers.at(1).value, "finish");
  EXPECT_EQ(book.answers.at(0).from, test::day("2025-01-01"));
}

TEST(undated_book, has_no_value_in_force) {
  const Rulebook book = test::loaded(test::small_files_with(
      "```toml\n", "```toml\n[[entry_into_force]]\n\n[[order_rule]]\nafter_sales_days = 15\n\n"));
  EXPECT_TRUE(book.on_trial());
  EXPECT_FALSE(book.issued_on);
  EXPECT_FALSE(book.orders.on(test::day("2025-01-01")));
}

TEST(questions, are_asked_once_each) {
  const auto questions = read_questions({"q.toml",
                                         "[[question]]\nid = \"AMB-01\"\nzh = \"问\"\nen = \"?\"\n[[question]]\nid = "
                                         "\"who_issues\"\nzh = \"问\"\nen = \"?\"\n"});
  ASSERT_TRUE(questions);
  EXPECT_EQ(questions->size(), 2U);
  const auto twice = read_questions(
      {"q.toml",
       "[[question]]\nid = \"D1\"\nzh = \"问\"\nen = \"?\"\n[[question]]\nid = \"D1\"\nzh = \"问\"\nen = \"?\"\n"});
  ASSERT_FALSE(twice);
  EXPECT_EQ(describe(twice.error().front()).substr(0, 40), "q.toml:6:6: the question D1 is asked twi");
}

}  // namespace
}  // namespace tanpuhui
