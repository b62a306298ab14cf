#include "procedure/terms.h"

#include <random>

#include "base/words.h"
#include "small_book.h"

namespace tanpuhui {
namespace {

using test::day;
using test::Story;

TEST(notice, cannot_be_closed_before_its_fifth_working_day_is_over) {
  Story story;
  story.noticed();
  for (const char* too_early : {"2025-09-25", "2025-09-30", "2025-10-09"})
    EXPECT_EQ(story.answer(too_early, Story::by("clerk", "close_notice")), "MET-03") << too_early;
  EXPECT_EQ(story.answer("2025-10-10", Story::by("clerk", "close_notice")), "granted");
}

TEST(notice, teaches_when_it_can_be_closed) {
  Story story;
  story.noticed();
  const auto refused = story.ask("2025-10-09", Story::by("clerk", "close_notice"));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message_en,
            "the notice is not over: it runs from 2025-09-25 for at least 5 working days; earliest close 2025-10-10");
  EXPECT_EQ(refused.error().message_zh,
            "公示尚未期满：自 2025-09-25 起公示，至少 5 个工作日，最早可于 2025-10-10 结束");
}

TEST(notice, is_opened_again_after_a_document_was_replaced) {
  Story story;
  story.noticed();
  const StepRequest closing = Story::with(Story::by("clerk", "close_notice"), {"text"}, 2);
  EXPECT_EQ(story.answer("2025-10-10", closing), "MET-03");
  story.goes("2025-10-10", Story::with(Story::by("developer", "change_text"), {"text"}, 2));
  story.goes("2025-10-11", Story::by("clerk", "open_notice"));
  EXPECT_EQ(story.answer("2025-10-17", Story::by("clerk", "close_notice")), "MET-03");
  EXPECT_EQ(story.answer("2025-10-18", Story::by("clerk", "close_notice")), "granted");
}

TEST(notice, holds_the_documents_also_after_it_was_closed) {
  Story story;
  story.noticed();
  story.goes("2025-10-10", Story::by("clerk", "close_notice"));
  EXPECT_EQ(story.answer("2025-10-13", Story::with(Story::by("first_bureau", "publish"), {"text"}, 2)), "MET-03");
  EXPECT_EQ(story.answer("2025-10-13", Story::with(Story::by("first_bureau", "publish"), {"text"}, 1)), "granted");
  EXPECT_EQ(story.answer("2025-10-13", Story::with(Story::by("second_bureau", "publish"), {"minutes"}, 3)), "granted");
}

TEST(notice, waits_for_open_objections) {
  Story story;
  story.noticed();
  story.facts.about = {{"objection", "received"}};
  EXPECT_EQ(story.answer("2025-10-10", Story::by("clerk", "close_notice")), "MET-03");
  story.facts.about = {{"objection", "answered"}};
  EXPECT_EQ(story.answer("2025-10-10", Story::by("clerk", "close_notice")), "granted");
}

TEST(notice, is_provisional_until_the_year_is_loaded) {
  Story story;
  story.submitted("2026-12-01");
  story.passed("2026-12-02");
  story.goes("2026-12-30", Story::by("clerk", "open_notice"));
  const auto notice = notices_of(story.book_, story.calendar_, story.matter).at(0);
  EXPECT_TRUE(notice.least.provisional);
  EXPECT_EQ(notice.least.missing_year, 2027);
  EXPECT_EQ(story.answer("2027-02-01", Story::by("clerk", "close_notice")), "CAL-01");
  auto files = test::files_of("rulebooks/common/working_days");
  files.push_back(
      {"2027.toml",
       "year = 2027\nnotice = \"made up\"\nissued_on = 2026-11-01\nsource = \"none\"\n"
       "make_up_working_days = []\n[[days_off]]\nholiday = \"x\"\nfirst = 2027-01-01\nlast = 2027-01-03\n"});
  story.calendar_ = *load_calendar(files);
  EXPECT_FALSE(notices_of(story.book_, story.calendar_, story.matter).at(0).least.provisional);
  EXPECT_EQ(story.answer("2027-01-07", Story::by("clerk", "close_notice")), "MET-03");
  EXPECT_EQ(story.answer("2027-01-08", Story::by("clerk", "close_notice")), "granted");
}

TEST(deadline, counts_working_days_after_the_day_of_its_start) {
  Story story;
  story.submitted("2024-09-30");
  const RunningDeadline deadline = story.deadline("2024-10-10");
  EXPECT_EQ(deadline.due.last_day, day("2024-11-01"));
  EXPECT_EQ(deadline.counted, 3);
  EXPECT_FALSE(deadline.overdue);
  EXPECT_TRUE(deadline.reminders.empty());
}

TEST(deadline, is_overdue_from_the_day_after_its_last_and_says_whom_to_tell) {
  Story story;
  story.submitted("2024-09-30");
  EXPECT_FALSE(story.deadline("2024-11-01").overdue);
  const RunningDeadline deadline = story.deadline("2024-11-02");
  EXPECT_TRUE(deadline.overdue);
  EXPECT_EQ(deadline.rule->owner, "clerk");
  EXPECT_EQ(deadline.rule->escalates_to, "approver");
  EXPECT_EQ(deadline.reminders, (std::vector<std::int64_t>{10, 15, 18}));
}

TEST(deadline, stands_still_during_a_pause) {
  Story story;
  story.submitted("2025-03-03");                        // a Monday
  story.goes("2025-03-06", Story::by("clerk", "ask"));  // two days counted: Tuesday and Wednesday
  const RunningDeadline paused = story.deadline("2025-03-10");
  EXPECT_TRUE(paused.paused);
  EXPECT_EQ(paused.counted, 2);
  EXPECT_EQ(paused.pauses, (std::vector<DayRange>{{day("2025-03-06"), day("2025-03-10")}}));
  story.goes("2025-03-12", Story::by("developer", "supply"));  // counting goes on with Thursday
  const RunningDeadline resumed = story.deadline("2025-03-13");
  EXPECT_FALSE(resumed.paused);
  EXPECT_EQ(resumed.counted, 3);
  EXPECT_EQ(resumed.due.last_day, day("2025-04-08"));  // five working days later than 2025-03-31, and Qingming
}

TEST(deadline, ends_with_the_action_that_ends_it_and_remembers_that_it_was_late) {
  Story story;
  story.submitted("2024-09-30");
  story.passed("2024-11-04");
  const RunningDeadline deadline = story.deadline("2024-12-01");
  EXPECT_EQ(deadline.ended_on, day("2024-11-04"));
  EXPECT_FALSE(deadline.overdue);
  EXPECT_TRUE(deadline.late);
  EXPECT_TRUE(deadline.reminders.empty());
}

TEST(deadline, opens_the_way_for_what_needs_it_to_be_overdue) {
  Story story;
  story.submitted("2024-09-30");
  EXPECT_EQ(story.answer("2024-11-01", Story::by("clerk", "give_up")), "TER-01");
  EXPECT_EQ(story.answer("2024-11-02", Story::by("clerk", "give_up")), "granted");
}

TEST(deadline, is_not_acted_upon_while_provisional) {
  Story story;
  story.submitted("2026-12-20");
  EXPECT_TRUE(story.deadline("2026-12-21").due.provisional);
  EXPECT_EQ(story.answer("2027-03-01", Story::by("clerk", "give_up")), "CAL-01");
}

TEST(deadline, may_be_set_by_a_field_and_counted_in_calendar_days) {
  Story by_field(test::loaded(
      test::small_files_with("working_days = 20\n", "working_days = 20\nworking_days_field = \"within\"\n")));
  by_field.submitted("2025-03-03");
  by_field.matter.fields["within"] = "3";
  EXPECT_EQ(by_field.deadline("2025-03-03").due.last_day, day("2025-03-06"));
  by_field.matter.fields["within"] = "many";
  EXPECT_EQ(by_field.deadline("2025-03-03").days, 20);

  Story calendar_days(test::loaded(test::small_files_with("working_days = 20\n", "calendar_days = 30\n")));
  calendar_days.submitted("2025-03-03");
  EXPECT_EQ(calendar_days.deadline("2025-03-03").due.last_day, day("2025-04-02"));
  calendar_days.goes("2025-03-10", Story::by("clerk", "ask"));
  calendar_days.goes("2025-03-11", Story::by("developer", "supply"));
  EXPECT_EQ(calendar_days.deadline("2025-03-12").due.last_day, day("2025-04-04"));
}

TEST(deadline, runs_in_the_states_between_its_start_and_its_end) {
  const Rulebook book = test::loaded(test::small_files());
  EXPECT_EQ(states_while_running(book, book.deadlines.front()), (std::set<std::string>{"appraising", "supplement"}));
}

/// Walks the real books' procedures without asking any guard: every way that there could ever be.
TEST(deadline, never_runs_in_a_state_where_nobody_looks_for_it) {
  const Calendar calendar = test::notified_calendar();
  std::mt19937 dice(3);
  for (const char* name : {"js24", "sip25"}) {
    const Rulebook book = test::loaded(test::files_of(std::string("rulebooks/") + name));
    std::size_t running = 0;
    for (const ProcedureRule& procedure : book.procedures)
      for (int walk = 0; walk < 20; ++walk) {
        Case matter = begin_case(procedure, {"dong", "works", "organisation"});
        for (int step = 0; step < 15; ++step) {
          std::vector<const ActionRule*> possible;
          for (const ActionRule& action : book.actions)
            if (action.procedure == procedure.id && is_one_of(action.when, matter.state)) possible.push_back(&action);
          if (possible.empty()) break;
          const ActionRule& action = *possible[dice() % possible.size()];
          CaseStep taken;
          taken.act.action = action.id;
          taken.act.complete = !action.together || dice() % 2 == 0;
          taken.act.from = matter.state;
          taken.act.to = action.to.empty() || !taken.act.complete ? matter.state : action.to;
          taken.act.at = *parse_instant("2026-03-02T10:00:00+08:00");
          apply_step(matter, taken);
          for (const RunningDeadline& deadline : deadlines_of(book, calendar, matter, taken.act.at)) {
            if (deadline.ended_on) continue;
            ++running;
            ASSERT_TRUE(states_while_running(book, *deadline.rule).contains(matter.state))
                << name << ' ' << deadline.rule->id << " in " << matter.state;
          }
        }
      }
    EXPECT_LT(100U, running) << name;
  }
}

}  // namespace
}  // namespace tanpuhui
