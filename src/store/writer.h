#pragma once
/// The writer: takes the commands that wait, loads their accounts in one read, decides them one after another in memory
/// on that state (two spenders of one lot see each other), and writes rows and entries in one commit.
///
/// Writers of several threads and processes may share a server: each changes an account only as it read it (`version`),
/// and holds the lanes of its entries (lanes.h) from numbering to the commit, so that those with different lanes do not
/// wait for each other. Who comes too late decides the whole group again on what stands then. When the connection
/// breaks, also in the middle of a commit, the writer connects again and asks by command id what became of it.
///
///   Writer writer(database, sha256);
///   std::vector<Answer> answers = writer.execute(commands, now);     // all durable when it returns
///
/// Each command carries a client-made id. Repeating it gives the first answer; repeating it with other content is
/// refused (IDM-01). A refusal is an answer and is stored; a fault is not: after one, send the same command again.
/// Basis: decisions D27-D31
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "base/bytes.h"
#include "ledger/apply.h"
#include "ledger/entry.h"
#include "ledger/serials.h"
#include "store/database.h"

namespace tanpuhui {

struct DecidedGroup;

/// What a command does. The writer adds ids, act number, serials and time.
struct Decided {
  Entry entry;  ///< kind, actor, basis, rulebook_hash, occurred_on, posting, notes
  /// Register rows of the same transaction; may be empty. Rows that must stand as they were decided on are queued with
  /// the number of changes they must make.
  std::function<void(Database&, EntryId)> also;
};

struct Command {
  CommandId id;
  /// Whose command it is: the one account whose row it may change; its part keeps entry and answer. A system account
  /// for acts that move nothing of anybody.
  AccountId caller;
  Digest request{};  ///< of the request's content
  /// Called on the state that the commands before left; again, on what is loaded then, when another process came
  /// between.
  std::function<Result<Decided>(const AccountState&)> decide;
};

struct Answer {
  EntryId entry;  ///< 0 when refused
  std::optional<Refusal> refusal;
  bool repeated = false;  ///< the command had been answered before; this is that answer
  bool operator==(const Answer&) const = default;
};

/// What the decisions of one commit share besides accounts, e.g. the stock of what they order.
struct Shared {
  std::function<void()> load = {};           ///< before the first decision, in the transaction; again with them
  std::function<void(Database&)> save = {};  ///< after the last, in the same commit
};

class Writer {
 public:
  Writer(Database& database, HashFunction hash);
  ~Writer();

  /// Any number of commands: one commit for each `a_commit` of them. Throws Fault; then nothing of the current commit
  /// has happened, or all of it has: the same commands may be sent again.
  std::vector<Answer> execute(std::span<const Command> commands, Instant now, const Shared& shared = {},
                              std::size_t a_commit = commands_per_commit);

  /// For jobs: group after group, until one is empty or is answered with a refusal. While one is written, a second
  /// thread asks `next` for the following one, with a connection that only reads, and decides it; so no group may need
  /// what another leaves. What changed since it was read is decided anew. Where nobody else can write, several groups
  /// share a commit. `shared.load` comes in the commit, after decisions; `shared.save` is not for groups.
  struct Step {
    std::vector<Command> commands;
    std::vector<AccountState> at_hand;                                   ///< callers that were read already
    std::function<Result<Done>(std::span<const Answer>)> answered = {};  ///< called when all is durable
  };
  Result<Done> execute_in_step(const std::function<Step(Database& reader)>& next, Instant now, const Shared& shared);

  static constexpr std::size_t commands_per_commit = 512;       ///< of people, who wait for the answer
  static constexpr std::size_t job_commands_per_commit = 4096;  ///< of jobs, for which nobody waits

 private:
  struct Commit;
  struct Ahead;
  class InStep;
  std::vector<Answer> execute_group(std::span<const Command> commands, Instant now, const Shared& shared);
  std::vector<Answer> attempt(std::span<const Command> commands, Instant now, const Shared& shared);
  std::vector<Answer> write(DecidedGroup& group);
  void number(Commit& commit);
  void take_numbers(Commit& commit);
  void load_act_numbers(Commit& commit);
  void load_counters(Commit& commit);
  void save_accounts(Commit& commit);
  void save_entries(const Commit& commit);
  void save_heads(const Commit& commit);

  Database& database_;
  HashFunction hash_;
  int lanes_ = 0;                     ///< of the programme; read with the first entry
  std::unique_ptr<Database> reader_;  ///< of execute_in_step
};

/// One account as it stands now; empty when nobody registered it.
std::optional<AccountState> find_account(Database& database, AccountId account);
/// One entry, decoded; empty when there is none.
std::optional<Entry> find_entry(Database& database, EntryId entry);

}  // namespace tanpuhui
