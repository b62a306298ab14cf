#include "cases/lapse.h"

#include <algorithm>
#include <set>

#include "base/cbor.h"
#include "cases/store_step.h"
#include "crypto/hash.h"
#include "procedure/lapse.h"

namespace tanpuhui {
namespace {

std::optional<CaseStep> lapse_of(const CaseOffice& at, const StoredCase& stored) {
  if (!may_lapse(at.office.book, stored.matter, at.office.today())) return std::nullopt;
  const CaseFacts facts = find_facts(at.ground(), stored);
  return decide_lapse(at.office.book, at.calendar, stored.matter, facts, at.office.now);
}

// Of the same case with the same history always the same on one day.
CommandId id_of(const CaseOffice& at, const StoredCase& stored) {
  CborWriter out;
  out.array(3).text("tph/lapse1").integer(stored.number).integer(std::ssize(stored.matter.history));
  return command_id_of(start_of(at.office.today(), at.office.book.zone), sha256(out.result()));
}

Refusal met_again(const StoredCase& stored) {
  return refuse("PRO-01")
      .because("case", std::to_string(stored.number))
      .says("条件已重新满足，无须处理", "the condition is met again: there is nothing to do")
      .mend("查看案件", "look at the case");
}

}  // namespace

Result<std::optional<CaseStep>> take_lapse(const CaseOffice& at, std::int64_t number) {
  const auto stored = find_case(at.office.database, number);
  const auto lapse = stored ? lapse_of(at, *stored) : std::nullopt;
  if (!lapse) return std::optional<CaseStep>();
  StepRequest request;
  request.action = lapse->act.action;
  request.role = lapse->act.role;
  TANPUHUI_TRY(CaseStep step, store_step(at.office, at.rooms, number, request, {}, id_of(at, *stored),
                                         [&](const StoredCase& now, const StepRequest&) -> Result<CaseStep> {
                                           auto again = lapse_of(at, now);
                                           if (!again) return met_again(now);
                                           return *std::move(again);
                                         }));
  return std::optional(std::move(step));
}

std::vector<std::int64_t> list_watched(Database& database, const Rulebook& book, Day today) {
  std::set<std::pair<std::string, std::string>> watched;
  for (const ActionRule& action : book.actions)
    if (!action.lapses.empty() && book.applies_on(action, today))
      for (const std::string& state : action.when) watched.emplace(action.procedure, state);
  std::vector<std::int64_t> numbers;
  auto rows = database.statement("SELECT case_id FROM cases WHERE procedure = ? AND state = ? ORDER BY case_id");
  for (const auto& [procedure, state] : watched) rows.bind(procedure).bind(state).add();
  while (rows.step()) numbers.push_back(rows.integer(0));
  std::ranges::sort(numbers);
  return numbers;
}

Result<std::vector<Lapsed>> take_lapses(const CaseOffice& at) {
  std::vector<Lapsed> all;
  for (const std::int64_t number : list_watched(at.office.database, at.office.book, at.office.today())) {
    TANPUHUI_TRY(const std::optional<CaseStep> step, take_lapse(at, number));
    if (step) all.push_back({number, *step});
  }
  return all;
}

}  // namespace tanpuhui
