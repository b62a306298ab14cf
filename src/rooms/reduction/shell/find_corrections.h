#pragma once
/// The register of corrections. Basis: js24.a22p2
#include <optional>
#include <vector>

#include "office/office.h"
#include "rooms/activity/shell/find_sums_without.h"
#include "rooms/reduction/correction.h"

namespace tanpuhui {

/// The word of the rulebook for what follows when a correction is posted.
inline constexpr std::string_view correction_posted_effect = "correction_posted";

/// The document of its case that lists the records.
inline constexpr const char* correction_list_document = "records";
/// Kind of its standings; name: the number of its case; detail: the digest that was decided.
inline constexpr std::string_view correction_thing = "correction";

struct StoredCorrection {
  CorrectionContent content;
  ScenarioId scenario;
  Day first_day, last_day;    ///< of the records
  std::int64_t built_on = 0;  ///< the last correction that had been decided when it was computed
  BatchId last_batch;         ///< the last one that had closed days by then
  Digest list_digest{};       ///< of the list of records, as it was handed in
  Digest digest{};            ///< of the content
  std::string state;          ///< computed, decided, posted
  std::optional<std::int64_t> sequence;
};

std::optional<StoredCorrection> find_correction(Database& database, std::int64_t case_number);
/// Adds the records to those that a window is sealed without.
void leave_out(LeftOutRecords& left_out, const std::vector<FaultyRecord>& records);

/// In the order in which they were decided; those that were only computed are not among them.
std::vector<std::int64_t> list_decided_corrections(Database& database, ScenarioId scenario);
/// The sequence number of the last one that was decided in the whole programme; 0: none.
std::int64_t last_correction(Database& database);

/// The provision under which corrections are posted: that of the action whose effect it is.
std::string correction_basis(const Rulebook& book);

/// HLD-01: nothing was computed for the case.
Refusal no_correction(std::int64_t case_number);

/// Of a line, what its posting came to.
struct PostedLine {
  CorrectionLine line;
  EntryId posted_by;  ///< 0: not yet
  Points reversed, overdrawn;
  Milligrams taken_back, missing;
};
std::vector<PostedLine> list_posted_lines(Database& database, std::int64_t case_number);

/// What was missing on accounts and taken from providers.
Milligrams find_taken_from_providers(Database& database, std::int64_t case_number);
/// What the reserve still owed after that entry.
Milligrams find_due(Database& database, std::int64_t case_number, EntryId as_of);

}  // namespace tanpuhui
