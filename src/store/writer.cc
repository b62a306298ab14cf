#include "store/writer.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <unordered_map>
#include <unordered_set>

#include <fmt/format.h>

#include "base/cbor.h"
#include "base/fault.h"
#include "store/account_row.h"
#include "store/entry_row.h"
#include "store/lanes.h"

namespace tanpuhui {
namespace {

Bytes encode_answer(const Answer& answer) {
  CborWriter out;
  if (!answer.refusal) return out.array(1).integer(answer.entry.value).take();
  const Refusal& refusal = *answer.refusal;
  out.array(8).integer(0).text(refusal.code).text(refusal.basis).text(refusal.message_zh).text(refusal.message_en);
  out.text(refusal.remedy_zh).text(refusal.remedy_en).array(refusal.facts.size());
  for (const auto& [name, value] : refusal.facts) out.array(2).text(name).text(value);
  return out.take();
}

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

constexpr std::string_view registered_columns = "r.account_id, r.kind, r.status";
constexpr int registered_count = 3;

void read_lots(Database& database, AccountState& state, ByteView row) {
  std::vector<Bytes> pages;
  const auto count = page_count_of(row);
  if (count && *count > 0) {
    auto find = database.statement("SELECT lots FROM lot_pages WHERE part = ? AND account_id = ? ORDER BY n");
    find.bind(std::int64_t{part_of(state.account).value}).bind(state.account.value);
    while (find.step()) pages.emplace_back(find.blob(0).begin(), find.blob(0).end());
  }
  const auto decoded = decode_lots(state, row, pages);
  if (!decoded)
    throw Fault(fmt::format("{}: the lots of account {} are damaged ({}); run `tanpuhui audit`", database.path(),
                            state.account.value, decoded.error().what));
}

AccountState read_account(Database& database, const Statement& row) {
  AccountState state;
  state.account = AccountId{row.integer(0)};
  state.kind = static_cast<AccountKind>(row.integer(1));
  state.status = static_cast<AccountStatus>(row.integer(2));
  if (row.is_null(registered_count)) return state;
  read_account_totals(row, registered_count, state);
  read_lots(database, state, row.blob(registered_count + account_lots_column));
  return state;
}

constexpr int attempts_max = 8;  ///< of one group, when others come between or the server goes away

// Insert and update bind the same values in the same order; the update's condition comes last.
void bind_account(Statement& statement, const AccountState& state, ByteView lots) {
  for (const std::int64_t value :
       {state.version, state.points_available.count(), state.points_locked.count(), state.points_credited.count(),
        state.points_used.count(), state.points_expired.count(), state.points_reversed.count(),
        state.backing_mg.count(), state.free_mg.count(), state.honour_points.count(), state.honour_mg.count(),
        std::int64_t{state.next_expiry.number}, state.last_entry.value})
    statement.bind(value);
  statement.bind(lots).bind(std::int64_t{part_of(state.account).value}).bind(state.account.value);
}

}  // namespace

/// All that one commit reads and writes. Entries have numbers below zero until the group has taken theirs: -1 is the
/// first.
struct Writer::Group {
  struct Stored {
    Digest request{};
    Answer answer;
  };
  struct Account {
    AccountState state;
    std::int64_t loaded_version = 0;
    bool changed() const { return state.version != loaded_version; }
  };
  struct Written {
    Entry entry;
    AccountId account;
    EntryId previous;
    std::function<void(Database&, EntryId)> also;
  };
  std::unordered_map<AccountId, Account> accounts;
  std::map<std::pair<CommandId, AccountId>, Stored> answered;
  std::map<Part, std::int64_t> act_numbers;  ///< last given
  std::map<BatchId, SerialCounter> counters;
  std::vector<Written> written;
  std::vector<const Command*> answered_first;  ///< whose answers are to be stored
  std::vector<EntryId> numbers;                ///< of `written`

  EntryId final_number(EntryId id) const {
    return id.value < 0 ? numbers[static_cast<std::size_t>(-id.value - 1)] : id;
  }
  const Stored& answer_to(const Command& command) const { return answered.at({command.id, command.caller}); }
};

Writer::Writer(Database& database, HashFunction hash) : database_(database), hash_(hash) {}

std::vector<Answer> Writer::execute(std::span<const Command> commands, Instant now, const Shared& shared,
                                    std::size_t a_commit) {
  std::vector<Answer> answers;
  answers.reserve(commands.size());
  for (std::size_t at = 0; at < commands.size(); at += a_commit) {
    const auto group = commands.subspan(at, std::min(a_commit, commands.size() - at));
    std::ranges::move(execute_group(group, now, shared), std::back_inserter(answers));
  }
  return answers;
}

std::vector<Answer> Writer::execute_group(std::span<const Command> commands, Instant now, const Shared& shared) {
  for (int tries = 1;; ++tries) {
    try {
      return attempt(commands, now, shared);
    } catch (const Raced&) {
      if (tries == attempts_max) throw;
    } catch (const ConnectionLost&) {
      if (tries == attempts_max) throw;
      database_.reconnect();
    }
  }
}

std::vector<Answer> Writer::attempt(std::span<const Command> commands, Instant now, const Shared& shared) {
  Transaction transaction(database_, Transaction::Kind::beside_others);
  Group group;
  load_answers(group, commands);
  load_accounts(group, commands);
  if (shared.load) shared.load();
  std::vector<Answer> answers;
  answers.reserve(commands.size());
  for (const Command& command : commands) answers.push_back(answer(group, command, now));
  if (!group.written.empty()) number(group);
  save_entries(group);
  save_accounts(group);
  save_heads(group);
  if (shared.save) shared.save(database_);
  transaction.commit();
  for (Answer& given : answers) given.entry = group.final_number(given.entry);
  return answers;
}

void Writer::load_answers(Group& group, std::span<const Command> commands) {
  auto find = database_.statement(
      "SELECT command_id, account_id, digest, answer FROM commands WHERE command_id = ? AND part = ? AND account_id = "
      "?");
  for (const Command& command : commands)
    find.bind(ByteView(command.id.bytes)).bind(part_of(command.caller).value).bind(command.caller.value).add();
  while (find.step()) {
    CommandId id;
    std::ranges::copy(find.blob(0), id.bytes.begin());
    Group::Stored stored;
    std::ranges::copy(find.blob(2), stored.request.begin());
    stored.answer = decode_answer(find.blob(3));
    group.answered.emplace(std::pair(id, AccountId{find.integer(1)}), std::move(stored));
  }
}

void Writer::load_accounts(Group& group, std::span<const Command> commands) {
  auto rows = database_.statement(
      fmt::format("SELECT {}, {} FROM accounts_register r LEFT JOIN accounts a ON a.part = r.part AND a.account_id = "
                  "r.account_id WHERE r.account_id = ?",
                  registered_columns, account_columns));
  std::unordered_set<AccountId> callers;
  for (const Command& command : commands)
    if (!is_system(command.caller) && callers.insert(command.caller).second) rows.bind(command.caller.value).add();
  while (rows.step()) {
    AccountState state = read_account(database_, rows);
    const std::int64_t version = state.version;
    group.accounts.emplace(state.account, Group::Account{std::move(state), version});
  }
}

Answer Writer::answer(Group& group, const Command& command, Instant now) {
  const auto key = std::pair(command.id, command.caller);
  if (const auto known = group.answered.find(key); known != group.answered.end()) {
    if (known->second.request != command.request) return {EntryId{}, reused_id(command), true};
    Answer again = known->second.answer;
    again.repeated = true;
    return again;
  }
  const auto account = group.accounts.find(command.caller);
  AccountState none;
  none.account = command.caller;
  if (!is_system(command.caller) && account == group.accounts.end()) none.status = AccountStatus::closed;
  Result<Decided> decided = command.decide(account == group.accounts.end() ? none : account->second.state);
  Answer first;
  if (decided)
    first.entry = take(group, command, std::move(*decided), now);
  else
    first.refusal = decided.error();
  group.answered.emplace(key, Group::Stored{command.request, first});
  group.answered_first.push_back(&command);
  return first;
}

EntryId Writer::take(Group& group, const Command& command, Decided decided, Instant now) {
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
  group.written.push_back({std::move(entry), command.caller, previous, std::move(decided.also)});
  return id;
}

// From here to the commit no other process numbers entries of these lanes: what is read now stands.
void Writer::number(Group& group) {
  if (lanes_ == 0) lanes_ = count_lanes(database_);
  take_numbers(group);
  load_act_numbers(group);
  load_counters(group);
  for (Group::Written& written : group.written) {
    Entry& entry = written.entry;
    entry.entry_id = group.final_number(entry.entry_id);
    written.previous = group.final_number(written.previous);
    entry.act_no = ++group.act_numbers[entry.part];
    number_serials(entry.posting, [&](BatchId batch) -> SerialCounter& { return group.counters.at(batch); });
  }
  for (auto& [id, account] : group.accounts) account.state.last_entry = group.final_number(account.state.last_entry);
}

void Writer::take_numbers(Group& group) {
  std::set<int> lanes;
  for (const Group::Written& written : group.written) lanes.insert(lane_of(written.entry.part, lanes_));
  std::int64_t last = hold_lanes(database_, lanes);
  std::map<int, std::int64_t> last_of;
  for (const Group::Written& written : group.written) {
    const int lane = lane_of(written.entry.part, lanes_);
    last = last_of[lane] = number_after(last, lane, lanes_);
    group.numbers.push_back(EntryId{last});
  }
  leave_lanes(database_, last_of);
}

void Writer::load_act_numbers(Group& group) {
  for (const Group::Written& written : group.written) group.act_numbers.emplace(written.entry.part, 0);
  auto find = database_.statement("SELECT part, act_no FROM part_heads WHERE part = ?");
  for (const auto& [part, act_no] : group.act_numbers) find.bind(part.value).add();
  while (find.step()) group.act_numbers[Part{static_cast<std::int32_t>(find.integer(0))}] = find.integer(1);
}

// A batch is shared by all lanes: its row is held until the commit, batches in rising order.
void Writer::load_counters(Group& group) {
  for (const Group::Written& written : group.written)
    for (const BatchAmount& amount : leaving_circulation(written.entry.posting))
      group.counters.emplace(amount.batch, SerialCounter{amount.batch, {}, {}});
  for (auto& [batch, counter] : group.counters) {
    auto hold = database_.statement(
        "UPDATE batches SET serial_next_mg = serial_next_mg WHERE batch_id = ? RETURNING issued_mg, serial_next_mg");
    hold.bind(batch.value);
    TANPUHUI_REQUIRE(hold.step(), "reductions belong to a batch");
    counter.issued_mg = Milligrams(hold.integer(0));
    counter.next_mg = Milligrams(hold.integer(1));
  }
}

void Writer::save_entries(const Group& group) {
  auto insert_entry = database_.statement(
      "INSERT INTO entries(entry_id, part, account_id, act_no, prev_entry, body) VALUES (?, ?, ?, ?, ?, ?)");
  for (const Group::Written& written : group.written) {
    const Bytes body = encode_entry(written.entry);
    insert_entry.bind(written.entry.entry_id.value)
        .bind(written.entry.part.value)
        .bind(written.account.value)
        .bind(written.entry.act_no)
        .bind(written.previous.value)
        .bind(body)
        .add();
  }
  insert_entry.queue();
  for (const Group::Written& written : group.written)
    if (written.also) written.also(database_, written.entry.entry_id);
  auto insert_answer = database_.statement(
      "INSERT INTO commands(command_id, part, account_id, digest, answer, entry_id) VALUES (?, ?, ?, ?, ?, ?)");
  for (const Command* command : group.answered_first) {
    Answer given = group.answer_to(*command).answer;
    given.entry = group.final_number(given.entry);
    const Bytes answer = encode_answer(given);
    insert_answer.bind(ByteView(command->id.bytes))
        .bind(part_of(command->caller).value)
        .bind(command->caller.value)
        .bind(ByteView(command->request))
        .bind(answer)
        .bind(given.entry.value)
        .add();
  }
  insert_answer.queue();
}

void Writer::save_accounts(Group& group) {
  auto insert = database_.statement(
      "INSERT INTO accounts(version, points_available, points_locked, points_credited, points_used, points_expired, "
      "points_reversed, backing_mg, free_mg, honour_points, honour_mg, next_expiry, last_entry, lots, part, "
      "account_id) "
      "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
  auto update = database_.statement(
      "UPDATE accounts SET version = ?, points_available = ?, points_locked = ?, points_credited = ?, points_used = ?, "
      "points_expired = ?, points_reversed = ?, backing_mg = ?, free_mg = ?, honour_points = ?, honour_mg = ?, "
      "next_expiry = ?, last_entry = ?, lots = ? WHERE part = ? AND account_id = ? AND version = ?");
  auto clear_pages = database_.statement("DELETE FROM lot_pages WHERE part = ? AND account_id = ?");
  auto insert_page = database_.statement("INSERT INTO lot_pages(part, account_id, n, lots) VALUES (?, ?, ?, ?)");
  std::int64_t inserts = 0, updates = 0;
  for (auto& [id, account] : group.accounts) {
    if (!account.changed()) continue;
    const LotBytes lots = encode_lots(account.state);
    const bool is_new = account.loaded_version == 0;
    Statement& statement = is_new ? insert : update;
    bind_account(statement, account.state, lots.row);
    if (!is_new) statement.bind(account.loaded_version);
    statement.add();
    ++(is_new ? inserts : updates);
    if (!lots.pages_changed) continue;
    clear_pages.bind(part_of(id).value).bind(id.value).add();
    for (std::size_t n = 0; n < lots.pages.size(); ++n)
      insert_page.bind(part_of(id).value).bind(id.value).bind(n + 1).bind(lots.pages[n]).add();
  }
  // Fewer than these, and somebody else changed an account since it was read.
  insert.queue(inserts);
  update.queue(updates);
  clear_pages.queue();
  insert_page.queue();
}

void Writer::save_heads(const Group& group) {
  auto head = database_.statement(
      "INSERT INTO part_heads(part, act_no) VALUES (?, ?) ON CONFLICT (part) DO UPDATE SET act_no = excluded.act_no");
  for (const auto& [part, act_no] : group.act_numbers) head.bind(part.value).bind(act_no).add();
  head.queue();
  auto serial = database_.statement("UPDATE batches SET serial_next_mg = ? WHERE batch_id = ?");
  for (const auto& [batch, counter] : group.counters) serial.bind(counter.next_mg.count()).bind(batch.value).add();
  serial.queue();
}

std::optional<AccountState> find_account(Database& database, AccountId account) {
  auto row = database.statement(
      fmt::format("SELECT {}, {} FROM accounts_register r LEFT JOIN accounts a ON a.part = r.part AND a.account_id = "
                  "r.account_id WHERE r.account_id = ?",
                  registered_columns, account_columns));
  row.bind(account.value);
  if (!row.step()) return std::nullopt;
  return read_account(database, row);
}

std::optional<Entry> find_entry(Database& database, EntryId entry) {
  auto row = database.statement("SELECT body FROM entries WHERE entry_id = ?");
  row.bind(entry.value);
  if (!row.step()) return std::nullopt;
  return read_entry(database, entry, row.blob(0));
}

}  // namespace tanpuhui
