#pragma once
/// What things stand as because a case said so: a methodology as in force, a scenario as live, a body as designated.
/// A thing is a kind and a name; each step that changes its standing leaves a row, and none is ever changed.
///
///   add_standing(store, entry, {"scenario", "1204", "live", today, {}, 1204, ""});      // in the commit of the step
///   standing_now(database, "expert", "e1", today)                                       // the last word
///   days_as(standings_of(database, "scenario", "1204"), "live")                         // on which days
///
/// For acts a standing begins on its first day and an end leaves that day whole, so that no act is taken in the morning
/// and dropped in the evening of one day. Who asks by now (`standing_now`) gets the last word at once.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/day_span.h"
#include "base/ids.h"
#include "store/database.h"

namespace tanpuhui {

// Kinds of things that rooms ask for.
inline constexpr std::string_view methodology_thing = "methodology";  ///< name: id/version; detail: hash of the formula
inline constexpr std::string_view scenario_thing = "scenario";        ///< name: number of its case
inline constexpr std::string_view project_thing = "project";          ///< likewise
inline constexpr std::string_view conformance_thing = "conformance";  ///< name: number of a scenario's case
inline constexpr std::string_view verification_thing = "verification";  ///< name: number of a task's case
inline constexpr std::string_view hold_thing = "hold";                  ///< name: a case's number, or whom it is about
inline constexpr std::string_view sanction_thing = "sanction";          ///< name: whom it is about

struct Standing {
  std::string kind, name, word;
  Day from;
  std::optional<Day> until = {};  ///< last day
  std::int64_t case_number = 0;
  std::string detail = {};  ///< what it is bound to, e.g. the hash of a formula; may be empty
  EntryId entry = {};       ///< that gave it
};

void add_standing(Database& store, EntryId entry, const Standing& standing);

/// In the order in which they were given.
std::vector<Standing> standings_of(Database& database, std::string_view kind, std::string_view name);
/// Of a kind, by name, each name's in order.
std::vector<Standing> standings_of(Database& database, std::string_view kind);
/// The last one given of those that have begun; none when it has ended.
std::optional<Standing> last_standing(const std::vector<Standing>& standings, Day today);
std::optional<Standing> standing_now(Database& database, std::string_view kind, std::string_view name, Day today);

/// The days of acts on which it stood as `word`, of standings of one thing in order.
std::vector<DaySpan> days_as(const std::vector<Standing>& standings, std::string_view word);

}  // namespace tanpuhui
