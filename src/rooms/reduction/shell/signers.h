#pragma once
/// The register of signers: whose public key is whose, and under which documents the operator signs for the authority.
/// Basis: js24.a5p1, js24.a6
#include <optional>
#include <string>

#include "crypto/ed25519.h"
#include "office/office.h"
#include "rooms/reduction/batch.h"

namespace tanpuhui {

/// Who signs with which key: `authority`, `operator`, or the partner of the scenario. The key was recorded before.
std::string key_holder(Signer signer, const std::string& scenario);

std::optional<PublicKeyBytes> find_key(Database& database, const std::string& holder);
std::optional<Delegation> find_delegation(Database& database, const std::string& document);

/// Records a public key. Another key for the same holder is refused (ISS-01): keys are not replaced silently.
Result<EntryId> record_key(const Office& office, const std::string& holder, const PublicKeyBytes& key, CommandId id);
/// A delegation document under which the operator may sign. The same again is the same; another content under the same
/// document is refused (ISS-01).
Result<EntryId> record_delegation(const Office& office, const Delegation& delegation, CommandId id);

// Rows, for acts that change them along with something else. A delegation that is ended no longer holds after `last`.
void save_delegation(Database& store, const Delegation& delegation);
void end_delegation(Database& store, const std::string& document, Day last);

}  // namespace tanpuhui
