#pragma once
/// The first half of a commit: commands read and decided, one after another in memory, with nothing numbered or written
/// yet. What it read may be old by the time it is written: the writer then finds another `version` and begins anew.
/// Private to the writer.
#include <functional>
#include <memory>
#include <span>
#include <unordered_map>
#include <vector>

#include "ledger/serials.h"
#include "store/writer.h"

namespace tanpuhui {

/// Entries have numbers below zero until the writer has taken theirs: -1 is the first.
struct DecidedGroup {
  struct Account {
    AccountState state;
    std::int64_t loaded_version = 0;
    LotBytes lots;  ///< of an account that changed
    bool changed() const { return state.version != loaded_version; }
  };
  struct Written {
    Entry entry;
    AccountId account;
    EntryId previous;
    std::vector<BatchAmount> leaving;  ///< circulation, and so to be numbered
    std::function<void(Database&, EntryId)> also;
  };
  struct Stored {
    Digest request{};
    Answer answer;
  };
  struct Key {
    CommandId command;
    AccountId account;
    bool operator==(const Key&) const = default;
  };
  struct HashKey {
    std::size_t operator()(const Key& key) const noexcept {
      return std::hash<CommandId>{}(key.command) ^ std::hash<AccountId>{}(key.account);
    }
  };

  std::vector<Answer> answers;  ///< to the commands, in their order
  std::vector<Written> written;
  std::unordered_map<AccountId, Account> accounts;
  std::unordered_map<Key, Stored, HashKey> answered;
  /// Whose answers are to be stored; the answer is one of `answered`.
  std::vector<std::pair<const Command*, const Stored*>> answered_first;
};

/// Reads what the commands need, but for the accounts that are at hand, and decides them. `load` comes between, when
/// there is one.
DecidedGroup decide_group(Database& source, std::span<const Command> commands, Instant now,
                          const std::function<void()>& load, std::vector<AccountState> at_hand = {});

}  // namespace tanpuhui
