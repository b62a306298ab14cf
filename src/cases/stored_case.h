#pragma once
/// Cases as they are stored: a row that says where a case stands, and its acts, of which it is made anew when it is
/// read.
#include <optional>
#include <string>
#include <vector>

#include "base/ids.h"
#include "procedure/case.h"
#include "store/database.h"

namespace tanpuhui {

struct StoredCase {
  std::int64_t number = 0;            ///< that of the entry that opened it
  std::optional<std::int64_t> about;  ///< the case that an objection, an appeal ... is about
  Instant opened_at;
  Case matter;
};

/// A Fault when its acts do not lead where its row says.
std::optional<StoredCase> find_case(Database& database, std::int64_t number);

/// By number, the newest first; what is empty means all.
struct CaseFilter {
  std::string procedure = {}, state = {};
  std::optional<Applicant> applicant = {};  ///< cases of this person or of this unit; its kind says nothing
  std::string region = {};                  ///< cases of this division and what lies in it
  std::optional<std::int64_t> before = {};  ///< smaller numbers only
  std::int64_t limit = 100;
};
/// In one statement, so that no other writer's step comes between a case and its acts.
std::vector<StoredCase> list_cases(Database& database, const CaseFilter& filter);

/// The bytes of a document that one of the case's acts brought, of whatever version; none when none did.
std::optional<Bytes> find_document(Database& database, const Case& matter, const Digest& digest);
/// The bytes of a document; none when nobody ever brought it.
std::optional<Bytes> find_document(Database& database, const Digest& digest);

/// Cases of a procedure as they stood when the entry was the last one, by number: whatever comes later, they stay so.
std::vector<StoredCase> list_cases_as_of(Database& database, const std::string& procedure, EntryId last);

/// Cases about one, and where those that fields name stand.
std::vector<RelatedCase> find_cases_about(Database& database, std::int64_t number);
std::optional<RelatedCase> find_related(Database& database, const std::string& number);

/// Keys of the notes of a step's entry: the case's number, the action. Its document digest is that of the act.
inline constexpr std::int64_t note_case_of_step = 20, note_action_of_step = 21;

/// Canonical bytes of an act of a case.
Bytes encode_act(const CaseAct& act);
std::optional<CaseAct> decode_act(ByteView bytes);

}  // namespace tanpuhui
