#pragma once
/// The made-up regulation of rulebook/procedure_book.h at work: one case and the people around it.
#include "procedure/decide_step.h"
#include "procedure/terms.h"
#include "rulebook/procedure_book.h"

namespace tanpuhui::test {

inline Calendar notified_calendar() {
  auto calendar = load_calendar(files_of("rulebooks/common/working_days"));
  EXPECT_TRUE(calendar);
  return *calendar;
}

/// One case and the people around it, so that a test reads as a story.
class Story {
 public:
  explicit Story(Rulebook book = loaded(small_files()))
      : book_(std::move(book)),
        calendar_(notified_calendar()),
        matter(begin_case(book_.procedures.front(), {"dong", "works", "organisation"})) {}

  static StepRequest by(const std::string& role, const std::string& action) {
    const bool applicant = role == "developer";
    StepRequest request{action,      {applicant ? "dong" : "the " + role, applicant ? "works" : "centre", {role}},
                        role,        "because",
                        {},          {},
                        Vote::for_it};
    return request;
  }
  static StepRequest with(StepRequest request, const std::vector<std::string>& documents, std::uint8_t content = 1) {
    for (const std::string& kind : documents) request.documents[kind] = Digest{content};
    return request;
  }
  static StepRequest as(StepRequest request, const std::string& person) {
    request.actor.person = person;
    return request;
  }

  Result<CaseStep> ask(const std::string& on, const StepRequest& request) const {
    const Instant now = *parse_instant(on + "T10:00:00+08:00");
    return decide_step(book_, calendar_, matter, facts, request, now);
  }
  /// "granted" with the step applied, or the code.
  std::string answer(const std::string& on, const StepRequest& request) {
    const auto step = ask(on, request);
    if (!step) return step.error().code;
    apply_step(matter, *step);
    return "granted";
  }
  void goes(const std::string& on, const StepRequest& request) {
    const auto step = ask(on, request);
    ASSERT_TRUE(step) << describe(step.error());
    apply_step(matter, *step);
  }

  void submitted(const std::string& on) { goes(on, with(by("developer", "submit"), {"baseline", "text"})); }
  void passed(const std::string& on) {
    goes(on, as(by("expert", "vote"), "e1"));
    goes(on, as(by("expert", "vote"), "e2"));
    goes(on, by("approver", "pass"));
  }
  /// On notice since 2025-09-25.
  void noticed() {
    submitted("2025-09-01");
    passed("2025-09-10");
    goes("2025-09-25", by("clerk", "open_notice"));
  }

  RunningDeadline deadline(const std::string& today) const {
    const auto all = deadlines_of(book_, calendar_, matter, *parse_instant(today + "T10:00:00+08:00"));
    EXPECT_EQ(all.size(), 1U);
    return all.at(0);
  }

  Rulebook book_;
  Calendar calendar_;
  Case matter;
  CaseFacts facts;
};

}  // namespace tanpuhui::test
