#pragma once
/// The programme at work: what the shell of a room needs to carry out an act - the store, the writer, the rulebook and
/// the time - and the few lines that every act would otherwise repeat.
///
///   Office office{database, writer, book, now};
///   Command command = office.command(id, account, request, [&](const AccountState& state) -> Result<Decided> {
///     TANPUHUI_TRY(Posting posting, decide_...(...));
///     return Decided{office.entry(EntryKind::order, "person", rule.basis, std::move(posting)), {}};
///   });
///   TANPUHUI_TRY(const EntryId entry, office.carry_out(command));
#include <functional>
#include <string>

#include "rulebook/rulebook.h"
#include "store/writer.h"

namespace tanpuhui {

struct Office {
  Database& database;
  Writer& writer;
  const Rulebook& book;
  Instant now;
  bool moved_time = false;  ///< `now` was given, not read from a clock: every entry says so. Basis: decisions D20

  Day today() const { return day_at(now, book.zone); }

  /// The refusal with the provision on which it rests.
  Refusal on_its_basis(Refusal refusal) const;
  /// The header of an entry of today under this rulebook; notes and references are the caller's to add.
  Entry entry(EntryKind kind, std::string actor, std::string basis, Posting posting = {}) const;

  using Decide = std::function<Result<Decided>(const AccountState&)>;
  /// A command whose refusals name their basis before they are stored. Valid as long as the office.
  Command command(CommandId id, AccountId caller, const Digest& request, Decide decide) const;
  /// One command in a commit of its own: its entry, or its refusal.
  Result<EntryId> carry_out(const Command& command) const;
  /// An act of the programme itself on its registers: nothing moves, `also` changes the rows.
  Result<EntryId> register_act(CommandId id, const Digest& request, Entry entry,
                               std::function<void(Database&, EntryId)> also) const;
};

/// Key of the note that says that the time of an entry was moved.
inline constexpr std::int64_t moved_time_note = 90;

/// A new id: the time, then randomness.
CommandId new_command_id(Instant now);
/// The id of an act that is the same whenever it is sent: the time it belongs to, then the digest of what it is.
CommandId command_id_of(Instant about, const Digest& content);
/// 32 hexadecimal digits, as the command line takes them.
std::string format_command_id(const CommandId& id);
std::optional<CommandId> parse_command_id(std::string_view text);

}  // namespace tanpuhui
