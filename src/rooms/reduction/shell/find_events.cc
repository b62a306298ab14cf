#include "rooms/reduction/shell/find_events.h"

namespace tanpuhui {
namespace {

Event read_event(const Statement& row) {
  Event event;
  event.id = row.text(0);
  event.title_zh = row.text(1);
  event.title_en = row.text(2);
  event.organiser = row.text(3);
  event.held_on = Day{static_cast<std::int32_t>(row.integer(4))};
  event.in_region = row.integer(5) != 0;
  return event;
}

}  // namespace

std::optional<Event> find_event(Database& database, std::string_view id) {
  auto row = database.statement(
      "SELECT event_id, title_zh, title_en, organiser, held_on, in_region FROM events WHERE event_id = ?");
  row.bind(id);
  if (!row.step()) return std::nullopt;
  return read_event(row);
}

std::vector<Event> list_events(Database& database) {
  std::vector<Event> events;
  auto rows = database.statement(
      "SELECT event_id, title_zh, title_en, organiser, held_on, in_region FROM events ORDER BY held_on, event_id");
  while (rows.step()) events.push_back(read_event(rows));
  return events;
}

}  // namespace tanpuhui
