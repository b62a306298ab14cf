#include "cases/first_act.h"

#include <algorithm>

#include "base/cbor.h"
#include "cases/store_step.h"
#include "crypto/hash.h"

namespace tanpuhui {
namespace {

// Of the same command always the same, and nobody else's.
CommandId second_id(const CommandId& id) {
  constexpr std::size_t time_bytes = 6;
  const Digest digest = sha256(CborWriter().array(2).text("tph/first-act").bytes(id.bytes).result());
  CommandId second = id;
  std::copy_n(digest.begin(), second.bytes.size() - time_bytes, second.bytes.begin() + time_bytes);
  return second;
}

Result<BegunCase> open_with(const Office& office, const CaseRooms& rooms, const CaseOpening& opening,
                            const StepRequest& request, const Files& files, CommandId id, const DecideOn& decide) {
  // Tried on a case that is not there yet, so that a refusal leaves none behind.
  if (const ProcedureRule* procedure = office.book.find(office.book.procedures, opening.procedure, office.today())) {
    const StoredCase tried{0, opening.about, office.now, begin_case(*procedure, opening.applicant)};
    TANPUHUI_TRY([[maybe_unused]] const Following granted,
                 follow(office, rooms, tried, decide, with_digests(request, files), files));
  }
  TANPUHUI_TRY(const std::int64_t number, open_case(office, opening, id));
  TANPUHUI_TRY(CaseStep step, store_step(office, rooms, number, request, files, second_id(id), decide));
  return BegunCase{number, std::move(step)};
}

}  // namespace

Result<BegunCase> bring_in(const CaseOffice& at, const CaseOpening& opening, const std::string& state,
                           StepRequest request, const Files& files, CommandId id) {
  request.action = bring_in_action + ":" + state;
  return open_with(at.office, at.rooms, opening, request, files, id,
                   [&](const StoredCase& stored, const StepRequest& asked) {
                     return decide_bring_in(at.office.book, stored.matter, state, asked, at.office.now);
                   });
}

Result<std::int64_t> open_filled_case(const Office& office, const CaseOpening& opening, const FirstAct& first,
                                      const Files& files, CommandId id) {
  StepRequest request;
  request.action = first.action;
  request.actor = first.actor;
  request.role = scheme_role_of(office.book, first.actor, office.today());
  request.fields = first.fields;
  TANPUHUI_TRY(const BegunCase begun, open_with(office, CaseRooms(), opening, request, files, id,
                                                [&](const StoredCase& stored, const StepRequest& asked) {
                                                  return decide_first_act(office.book, stored.matter, asked,
                                                                          office.now);
                                                }));
  return begun.number;
}

}  // namespace tanpuhui
