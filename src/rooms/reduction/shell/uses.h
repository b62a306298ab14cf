#pragma once
/// Donate, retire, cancel: reductions leave circulation with a numbered statement. The statement's public facts are
/// stored with the entry, whose bytes name their digest. Basis: js24.a26, js24.a30, decisions D6, D43
#include <optional>
#include <string>

#include "office/office.h"
#include "rooms/reduction/use.h"

namespace tanpuhui {

struct NewEvent {
  std::string id;  ///< short name: `marathon-2025`
  std::string title_zh, title_en, organiser;
  Day held_on;
  bool in_region = true;
};
/// The same event again is the same; other facts under its id are refused (USE-01).
Result<EntryId> record_event(const Office& office, const NewEvent& event, CommandId id);

struct UseAct {
  CommandId id;
  AccountId account;
  std::string purpose;      ///< a permitted use of the rulebook: `event_neutrality`, `voluntary_offset`, ...
  std::string beneficiary;  ///< the id of an event, or the name of an organisation; may be empty
  Milligrams amount;
};

struct UseReceipt {
  EntryId entry;
  std::string number;  ///< of the statement
  Milligrams used;     ///< at least the amount asked; more by less than what the last point carries
  Points points;       ///< left with the grams they carried
};

/// Refuses USE-01, USE-02, ACC-01.
Result<UseReceipt> use_reductions(const Office& office, const UseAct& act);

}  // namespace tanpuhui
