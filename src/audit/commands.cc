#include "audit/commands.h"

#include <fmt/format.h>

#include "base/cbor.h"

namespace tanpuhui {
namespace {

// The stored answer begins with the entry it names; 0 before a refusal.
std::int64_t answered_entry(ByteView answer) {
  CborReader in(answer);
  in.array();
  const std::int64_t entry = in.integer();
  return in.ok() ? entry : -1;
}

}  // namespace

CommandsAnswered::CommandsAnswered(Database& database, Findings& findings)
    : EntryCheck("L8 a command is answered once", findings),
      database_(database),
      find_(database.statement(
          "SELECT entry_id, answer FROM commands WHERE command_id = ? AND part = ? AND account_id = ?")) {}

void CommandsAnswered::see(const Entry& entry) {
  ++entries_;
  find_.bind(ByteView(entry.command_id.bytes)).bind(entry.part.value).bind(entry.posting.account.value);
  if (!find_.step())
    report(fmt::format("entry {}: no command asked for it", entry.entry_id.value));
  else if (find_.integer(0) != entry.entry_id.value || answered_entry(find_.blob(1)) != entry.entry_id.value)
    report(fmt::format("entry {}: its command was answered with entry {}", entry.entry_id.value, find_.integer(0)));
  find_.reset();
}

// Each entry found a command of its own; so there are strays only when there are more commands than entries.
void CommandsAnswered::finish() {
  const std::int64_t commands =
      database_.statement("SELECT count(*) FROM commands WHERE coalesce(entry_id, 0) <> 0").run_integer();
  if (commands == entries_) return;
  report(fmt::format("{} commands have an entry, and there are {} entries", commands, entries_));
  name_strays();
}

void CommandsAnswered::name_strays() {
  auto rows = database_.statement(
      "SELECT c.account_id, c.entry_id FROM commands c WHERE c.entry_id <> 0 AND NOT EXISTS (SELECT 1 FROM entries e "
      "WHERE e.entry_id = c.entry_id AND e.account_id = c.account_id)");
  while (rows.step())
    report(fmt::format("account {}: a command was answered with entry {}, which is not there", rows.integer(0),
                       rows.integer(1)));
}

}  // namespace tanpuhui
