#pragma once
/// The writer: takes the commands that wait, loads their accounts in one read, decides them one after another in memory
/// on that state (two spenders of one lot see each other), and writes rows and entries in one commit.
///
///   Writer writer(database, sha256);
///   std::vector<Answer> answers = writer.execute(commands, now);     // all durable when it returns
///
/// Each command carries a client-made id. Repeating it gives the first answer; repeating it with other content is
/// refused (IDM-01). A refusal is an answer and is stored; a fault is not: after one, send the same command again.
/// Basis: decisions D28-D31
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "base/bytes.h"
#include "ledger/apply.h"
#include "ledger/entry.h"
#include "ledger/serials.h"
#include "store/sqlite.h"

namespace tanpuhui {

/// What a command does. The writer adds ids, act number, serials and time.
struct Decided {
  Entry entry;                                   ///< kind, actor, basis, rulebook_hash, occurred_on, posting, notes
  std::function<void(Database&, EntryId)> also;  ///< register rows of the same transaction; may be empty
};

struct Command {
  CommandId id;
  /// Whose command it is: the one account whose row it may change; its part keeps entry and answer. A system account
  /// for acts that move nothing of anybody.
  AccountId caller;
  Digest request{};  ///< of the request's content
  /// Called once, on the state that the commands before left. Pure.
  std::function<Result<Decided>(const AccountState&)> decide;
};

struct Answer {
  EntryId entry;  ///< 0 when refused
  std::optional<Refusal> refusal;
  bool repeated = false;  ///< the command had been answered before; this is that answer
  bool operator==(const Answer&) const = default;
};

class Writer {
 public:
  Writer(Database& database, HashFunction hash);

  /// Any number of commands: one commit for each `commands_per_commit` of them. Throws Fault; then nothing of the
  /// current commit has happened, or all of it has: the same commands may be sent again.
  std::vector<Answer> execute(std::span<const Command> commands, Instant now);

  static constexpr std::size_t commands_per_commit = 512;

 private:
  struct Group;
  void execute_group(std::span<const Command> commands, Instant now, std::vector<Answer>& answers);
  void load_answers(Group& group, std::span<const Command> commands);
  void load_accounts(Group& group, std::span<const Command> commands);
  Answer answer(Group& group, const Command& command, Instant now);
  EntryId take(Group& group, const Command& command, Decided decided, Instant now);
  std::int64_t next_act_no(Group& group, Part part);
  SerialCounter& counter(Group& group, BatchId batch);
  void save_accounts(Group& group);
  void save_entries(const Group& group);
  void save_heads(const Group& group);

  Database& database_;
  HashFunction hash_;
};

/// One account as it stands now; empty when nobody registered it.
std::optional<AccountState> find_account(Database& database, AccountId account);
/// One entry, decoded; empty when there is none.
std::optional<Entry> find_entry(Database& database, EntryId entry);

}  // namespace tanpuhui
