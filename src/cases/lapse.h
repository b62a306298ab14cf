#pragma once
/// Actions that the platform takes by itself (procedure/lapse.h): after each step of the case, and by the daily job for
/// what only time changes.
///
///   TANPUHUI_TRY(const std::vector<Lapsed> all, take_lapses(at));     // `jobs run lapse`
#include <optional>
#include <vector>

#include "cases/work_on_case.h"

namespace tanpuhui {

/// None when nothing lapsed. Refused with what the step's room says.
Result<std::optional<CaseStep>> take_lapse(const CaseOffice& at, std::int64_t number);

struct Lapsed {
  std::int64_t number = 0;
  CaseStep step;
};
/// Of all cases, by number. Looks only at cases in states that the book watches.
Result<std::vector<Lapsed>> take_lapses(const CaseOffice& at);

/// Cases in states that the book watches.
std::vector<std::int64_t> list_watched(Database& database, const Rulebook& book, Day today);

}  // namespace tanpuhui
