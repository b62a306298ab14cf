/// What is on public notice. Which notices a publication shows is the book's to say: those whose opening action
/// publishes it, of whatever procedure.
#include <algorithm>

#include <fmt/format.h>

#include "base/words.h"
#include "procedure/terms.h"
#include "publications/compilers.h"

namespace tanpuhui {
namespace {

bool publishes(const Compilation& at, const std::string& procedure, const std::string& action) {
  return std::ranges::any_of(at.sources.book.actions, [&](const ActionRule& rule) {
    return rule.procedure == procedure && rule.id == action && rule.publishes == at.rule.id;
  });
}

struct OpenNotice {
  StoredCase stored;
  Day opened_on, closes_on;
};

/// The notice is open, and the case still stands where its opening led.
bool is_open(const Compilation& at, const Case& matter, const RunningNotice& notice) {
  const CaseAct* opening = last_act(matter, notice.rule->opens);
  return !notice.closed_on && opening != nullptr && publishes(at, matter.procedure, opening->action) &&
         matter.state == opening->to;
}

Result<std::vector<OpenNotice>> open_notices(const Compilation& at) {
  std::vector<OpenNotice> all;
  for (const ProcedureRule& procedure : at.sources.book.procedures)
    for (StoredCase& stored : cases_of(at, procedure.id))
      for (const RunningNotice& notice : notices_of(at.sources.book, at.sources.calendar, stored.matter)) {
        if (!is_open(at, stored.matter, notice)) continue;
        TANPUHUI_TRY(const Day closes_on, finalise(notice.least));
        all.push_back({stored, notice.opened_on, closes_on});
      }
  std::ranges::stable_sort(all, {}, [](const OpenNotice& notice) { return notice.stored.number; });
  return all;
}

Row row_of(const OpenNotice& notice) {
  Row row;
  row["opened_on"] = format_day(notice.opened_on);
  row["closes_on"] = format_day(notice.closes_on);
  row["objection_channel"] = objection_channel(fmt::format("case {}", notice.stored.number));
  return row;
}

}  // namespace

Result<Rows> compile_methodology_notices(const Compilation& at) {
  TANPUHUI_TRY(const std::vector<OpenNotice> notices, open_notices(at));
  Rows rows;
  for (const OpenNotice& notice : notices) {
    const Case& matter = notice.stored.matter;
    Row row = row_of(notice);
    row["title"] = name_of(notice.stored, {"title", "name", "methodology_subject"});
    row["kind"] = field_of(matter, "kind");
    row["applicant"] = applicant_of(matter);
    row["full_text"] = document_of(matter, "full_text");
    rows.push_back(std::move(row));
  }
  return rows;
}

Result<Rows> compile_object_notices(const Compilation& at) {
  TANPUHUI_TRY(const std::vector<OpenNotice> notices, open_notices(at));
  Rows rows;
  for (const OpenNotice& notice : notices) {
    const Case& matter = notice.stored.matter;
    Row row = row_of(notice);
    row["object"] = name_of(notice.stored, {"name", "title", "identifier"});
    row["developer"] = applicant_of(matter);
    row["methodology"] = methodology_of(at, matter);
    row["boundary"] = field_of(matter, "boundary");
    rows.push_back(std::move(row));
  }
  return rows;
}

Result<Rows> compile_exits(const Compilation& at) {
  TANPUHUI_TRY(const std::vector<OpenNotice> notices, open_notices(at));
  Rows rows;
  for (const OpenNotice& notice : notices) {
    Row row = row_of(notice);
    row["object"] = name_of(notice.stored, {"name", "title", "methodology_subject", "identifier"});
    row["reason"] = field_of(notice.stored.matter, "reason_class");
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace tanpuhui
