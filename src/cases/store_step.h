#pragma once
/// How every act of a case is stored, whoever decided it: the act, its documents and what a room does about it in one
/// commit, on the state that stands then. For the files of this folder.
#include "cases/case_rooms.h"
#include "procedure/decide_step.h"

namespace tanpuhui {

using DecideOn = std::function<Result<CaseStep>(const StoredCase&, const StepRequest&)>;

/// The request with the digests of the files that come with it.
StepRequest with_digests(StepRequest request, const Files& files);

/// A step, and what a room does about it.
struct Following {
  CaseStep step;
  RowChange rows;  ///< empty: nothing
};
Result<Following> follow(const Office& office, const CaseRooms& rooms, const StoredCase& stored,
                         const DecideOn& decide_on, const StepRequest& request, const Files& files);

/// The step and what follows from it in one commit. The same command again gets the same answer.
Result<CaseStep> store_step(const Office& office, const CaseRooms& rooms, std::int64_t number, StepRequest request,
                            const Files& files, CommandId id, const DecideOn& decide_on);

void keep_document(Database& store, const Digest& digest, const Bytes& bytes);
Refusal no_such_case(std::int64_t number);

}  // namespace tanpuhui
