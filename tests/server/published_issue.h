#pragma once
/// An issue of a publication in a programme, brought as far as its test wants.
#include "cases/officers.h"
#include "governance/rooms_of_cases.h"
#include "publications/issues.h"
#include "small_programme.h"

namespace tanpuhui {

class IssueOfRules {
 public:
  explicit IssueOfRules(Database& database) : database_(database), writer_(database, sha256) {
    for (const auto& [person, role] :
         {std::pair("chen", "operator_clerk"), {"li", "operator_clerk"}, {"wang", "operator_approver"}})
      record_officer(office(book_), {person, role, "centre", day_of({2025, 1, 1}), {}}, new_command_id(now_)).value();
    number_ = draft_issue(office(book_), {}, {"rules", "", "chen", {}}, new_command_id(now_)).value();
  }

  std::int64_t number() const { return number_; }
  Issue issue() { return find_issue(database_, number_).value(); }

  void take(const std::string& action, const std::string& person, const std::string& role) {
    StepRequest request;
    request.action = action;
    request.actor = find_actor(database_, book_, person, "", day_at(now_, book_.zone));
    request.role = role;
    request.reason = "tested";
    const Office at = office(book_);
    take_step({at, calendar_, rooms_}, number_, request, {}, new_command_id(now_)).value();
  }
  void publish() {
    take("check", "li", "operator_clerk");
    take("publish", "wang", "operator_approver");
  }

 private:
  Office office(const Rulebook& book) { return {database_, writer_, book, now_}; }

  Database& database_;
  Writer writer_;
  const Rulebook book_ = js24_book();
  const Calendar calendar_;
  const CaseRooms rooms_ = rooms_of_cases({});
  const Instant now_ = start_of(day_of({2025, 6, 1}), Zone{});
  std::int64_t number_ = 0;
};

}  // namespace tanpuhui
