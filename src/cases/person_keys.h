#pragma once
/// With which key a person signs what they ask for over HTTP. A key is one person's, for one unit at most; a person may
/// have several, so that a new one can be recorded before the old one ends.
///
///   record_person_key(office, {key, "zhang", "hohai", "organisation", today}, id);
///   const auto asks = find_person_key(database, key);
///   if (!asks || !asks->is_good_on(today)) return unknown();
///
/// What the person may do is the roles' to say (officers.h); what an applicant is - a person, an organisation, a public
/// institution - is the recorder's to say and nobody's own word. Basis: js24.a2p2, js24.a8
#include <optional>
#include <string>
#include <vector>

#include "crypto/ed25519.h"
#include "office/office.h"
#include "procedure/case.h"

namespace tanpuhui {

struct PersonKey {
  PublicKeyBytes key{};
  std::string person;
  std::string unit;             ///< that the person stands for; empty: for none
  std::string kind = "person";  ///< what the applicant is: person, organisation, public_institution
  Day from;
  std::optional<Day> until;  ///< last day

  bool is_good_on(Day day) const { return from <= day && (!until || day <= *until); }
  /// Whose case it is that the person opens: the unit's where there is one, else the person's own.
  Applicant applicant() const { return unit.empty() ? Applicant{person, "", kind} : Applicant{"", unit, kind}; }
};

/// Refused: a key that is somebody's already, or was revoked (ACC-02). The same again changes nothing. The entry names
/// nobody: it holds the digest of what was recorded.
Result<EntryId> record_person_key(const Office& office, const PersonKey& recorded, CommandId id);
/// The key is no good from that day on. Refused: no such key (ACC-01), one that ended before (ACC-01).
Result<EntryId> revoke_person_key(const Office& office, const PublicKeyBytes& key, Day from, CommandId id);

std::optional<PersonKey> find_person_key(Database& database, const PublicKeyBytes& key);
std::vector<PersonKey> list_person_keys(Database& database);

/// Who asks: the person whose key it is, with the roles of that day. Refused: a key that is not recorded, or not good
/// on that day (ACC-01).
struct Asker {
  PersonKey key;
  Actor actor;
};
Result<Asker> find_asker(Database& database, const Rulebook& book, const PublicKeyBytes& key, Day today);

}  // namespace tanpuhui
