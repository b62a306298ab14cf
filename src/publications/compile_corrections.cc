/// What was found wrong after it had been posted. A correction is one row, of the quarter in which its case was posted.
#include <algorithm>
#include <map>

#include "publications/compilers.h"
#include "publications/suppression.h"
#include "rooms/reduction/shell/find_corrections.h"

namespace tanpuhui {
namespace {

struct PublishedCorrection {
  std::int64_t case_number = 0;
  std::string cause_class;
  StoredCorrection correction;
  Milligrams corrected;
  Points points;
  PersonGroup persons;
  std::map<std::string, PersonGroup> by_month;  ///< in which the ledger took their entries
};

Result<PublishedCorrection> read_correction(const Compilation& at, const StoredCase& stored) {
  Database& database = at.sources.database;
  auto found = find_correction(database, stored.number);
  if (!found) return no_correction(stored.number);
  PublishedCorrection published{
      stored.number, stored.matter.field("cause_class"), std::move(*found), {}, {}, PersonGroup(at.group_min()), {}};
  for (const PostedLine& posted : list_posted_lines(database, stored.number)) {
    published.corrected += posted.taken_back;
    published.points += posted.reversed;
    if (posted.posted_by == EntryId{} || !is_person(database, posted.line.account)) continue;
    TANPUHUI_TRY(const Instant recorded_at, find_recording(database, posted.posted_by));
    const std::string month = format_day(day_at(recorded_at, at.sources.book.zone)).substr(0, 7);
    published.persons.add(posted.line.account);
    published.by_month.try_emplace(month, PersonGroup(at.group_min())).first->second.add(posted.line.account);
  }
  published.corrected += find_taken_from_providers(database, stored.number);
  return published;
}

/// Of the period, by number.
Result<std::vector<PublishedCorrection>> corrections_of(const Compilation& at) {
  std::vector<PublishedCorrection> all;
  for (const ProcedureRule& procedure : at.sources.book.procedures)
    for (const StoredCase& stored : cases_of(at, procedure.id)) {
      const CaseAct* act = first_act_with(at, stored.matter, {std::string(correction_posted_effect)});
      if (act == nullptr || !at.period->contains(day_at(act->at, at.sources.book.zone))) continue;
      TANPUHUI_TRY(PublishedCorrection published, read_correction(at, stored));
      all.push_back(std::move(published));
    }
  std::ranges::sort(all, {}, &PublishedCorrection::case_number);
  return all;
}

/// A month's figures tell what was corrected in it: what is left of that without the rows that are shown must not be
/// about a few.
bool may_show(const std::vector<PublishedCorrection>& corrections, int group_min) {
  std::map<std::string, PersonGroup> hidden;
  for (const PublishedCorrection& correction : corrections) {
    if (!correction.persons.few()) continue;
    for (const auto& [month, persons] : correction.by_month)
      hidden.try_emplace(month, PersonGroup(group_min)).first->second.add(persons);
  }
  // A row that is shown may have few persons in one of its months.
  for (const PublishedCorrection& correction : corrections)
    for (const auto& [month, persons] : correction.by_month)
      if (!correction.persons.few() && persons.few()) return false;
  return std::ranges::none_of(hidden, [](const auto& month) { return month.second.few(); });
}

}  // namespace

Result<Rows> compile_corrections(const Compilation& at) {
  TANPUHUI_TRY(const std::vector<PublishedCorrection> corrections, corrections_of(at));
  const bool shows = may_show(corrections, at.group_min());
  Rows rows;
  for (const PublishedCorrection& published : corrections) {
    const bool hides = !shows || published.persons.few();
    const StoredCorrection& correction = published.correction;
    Row row;
    row["scenario"] = row["object"] = correction.content.scenario;
    row["period"] = format_day(correction.first_day) + "/" + format_day(correction.last_day);
    row["corrected_t"] = hides ? Value(Suppressed{}) : Value(published.corrected);
    row["corrected_points"] = hides ? Value(Suppressed{}) : Value(published.points.count());
    row["cause_class"] = published.cause_class;
    row["uncovered_t"] =
        hides ? Value(Suppressed{}) : Value(find_due(at.sources.database, published.case_number, at.as_of));
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace tanpuhui
