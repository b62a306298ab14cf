#pragma once
/// Who acts for the scheme: persons with a role of the book and the unit they belong to. Applicants and the public need
/// no record: everybody holds those roles, and the core lets an applicant act only in cases of their own.
#include <optional>
#include <string>
#include <vector>

#include "office/office.h"
#include "procedure/case.h"

namespace tanpuhui {

struct Officer {
  std::string person, role, unit;
  Day from;
  std::optional<Day> until;  ///< last day
  std::string region = {};   ///< of a role of party `local`: code of its division (base/region.h)
};

/// Refused: a role that the book does not have on that day, or a local one without a division of the book's region
/// (PRO-02); one that excludes a role the person holds at the same time (SEP-03). Recording a role again replaces its
/// unit and days.
Result<EntryId> record_officer(const Office& office, const Officer& officer, CommandId id);
/// Why the officer could not be recorded; and its row, for acts that record officers along with something else.
std::optional<Refusal> refuse_officer(const Office& office, const Officer& officer);
void save_officer(Database& store, const Officer& officer);
std::vector<Officer> list_officers(Database& database);

/// The person as an actor of that day. `unit` is that of an applicant; who acts for the scheme has the recorded one.
Actor find_actor(Database& database, const Rulebook& book, const std::string& person, const std::string& unit, Day day);

}  // namespace tanpuhui
