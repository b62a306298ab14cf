#include "store/decided_group.h"

#include <algorithm>
#include <ranges>
#include <unordered_set>

#include <fmt/format.h>

#include "base/cbor.h"
#include "store/account_row.h"

namespace tanpuhui {
namespace {

std::string next_text(CborReader& in) { return std::string(in.text()); }

Answer decode_answer(ByteView bytes) {
  CborReader in(bytes);
  Answer answer;
  answer.repeated = true;
  const std::size_t fields = in.array();
  answer.entry = EntryId{in.integer()};
  if (fields > 1) {
    Refusal refusal = refuse(next_text(in), "");
    refusal.basis = next_text(in);
    refusal.message_zh = next_text(in);
    refusal.message_en = next_text(in);
    refusal.remedy_zh = next_text(in);
    refusal.remedy_en = next_text(in);
    for (std::size_t facts = in.array(); facts > 0; --facts) {
      in.array(2);
      std::string name = next_text(in);
      refusal.facts.emplace_back(std::move(name), next_text(in));
    }
    answer.refusal = std::move(refusal);
  }
  TANPUHUI_REQUIRE(in.finish(), "a stored answer reads back");
  return answer;
}

Refusal reused_id(const Command& command) {
  return refuse("IDM-01")
      .because("command", to_hex(command.id.bytes))
      .says("该命令编号已用于其他内容", "this command id was used before with other content")
      .mend("为新的内容使用新的命令编号", "make a new command id for new content");
}

// The commands of a job share one id and go by part: one range of the key instead of a search for each.
Statement find_answers(Database& source, std::span<const Command> commands) {
  const auto is_of_first = [&](const Command& command) { return command.id == commands.front().id; };
  if (commands.size() > 1 && std::ranges::all_of(commands, is_of_first)) {
    const auto part = [](const Command& command) { return part_of(command.caller); };
    const auto [first, last] = std::ranges::minmax(commands | std::views::transform(part));
    return source
        .statement(
            "SELECT command_id, account_id, digest, answer FROM commands WHERE command_id = ? AND part BETWEEN ? AND ?")
        .bind(ByteView(commands.front().id.bytes))
        .bind(first.value)
        .bind(last.value);
  }
  auto find = source.statement(
      "SELECT command_id, account_id, digest, answer FROM commands WHERE command_id = ? AND part = ? AND account_id = "
      "?");
  for (const Command& command : commands)
    find.bind(ByteView(command.id.bytes)).bind(part_of(command.caller).value).bind(command.caller.value).add();
  return find;
}

void load_answers(DecidedGroup& group, Database& source, std::span<const Command> commands) {
  for (auto found = find_answers(source, commands); found.step();) {
    DecidedGroup::Key key{{}, AccountId{found.integer(1)}};
    std::ranges::copy(found.blob(0), key.command.bytes.begin());
    DecidedGroup::Stored stored;
    std::ranges::copy(found.blob(2), stored.request.begin());
    stored.answer = decode_answer(found.blob(3));
    group.answered.emplace(key, std::move(stored));
  }
}

void keep(DecidedGroup& group, AccountState state) {
  const AccountId account = state.account;
  const std::int64_t version = state.version;
  group.accounts.try_emplace(account, DecidedGroup::Account{std::move(state), version, {}});
}

void load_accounts(DecidedGroup& group, Database& source, std::span<const Command> commands) {
  auto rows = source.statement(
      fmt::format("SELECT {}, {} FROM accounts_register r LEFT JOIN accounts a ON a.part = r.part AND a.account_id = "
                  "r.account_id WHERE r.account_id = ?",
                  registered_columns, account_columns));
  std::unordered_set<AccountId> callers;
  for (const Command& command : commands)
    if (!is_system(command.caller) && !group.accounts.contains(command.caller) && callers.insert(command.caller).second)
      rows.bind(command.caller.value).add();
  while (rows.step()) keep(group, read_account(source, rows));
}

EntryId take(DecidedGroup& group, const Command& command, Decided decided, Instant now) {
  Entry& entry = decided.entry;
  entry.entry_id = EntryId{-std::ssize(group.written) - 1};
  entry.part = part_of(command.caller);
  entry.command_id = command.id;
  entry.recorded_at = now;
  if (entry.posting.empty()) entry.posting.account = command.caller;
  TANPUHUI_REQUIRE(entry.posting.account == command.caller, "a command changes its caller's account");
  check_balanced(entry.posting);
  EntryId previous;
  const auto account = group.accounts.find(command.caller);
  if (account != group.accounts.end() && !entry.posting.empty()) {
    previous = account->second.state.last_entry;
    apply(account->second.state, entry.posting, entry.entry_id);
  }
  const EntryId id = entry.entry_id;
  std::vector<BatchAmount> leaving = leaving_circulation(entry.posting);
  group.written.push_back({std::move(entry), command.caller, previous, std::move(leaving), std::move(decided.also)});
  return id;
}

Answer answer(DecidedGroup& group, const Command& command, Instant now) {
  const auto [known, is_new] = group.answered.try_emplace({command.id, command.caller});
  DecidedGroup::Stored& stored = known->second;
  if (!is_new) {
    if (stored.request != command.request) return {EntryId{}, reused_id(command), true};
    Answer again = stored.answer;
    again.repeated = true;
    return again;
  }
  const auto account = group.accounts.find(command.caller);
  AccountState none;
  none.account = command.caller;
  if (!is_system(command.caller) && account == group.accounts.end()) none.status = AccountStatus::closed;
  Result<Decided> decided = command.decide(account == group.accounts.end() ? none : account->second.state);
  stored.request = command.request;
  if (decided)
    stored.answer.entry = take(group, command, std::move(*decided), now);
  else
    stored.answer.refusal = decided.error();
  group.answered_first.emplace_back(&command, &stored);
  return stored.answer;
}

}  // namespace

DecidedGroup decide_group(Database& source, std::span<const Command> commands, Instant now,
                          const std::function<void()>& load, std::vector<AccountState> at_hand) {
  DecidedGroup group;
  group.accounts.reserve(commands.size());
  group.answered.reserve(commands.size());
  load_answers(group, source, commands);
  for (AccountState& state : at_hand) keep(group, std::move(state));
  load_accounts(group, source, commands);
  if (load) load();
  group.answers.reserve(commands.size());
  group.written.reserve(commands.size());
  group.answered_first.reserve(commands.size());
  for (const Command& command : commands) group.answers.push_back(answer(group, command, now));
  for (auto& [id, account] : group.accounts)
    if (account.changed()) account.lots = encode_lots(account.state);
  return group;
}

}  // namespace tanpuhui
