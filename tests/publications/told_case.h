#pragma once
/// Cases with a story that is written down, not played: what leads to an act is the procedures' own test.
#include "cases/work_on_case.h"
#include "crypto/hash.h"

namespace tanpuhui {

using Fields = std::map<std::string, std::string>;

struct Told {
  int day;  ///< after the day on which the story begins
  std::string action, to;
  Fields fields;
};

inline std::int64_t tell_case(const Office& desk, const std::string& procedure, const Applicant& applicant, Day begins,
                              const std::vector<Told>& story) {
  const std::int64_t number = open_case(desk, {procedure, applicant, {}}, new_command_id(desk.now)).value();
  std::string state = desk.book.find(desk.book.procedures, procedure, desk.today())->starts;
  std::int64_t n = 0;
  for (const Told& told : story) {
    CaseAct act;
    act.person = "clerk-x";
    act.action = told.action;
    act.from = state;
    act.to = state = told.to;
    act.at = start_of(begins + told.day, desk.book.zone);
    act.reason = "secret";
    act.fields = told.fields;
    act.documents = {{"full_text", {1, sha256(as_bytes("text"))}}};
    auto insert = desk.database.statement("INSERT INTO case_acts(case_id, n, entry_id, body) VALUES (?, ?, ?, ?)");
    insert.bind(number).bind(n++).bind(number).bind(encode_act(act)).run();
  }
  auto move = desk.database.statement("UPDATE cases SET state = ?, acts = ? WHERE case_id = ?");
  move.bind(state).bind(n).bind(number).run();
  return number;
}

}  // namespace tanpuhui
