#include <algorithm>

#include <fmt/format.h>

#include "methodology/draft.h"

namespace tanpuhui {
namespace {

/// Years beyond any register; keeps day arithmetic far from its ends.
const Day end_of_time = day_of({9999, 12, 31});

struct DatedRow {
  const DatedValue* value;
  const DatedConstant* constant;
};
using DatedRows = std::vector<DatedRow>;

void check_follow(const DatedRow& row, Day wanted, Draft& draft) {
  if (row.value->from > wanted)
    draft.fail(row.constant->at, fmt::format("{} has no value on {}", row.constant->name, format_day(wanted)),
               "close the gap in the dates");
  if (row.value->from < wanted)
    draft.fail(row.constant->at,
               fmt::format("{} has two values on {}", row.constant->name, format_day(row.value->from)),
               "end the earlier one the day before");
}

void check_rows(DatedRows rows, Draft& draft) {
  std::stable_sort(rows.begin(), rows.end(),
                   [](const DatedRow& a, const DatedRow& b) { return a.value->from < b.value->from; });
  Day wanted = std::min(draft.out.valid_from, rows.front().value->from);
  for (const DatedRow& row : rows) {
    check_follow(row, wanted, draft);
    wanted = row.value->until.value_or(end_of_time) + 1;
  }
  const DatedConstant& last = *rows.back().constant;
  if (wanted <= last_day_of(draft.out))
    draft.fail(last.at, fmt::format("{} has no value on {}", last.name, format_day(wanted)),
               "let it last as long as the methodology");
  if (std::any_of(rows.begin(), rows.end(),
                  [&](const DatedRow& row) { return row.constant->dimension != last.dimension; }))
    draft.fail(last.at, fmt::format("{} changes its kind of unit", last.name), "keep the unit of the earlier value");
}

/// Rows of one name, in the order in which names first stand.
template <class Rows>
std::vector<DatedRows> by_name(const Rows& rows, const std::vector<DatedConstant>& constants) {
  std::vector<DatedRows> groups;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    auto group = std::find_if(groups.begin(), groups.end(),
                              [&](const DatedRows& g) { return g.front().constant->name == constants[i].name; });
    if (group == groups.end()) group = groups.emplace(groups.end());
    group->push_back({&rows[i], &constants[i]});
  }
  return groups;
}

}  // namespace

Day last_day_of(const Methodology& methodology) { return methodology.valid_until.value_or(end_of_time); }

void check_dates(Draft& draft) {
  for (const DatedRows& rows : by_name(draft.out.parameters, draft.constants)) check_rows(rows, draft);
  for (std::size_t i = 0; i < draft.out.tables.size(); ++i)
    for (const DatedRows& rows : by_name(draft.out.tables[i].rows, draft.table_constants[i])) check_rows(rows, draft);
}

}  // namespace tanpuhui
