#include "cases/standings.h"

#include <algorithm>

namespace tanpuhui {
namespace {

Day read_day(const Statement& row, int column) { return Day{static_cast<std::int32_t>(row.integer(column))}; }

std::vector<Standing> read_standings(Statement& rows) {
  std::vector<Standing> all;
  while (rows.step()) {
    Standing& one = all.emplace_back();
    one.kind = std::string(rows.text(0));
    one.name = std::string(rows.text(1));
    one.entry = EntryId{rows.integer(2)};
    one.word = std::string(rows.text(3));
    one.from = read_day(rows, 4);
    if (!rows.is_null(5)) one.until = read_day(rows, 5);
    one.case_number = rows.integer(6);
    one.detail = std::string(rows.text(7));
  }
  return all;
}

}  // namespace

void add_standing(Database& store, EntryId entry, const Standing& standing) {
  auto insert = store.statement(
      "INSERT INTO standings(kind, name, entry_id, word, from_day, until_day, case_id, detail) "
      "VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
  insert.bind(standing.kind).bind(standing.name).bind(entry.value).bind(standing.word).bind(standing.from.number);
  if (standing.until)
    insert.bind(standing.until->number);
  else
    insert.bind(nullptr);
  insert.bind(standing.case_number).bind(standing.detail).run();
}

std::vector<Standing> standings_of(Database& database, std::string_view kind, std::string_view name) {
  auto rows = database.statement(
      "SELECT kind, name, entry_id, word, from_day, until_day, case_id, detail FROM standings "
      "WHERE kind = ? AND name = ? ORDER BY entry_id");
  rows.bind(kind).bind(name);
  return read_standings(rows);
}

std::vector<Standing> standings_of(Database& database, std::string_view kind) {
  auto rows = database.statement(
      "SELECT kind, name, entry_id, word, from_day, until_day, case_id, detail FROM standings "
      "WHERE kind = ? ORDER BY name, entry_id");
  rows.bind(kind);
  return read_standings(rows);
}

std::optional<Standing> last_standing(const std::vector<Standing>& standings, Day today) {
  const auto last = std::find_if(standings.rbegin(), standings.rend(),
                                 [today](const Standing& standing) { return standing.from <= today; });
  if (last == standings.rend() || !DaySpan{last->from, last->until}.holds(today)) return std::nullopt;
  return *last;
}

std::optional<Standing> standing_now(Database& database, std::string_view kind, std::string_view name, Day today) {
  return last_standing(standings_of(database, kind, name), today);
}

std::vector<DaySpan> days_as(const std::vector<Standing>& standings, std::string_view word) {
  std::vector<DaySpan> days;
  bool open = false;  // the last range is of the standing before
  for (const Standing& standing : standings) {
    // What ends a standing leaves its own day whole; what begins later than an end that was named changes nothing.
    if (open && standing.word != word && (!days.back().until || standing.from <= *days.back().until))
      days.back().until = standing.from;
    open = standing.word == word;
    if (open) days.push_back({standing.from, standing.until});
  }
  return days;
}

}  // namespace tanpuhui
