#pragma once
/// Working on cases: opening one, and taking a step. One way for every procedure of every book; what may be done is
/// `decide_step`'s to say, on the state that stands when the step is stored.
///
///   TANPUHUI_TRY(const std::int64_t number, open_case(office, {"methodology", applicant, {}}, id));
///   TANPUHUI_TRY(const CaseStep step, take_step({office, calendar, rooms}, number, request, files, id));
///
/// Each is an entry of the programme: it names the case, the action, the role and the digest of the act, and no person.
#include <map>
#include <optional>
#include <string>

#include "cases/case_rooms.h"
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

inline constexpr std::size_t document_size_max = std::size_t{16} << 20;

/// Where facts are looked for.
struct FactGround {
  Database& database;
  const Rulebook& book;
  const CaseRooms& rooms;
  const Calendar& calendar;
  Day today;
};

/// Where cases are worked on.
struct CaseOffice {
  const Office& office;
  const Calendar& calendar;
  const CaseRooms& rooms;

  FactGround ground() const { return {office.database, office.book, rooms, calendar, office.today()}; }
};

/// Takes the step or says why not; what follows from it in a room is done in the same commit, and what lapses by it
/// (lapse.h) in the next one. `request.documents` is filled from `files`.
Result<CaseStep> take_step(const CaseOffice& at, std::int64_t number, StepRequest request, const Files& files,
                           CommandId id);

/// What the platform knows about a case and what a request would fill in. When the request names an action, only what
/// that asks for.
CaseFacts find_facts(const FactGround& at, const StoredCase& stored, const StepRequest& request = {});

/// An officer says that something is so which no room can know, e.g. that an identity was proven, and keeps the proof.
/// Refused: a fact that no guard of the case asks for or that a room finds out by itself (PRO-01), no officer (PRO-02),
/// no proof (PRO-03).
Result<EntryId> vouch_for(const CaseOffice& at, std::int64_t number, const std::string& fact, const Actor& actor,
                          const Bytes& proof, CommandId id);

/// A person has an interest in the case and must not be asked as an expert or verifier.
Result<EntryId> record_conflict(const Office& office, std::int64_t number, const std::string& person, CommandId id);

}  // namespace tanpuhui
