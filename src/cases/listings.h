#pragma once
/// Lists of words that guards ask: identifiers in use, identities with an account, methodologies of a national
/// mechanism.
#include <optional>
#include <string>

#include "office/office.h"

namespace tanpuhui {

/// The word is on the list, and not because this case put it there.
bool is_listed(Database& database, const std::string& list, const std::string& word, std::int64_t asking_case);
/// In the commit of what puts it there; a word that is on the list stays as it is. Without a case: an officer did.
void add_listing(Database& store, const std::string& list, const std::string& word,
                 std::optional<std::int64_t> case_number);

/// An officer records a word, e.g. from the list of another programme.
Result<EntryId> record_listing(const Office& office, const std::string& list, const std::string& word, CommandId id);

}  // namespace tanpuhui
