#pragma once
/// Which publications this program compiles, and out of what: one closed table by the publication's id. A compiler
/// gives rows of named fields, all of which the book's list must be among; what a book asks for and no compiler fills
/// is found by `check_publications`, so that no issue has a hole.
///
///   TANPUHUI_TRY(const DataSet set, compile_publication(sources, {"monthly_figures", period, as_of}));
///
/// Everything is read as it stood when entry `as_of` was the last one: entries up to it, cases by their acts up to it,
/// registers that only grow. So the same question has the same answer, byte for byte, at any later time.
///
/// What gets out: totals, organisations by name, documents by digest. Who applied as a person is `个人 individual`; the
/// person who acted for an organisation, reasons, votes, contacts and grounds stay in the case.
/// Basis: js24.a43p1, sip25.a25, requirements section 7
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "calendar/calendar.h"
#include "publications/data_set.h"
#include "publications/period.h"
#include "rulebook/rulebook.h"
#include "store/database.h"
#include "toml/toml.h"

namespace tanpuhui {

struct PublicationSources {
  Database& database;
  const Rulebook& book;
  const Calendar& calendar;
};

struct PublicationRequest {
  std::string publication;
  std::string period;  ///< empty where it is published at once
  EntryId as_of;
};

/// Refused: no such publication of the book, or none that is compiled (PRO-01); a period written wrongly, missing, or
/// where none is asked for; no such entry (HLD-01); a notice whose end is not known yet (CAL-01).
Result<DataSet> compile_publication(const PublicationSources& sources, const PublicationRequest& request);

/// Nothing when the book's publications are all well.
struct PublicationCheck {
  std::set<std::string> uncompiled;  ///< for which there is no compiler yet
  TextErrors findings;               ///< fields that the compiler of that publication does not know
};
PublicationCheck check_publications(const Rulebook& book);

/// The rule of the book on that day, or PRO-01.
Result<PublicationRule> find_publication(const Rulebook& book, const std::string& id, Day day);
/// The period as the publication asks for it: none where it is published at once. HLD-01 when it is not one.
Result<std::optional<Period>> find_period(const PublicationRule& rule, const std::string& period);
/// When the entry was recorded; HLD-01 when there is none of this number.
Result<Instant> find_recording(Database& database, EntryId entry);

}  // namespace tanpuhui
