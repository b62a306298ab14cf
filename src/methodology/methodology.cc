#include "methodology/methodology.h"

#include <algorithm>

#include "base/check.h"

namespace tanpuhui {
namespace {

bool is_demonstration(const DatedValue& row) { return row.trust == "demonstration"; }

}  // namespace

const CompiledMethodology* Methodology::in_force(Day day) const {
  for (const CompiledMethodology& period : periods)
    if (period.from <= day && (!period.until || day <= *period.until)) return &period;
  return nullptr;
}

std::vector<std::string> Methodology::input_names() const {
  std::vector<std::string> names;
  for (const MethodologyColumn& column : columns) names.push_back(column.name);
  return names;
}

std::size_t Methodology::column_of(std::string_view name) const {
  const auto found = std::ranges::find(columns, name, &MethodologyColumn::name);
  TANPUHUI_REQUIRE(found != columns.end(), "a column that a methodology names is there");
  return static_cast<std::size_t>(found - columns.begin());
}

const MethodologyList* Methodology::list(std::string_view name) const {
  const auto found = std::find_if(lists.begin(), lists.end(), [&](const auto& each) { return each.name == name; });
  return found == lists.end() ? nullptr : &*found;
}

bool Methodology::has_demonstration_factors() const {
  return std::any_of(parameters.begin(), parameters.end(), is_demonstration) ||
         std::any_of(tables.begin(), tables.end(), [](const MethodologyTable& table) {
           return std::any_of(table.rows.begin(), table.rows.end(), is_demonstration);
         });
}

std::string format_input(const Methodology& methodology, std::size_t column, std::int64_t value) {
  const MethodologyColumn& from = methodology.columns[column];
  if (from.field >= methodology.fields.size() || methodology.fields[from.field].list.empty())
    return format_fixed(value, from.decimals);
  const MethodologyList* list = methodology.list(methodology.fields[from.field].list);
  TANPUHUI_REQUIRE(value >= 0 && static_cast<std::size_t>(value) < list->words.size(), "a word is one of its list");
  return list->words[static_cast<std::size_t>(value)].id;
}

}  // namespace tanpuhui
