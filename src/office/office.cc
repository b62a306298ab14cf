#include "office/office.h"

#include <algorithm>
#include <span>

#include "crypto/random.h"

namespace tanpuhui {
namespace {

constexpr std::size_t time_bytes = 6;

CommandId id_at(Instant time) {
  CommandId id;
  for (std::size_t i = 0; i < time_bytes; ++i)
    id.bytes[i] = static_cast<std::uint8_t>(static_cast<std::uint64_t>(time.ms) >> (8 * (time_bytes - 1 - i)));
  return id;
}

}  // namespace

Refusal Office::on_its_basis(Refusal refusal) const {
  if (refusal.basis.empty()) refusal.basis = book.basis_of(refusal.code);
  return refusal;
}

Entry Office::entry(EntryKind kind, std::string actor, std::string basis, Posting posting) const {
  Entry entry;
  entry.kind = kind;
  entry.actor = std::move(actor);
  entry.basis = std::move(basis);
  entry.rulebook_hash = book.hash;
  entry.occurred_on = today();
  entry.posting = std::move(posting);
  return entry;
}

Command Office::command(CommandId id, AccountId caller, const Digest& request, Decide decide) const {
  Command command;
  command.id = id;
  command.caller = caller;
  command.request = request;
  command.decide = [this, decide = std::move(decide)](const AccountState& state) -> Result<Decided> {
    auto decided = decide(state);
    if (!decided) return on_its_basis(decided.error());
    if (moved_time) decided->entry.notes.push_back({moved_time_note, "time moved by --as-of"});
    return decided;
  };
  return command;
}

Result<EntryId> Office::carry_out(const Command& command) const {
  const Answer answer = writer.execute({&command, 1}, now).front();
  if (answer.refusal) return on_its_basis(*answer.refusal);
  return answer.entry;
}

Result<EntryId> Office::register_act(CommandId id, const Digest& request, Entry entry,
                                     std::function<void(Database&, EntryId)> also) const {
  return carry_out(
      command(id, system_account(SystemAccount::issued), request, [&](const AccountState&) -> Result<Decided> {
        return Decided{entry, also};
      }));
}

CommandId new_command_id(Instant now) {
  CommandId id = id_at(now);
  fill_random(std::span(id.bytes).subspan(time_bytes));
  return id;
}

CommandId command_id_of(Instant about, const Digest& content) {
  CommandId id = id_at(about);
  std::copy_n(content.begin(), id.bytes.size() - time_bytes, id.bytes.begin() + time_bytes);
  return id;
}

std::string format_command_id(const CommandId& id) { return to_hex(id.bytes); }

std::optional<CommandId> parse_command_id(std::string_view text) {
  const auto bytes = from_hex(text);
  CommandId id;
  if (!bytes || bytes->size() != id.bytes.size()) return std::nullopt;
  std::ranges::copy(*bytes, id.bytes.begin());
  return id;
}

}  // namespace tanpuhui
