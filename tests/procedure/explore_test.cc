#include "procedure/explore.h"

#include <algorithm>

#include "small_book.h"

namespace tanpuhui {
namespace {

using Names = std::set<std::string>;

Rulebook book_with(std::string_view from, std::string_view to) {
  return test::loaded(test::small_files_with(from, to));
}

TEST(exploration, walks_every_way_of_a_sound_procedure) {
  const Exploration ways = explore(test::loaded(test::small_files()), "plan");
  EXPECT_EQ(ways.states,
            (Names{"draft", "appraising", "supplement", "passed", "on_notice", "filing", "published", "rejected"}));
  EXPECT_EQ(ways.granted, (Names{"submit", "ask", "supply", "vote", "pass", "give_up", "open_notice", "close_notice",
                                 "change_text", "publish"}));
  EXPECT_TRUE(ways.stuck.empty());
  EXPECT_TRUE(ways.around_notice.empty());
  EXPECT_GT(ways.cases, ways.states.size());
}

TEST(exploration, finds_a_state_without_a_way_out) {
  const Exploration ways =
      explore(book_with("when = [\"supplement\"]\nto = \"appraising\"", "when = [\"supplement\"]"), "plan");
  EXPECT_EQ(ways.stuck, Names{"supplement"});
}

TEST(exploration, finds_a_way_around_a_notice) {
  const Exploration ways = explore(book_with("when = [\"on_notice\", \"filing\"]\nto = \"passed\"",
                                             "when = [\"on_notice\", \"filing\"]\nto = \"filing\""),
                                   "plan");
  EXPECT_EQ(ways.around_notice,
            (std::vector<std::string>{"plan_notice: change_text -> filing", "plan_notice: publish -> published"}));
}

TEST(exploration, finds_an_action_that_nobody_can_take) {
  const Exploration ways = explore(book_with("to = \"supplement\"", "to = \"appraising\""), "plan");
  EXPECT_FALSE(ways.granted.contains("supply"));
  EXPECT_FALSE(ways.states.contains("supplement"));
}

TEST(exploration, sees_that_a_joint_act_needs_as_many_persons) {
  EXPECT_FALSE(explore(test::loaded(test::small_files()), "plan", Cast::one_person).states.contains("published"));
}

constexpr std::string_view one_clerk =
    "[[procedure]]\nid = \"sanction\"\nzh = \"处分\"\nen = \"sanction\"\nstarts = \"open\"\n"
    "states = [{id = \"open\", zh = \"甲\", en = \"a\"}, {id = \"proposed\", zh = \"乙\", en = \"b\"},\n"
    "  {id = \"decided\", zh = \"丙\", en = \"c\", rests = true}]\n\n"
    "[[action]]\nprocedure = \"sanction\"\nid = \"propose\"\nzh = \"提议\"\nen = \"propose\"\nwhen = [\"open\"]\n"
    "to = \"proposed\"\nby = [\"clerk\", \"expert\"]\n\n"
    "[[action]]\nprocedure = \"sanction\"\nid = \"decide\"\nzh = \"决定\"\nen = \"decide\"\nwhen = [\"proposed\"]\n"
    "to = \"decided\"\nby = [\"approver\", \"expert\"]\neffect = \"sanctioned\"\n";

TEST(exploration, finds_one_person_who_makes_and_checks) {
  const std::string anchor = "[[publication]]\n";
  const Rulebook loose = book_with(anchor, std::string(one_clerk) + "\n" + anchor);
  EXPECT_EQ(explore(loose, "sanction", Cast::one_person).alone, Names{"decide"});
  const Rulebook apart = book_with(anchor, std::string(one_clerk) + "apart_from = [\"propose\"]\n\n" + anchor);
  EXPECT_TRUE(explore(apart, "sanction", Cast::one_person).alone.empty());
}

TEST(matrix, answers_every_role_action_and_state) {
  const Rulebook book = test::loaded(test::small_files());
  const std::vector<MatrixRow> rows = matrix_of(book, "plan");
  EXPECT_EQ(rows.size(), 6U * 10U * 8U);
  std::string granted;
  for (const MatrixRow& row : rows) {
    EXPECT_FALSE(row.answer.empty());
    if (row.answer == "granted") granted += row.role + " " + row.action + " in " + row.state + "\n";
  }
  EXPECT_EQ(granted,
            "developer submit in draft\n"
            "developer supply in supplement\n"
            "developer change_text in on_notice\n"
            "developer change_text in filing\n"
            "clerk ask in appraising\n"
            "clerk pass in appraising\n"
            "clerk give_up in appraising\n"
            "clerk open_notice in passed\n"
            "clerk close_notice in on_notice\n"
            "approver pass in appraising\n"
            "expert vote in appraising\n"
            "first_bureau publish in filing\n"
            "second_bureau publish in filing\n");
  const auto refused = std::ranges::count(rows, std::string("PRO-02"), &MatrixRow::answer);
  EXPECT_EQ(refused, 6 * 11 - 13);
}

}  // namespace
}  // namespace tanpuhui
