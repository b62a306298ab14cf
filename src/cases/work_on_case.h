#pragma once
/// Working on cases: opening one, and taking a step. One way for every procedure of every book; what may be done is
/// `decide_step`'s to say, on the state that stands when the step is stored.
///
///   TANPUHUI_TRY(const std::int64_t number, open_case(office, {"methodology", applicant, {}}, id));
///   TANPUHUI_TRY(const CaseStep step, take_step(office, calendar, number, request, files, id));
///
/// Each is an entry of the programme: it names the case, the action, the role and the digest of the act, and no person.
#include <map>
#include <optional>
#include <string>

#include "cases/stored_case.h"
#include "office/office.h"
#include "procedure/decide_step.h"

namespace tanpuhui {

struct CaseOpening {
  std::string procedure;
  Applicant applicant;
  std::optional<std::int64_t> about;  ///< another case, e.g. of an objection
};

/// The number of the case. Refused: no such procedure, or no case to be about (PRO-01), an applicant who is nobody
/// (ACC-01).
Result<std::int64_t> open_case(const Office& office, const CaseOpening& opening, CommandId id);

/// Keys of the notes of a step's entry: the case's number, the action. Its document digest is that of the act.
inline constexpr std::int64_t note_case_of_step = 20, note_action_of_step = 21;

/// By kind; their digests go into the request.
using Files = std::map<std::string, Bytes>;
inline constexpr std::size_t document_size_max = std::size_t{16} << 20;

/// Takes the step or says why not. `request.documents` is filled from `files`.
Result<CaseStep> take_step(const Office& office, const Calendar& calendar, std::int64_t number, StepRequest request,
                           const Files& files, CommandId id);

/// What the platform knows about a case and what a request would fill in. No room vouches for facts yet.
CaseFacts find_facts(Database& database, const Rulebook& book, const StoredCase& stored,
                     const std::map<std::string, std::string>& more_fields = {});

/// A person has an interest in the case and must not be asked as an expert or verifier.
Result<EntryId> record_conflict(const Office& office, std::int64_t number, const std::string& person, CommandId id);
/// A word that is on a list which guards ask, e.g. an identifier in use.
Result<EntryId> record_listing(const Office& office, const std::string& list, const std::string& word, CommandId id);

}  // namespace tanpuhui
