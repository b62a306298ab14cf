#pragma once
/// Large events that reductions may be given to.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "store/database.h"

namespace tanpuhui {

struct Event {
  std::string id;  ///< short name: `marathon-2025`
  std::string title_zh, title_en, organiser;
  Day held_on;
  bool in_region = true;
  bool operator==(const Event&) const = default;
};

std::optional<Event> find_event(Database& database, std::string_view id);
std::vector<Event> list_events(Database& database);  ///< by day, then id

}  // namespace tanpuhui
