#include "procedure/decide_step.h"

#include "small_book.h"

namespace tanpuhui {
namespace {

using test::Story;

TEST(decide_step, walks_a_case_from_draft_to_publication) {
  Story story;
  story.noticed();
  story.goes("2025-10-10", Story::by("clerk", "close_notice"));
  story.goes("2025-10-13", Story::by("first_bureau", "publish"));
  EXPECT_EQ(story.matter.state, "filing");
  const auto last = story.ask("2025-10-14", Story::by("second_bureau", "publish"));
  ASSERT_TRUE(last);
  EXPECT_EQ(last->effect, "plan_published");
  EXPECT_EQ(last->publishes, "notices");
  EXPECT_EQ(last->act.to, "published");
  EXPECT_EQ(last->act.basis, "t1.a1");
}

TEST(decide_step, refuses_an_action_that_is_not_listed_and_says_which_are) {
  Story story;
  const auto refused = story.ask("2025-09-01", Story::by("clerk", "publish"));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, "PRO-01");
  EXPECT_EQ(refused.error().remedy_en, "possible now: submit");
  EXPECT_EQ(refused.error().message_zh, "当前状态“草稿”下没有“publish”这一步骤");
}

TEST(decide_step, refuses_another_role_and_a_role_that_the_actor_does_not_hold) {
  Story story;
  EXPECT_EQ(story.answer("2025-09-01", Story::by("clerk", "submit")), "PRO-02");
  StepRequest borrowed = Story::by("developer", "submit");
  borrowed.actor.roles = {"expert"};
  EXPECT_EQ(story.answer("2025-09-01", borrowed), "PRO-02");
}

TEST(decide_step, names_the_documents_that_are_missing) {
  Story story;
  const auto refused = story.ask("2025-09-01", Story::with(Story::by("developer", "submit"), {"baseline"}));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, "MET-01");
  EXPECT_EQ(refused.error().message_en, "parts must be attached (missing = text)");
  EXPECT_EQ(refused.error().remedy_zh, "补充材料");
}

TEST(decide_step, lets_only_the_applicant_act_as_the_applicant) {
  Story story;
  StepRequest stranger = Story::with(Story::as(Story::by("developer", "submit"), "somebody"), {"baseline", "text"});
  stranger.actor.unit = "elsewhere";
  EXPECT_EQ(story.answer("2025-09-01", stranger), "PRO-02");
  stranger.actor.unit = "works";
  EXPECT_EQ(story.answer("2025-09-01", stranger), "granted");
}

TEST(decide_step, wants_reasons_and_votes_to_be_said) {
  Story story;
  story.submitted("2025-09-01");
  StepRequest ask = Story::by("clerk", "ask");
  ask.reason.clear();
  EXPECT_EQ(story.answer("2025-09-02", ask), "PRO-03");
  StepRequest vote = Story::by("expert", "vote");
  vote.vote = Vote::none;
  EXPECT_EQ(story.answer("2025-09-02", vote), "PRO-03");
}

TEST(separation, keeps_maker_and_checker_apart) {
  Story story;
  story.submitted("2025-09-01");
  story.goes("2025-09-02", Story::by("clerk", "ask"));
  story.goes("2025-09-03", Story::by("developer", "supply"));
  story.goes("2025-09-04", Story::as(Story::by("expert", "vote"), "e1"));
  story.goes("2025-09-04", Story::as(Story::by("expert", "vote"), "e2"));
  EXPECT_EQ(story.answer("2025-09-05", Story::by("clerk", "pass")), "SEP-01");
  EXPECT_EQ(story.answer("2025-09-05", Story::as(Story::by("clerk", "pass"), "another clerk")), "granted");
}

TEST(separation, keeps_everybody_from_their_own_case_and_their_own_unit) {
  Story story;
  story.submitted("2025-09-01");
  EXPECT_EQ(story.answer("2025-09-02", Story::as(Story::by("clerk", "ask"), "dong")), "SEP-02");
  StepRequest colleague = Story::by("clerk", "ask");
  colleague.actor.unit = "works";
  EXPECT_EQ(story.answer("2025-09-02", colleague), "SEP-02");
}

TEST(separation, refuses_roles_that_exclude_each_other_now_or_earlier_in_the_case) {
  Story story;
  story.submitted("2025-09-01");
  StepRequest both = Story::by("clerk", "ask");
  both.actor.roles = {"clerk", "approver"};
  EXPECT_EQ(story.answer("2025-09-02", both), "SEP-03");
  story.passed("2025-09-03");
  EXPECT_EQ(story.answer("2025-09-04", Story::as(Story::by("clerk", "open_notice"), "the approver")), "SEP-03");
}

TEST(separation, keeps_conflicted_experts_out) {
  Story story;
  story.submitted("2025-09-01");
  story.facts.conflicts = {"e1"};
  EXPECT_EQ(story.answer("2025-09-02", Story::as(Story::by("expert", "vote"), "e1")), "VER-01");
  EXPECT_EQ(story.answer("2025-09-02", Story::as(Story::by("expert", "vote"), "e2")), "granted");
}

TEST(votes, count_the_last_word_of_each_person_on_the_documents_as_they_are) {
  Story story;
  story.submitted("2025-09-01");
  story.goes("2025-09-02", Story::as(Story::by("expert", "vote"), "e1"));
  story.goes("2025-09-02", Story::as(Story::by("expert", "vote"), "e1"));
  EXPECT_EQ(story.answer("2025-09-02", Story::by("approver", "pass")), "MET-03");
  StepRequest against = Story::as(Story::by("expert", "vote"), "e2");
  against.vote = Vote::against;
  story.goes("2025-09-02", against);
  EXPECT_EQ(story.answer("2025-09-02", Story::by("approver", "pass")), "MET-03");
  story.goes("2025-09-03", Story::as(Story::by("expert", "vote"), "e2"));
  EXPECT_EQ(tally_of(story.matter, "vote").for_it, 2);
  story.goes("2025-09-04", Story::by("clerk", "ask"));
  story.goes("2025-09-05", Story::with(Story::by("developer", "supply"), {"text"}, 2));
  EXPECT_EQ(tally_of(story.matter, "vote").for_it, 0);
}

TEST(joint_signature, needs_every_role_once_each_by_another_person) {
  Story story;
  story.noticed();
  story.goes("2025-10-10", Story::by("clerk", "close_notice"));
  story.goes("2025-10-13", Story::by("second_bureau", "publish"));
  EXPECT_FALSE(story.matter.history.back().complete);
  EXPECT_EQ(story.answer("2025-10-13", Story::as(Story::by("second_bureau", "publish"), "another")), "PRO-01");
  EXPECT_EQ(story.answer("2025-10-13", Story::as(Story::by("first_bureau", "publish"), "the second_bureau")), "SEP-01");
  EXPECT_EQ(story.answer("2025-10-13", Story::by("first_bureau", "publish")), "granted");
  EXPECT_EQ(story.matter.state, "published");
}

TEST(joint_signature, is_void_after_the_case_has_moved) {
  Story story;
  story.noticed();
  story.goes("2025-10-10", Story::by("clerk", "close_notice"));
  story.goes("2025-10-13", Story::by("first_bureau", "publish"));
  story.goes("2025-10-14", Story::by("developer", "change_text"));
  story.goes("2025-10-15", Story::by("clerk", "open_notice"));
  story.goes("2025-10-27", Story::by("clerk", "close_notice"));
  story.goes("2025-10-28", Story::by("second_bureau", "publish"));
  EXPECT_EQ(story.matter.state, "filing");
}

TEST(actions_of, offers_what_may_be_done_and_says_why_the_rest_may_not) {
  Story story;
  story.submitted("2025-09-01");
  std::string seen;
  const Actor clerk{"the clerk", "centre", {"clerk"}};
  for (const OfferedAction& offered : actions_of(story.book_, story.calendar_, story.matter, story.facts, clerk,
                                                 *parse_instant("2025-09-02T10:00:00+08:00")))
    seen += offered.action->id + " " + (offered.refusal ? offered.refusal->code : "granted") + "; ";
  EXPECT_EQ(seen, "ask granted; vote PRO-02; pass MET-03; give_up TER-01; ");
}

TEST(trial, walks_procedures_of_a_book_without_a_day_but_not_of_one_that_is_not_yet_in_force) {
  EXPECT_TRUE(Story().book_.on_trial());
  auto files = test::small_files_with("```toml\n", "```toml\n[[entry_into_force]]\nfrom = 2025-09-05\n\n");
  Story story(test::loaded(files));
  const StepRequest submit = Story::with(Story::by("developer", "submit"), {"baseline", "text"});
  EXPECT_EQ(story.answer("2025-09-04", submit), "PRO-01");
  EXPECT_EQ(story.answer("2025-09-05", submit), "granted");
}

}  // namespace
}  // namespace tanpuhui
