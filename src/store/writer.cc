#include "store/writer.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>

#include <fmt/format.h>

#include "base/cbor.h"
#include "base/fault.h"
#include "store/account_row.h"
#include "store/ahead_queue.h"
#include "store/decided_group.h"
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

/// Again what others came between, or what the server went away from.
template <class Act>
auto with_patience(Database& database, const Act& act) {
  for (int tries = 1;; ++tries) {
    try {
      return act();
    } catch (const Raced&) {
      if (tries == attempts_max) throw;
    } catch (const ConnectionLost&) {
      if (tries == attempts_max) throw;
      database.reconnect();
    }
  }
}

}  // namespace

/// What one commit adds to what was decided.
struct Writer::Commit {
  DecidedGroup& group;
  std::vector<EntryId> numbers = {};              ///< of the entries
  std::map<Part, std::int64_t> act_numbers = {};  ///< last given
  std::map<BatchId, SerialCounter> counters = {};

  EntryId final_number(EntryId id) const {
    return id.value < 0 ? numbers[static_cast<std::size_t>(-id.value - 1)] : id;
  }
};

struct Writer::Ahead {
  Step step;
  DecidedGroup group;
};

Writer::Writer(Database& database, HashFunction hash) : database_(database), hash_(hash) {}
Writer::~Writer() = default;

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

/// Groups that were decided ahead, on their way into one commit.
class Writer::InStep {
 public:
  InStep(Writer& writer, Instant now, const Shared& shared) : writer_(writer), now_(now), shared_(shared) {}

  /// Takes the step; the group is used up.
  Result<Done> add(Ahead& ahead) {
    commands_ += ahead.step.commands.size();
    groups_.push_back({std::move(ahead.step), {}});
    or_again([&] {
      if (!transaction_) begin();
      groups_.back().answers = writer_.write(ahead.group);
    });
    return commands_ < most() ? Done{} : finish();
  }

  Result<Done> finish() {
    or_again([&] {
      if (transaction_) transaction_->commit();
    });
    transaction_.reset();
    commands_ = 0;
    for (const Group& group : std::exchange(groups_, {})) {
      TANPUHUI_TRY([[maybe_unused]] const Done done, group.step.answered(group.answers));
    }
    return Done{};
  }

 private:
  struct Group {
    Step step;
    std::vector<Answer> answers;
  };

  // Alone with its file, a writer keeps nobody waiting, and a page that several groups touch is written once a commit.
  std::size_t most() const { return writer_.lanes_ == 1 ? 4 * job_commands_per_commit : 1; }

  void begin() {
    transaction_.emplace(writer_.database_, Transaction::Kind::beside_others);
    if (shared_.load) shared_.load();
  }

  // What was decided ahead stands no more, or nobody knows: each group is sent again, in a commit of its own.
  void or_again(const std::function<void()>& act) {
    try {
      return act();
    } catch (const Raced&) {
    } catch (const ConnectionLost&) {
    }
    transaction_.reset();
    for (Group& group : groups_) group.answers = writer_.execute_group(group.step.commands, now_, shared_);
    commands_ = most();
  }

  Writer& writer_;
  Instant now_;
  const Shared& shared_;
  std::optional<Transaction> transaction_;
  std::vector<Group> groups_;
  std::size_t commands_ = 0;
};

Result<Done> Writer::execute_in_step(const std::function<Step(Database& reader)>& next, Instant now,
                                     const Shared& shared) {
  TANPUHUI_REQUIRE(!shared.save, "groups that are decided ahead share nothing but accounts");
  if (!reader_) reader_ = std::make_unique<Database>(Database::open_reader(database_.location()));
  AheadQueue<Ahead> coming([&]() -> std::optional<Ahead> {
    Ahead ahead{with_patience(*reader_, [&] { return next(*reader_); }), {}};
    if (ahead.step.commands.empty()) return std::nullopt;
    ahead.group = with_patience(*reader_, [&] {
      const ReadTransaction one_state(*reader_);
      return decide_group(*reader_, ahead.step.commands, now, {}, std::exchange(ahead.step.at_hand, {}));
    });
    return ahead;
  });
  InStep commit(*this, now, shared);
  while (std::optional<Ahead> ahead = coming.take()) {
    TANPUHUI_TRY([[maybe_unused]] const Done done, commit.add(*ahead));
    coming.give_back(*std::move(ahead));
  }
  return commit.finish();
}

std::vector<Answer> Writer::execute_group(std::span<const Command> commands, Instant now, const Shared& shared) {
  return with_patience(database_, [&] { return attempt(commands, now, shared); });
}

std::vector<Answer> Writer::attempt(std::span<const Command> commands, Instant now, const Shared& shared) {
  Transaction transaction(database_, Transaction::Kind::beside_others);
  DecidedGroup group = decide_group(database_, commands, now, shared.load);
  std::vector<Answer> answers = write(group);
  if (shared.save) shared.save(database_);
  transaction.commit();
  return answers;
}

std::vector<Answer> Writer::write(DecidedGroup& group) {
  Commit commit{group};
  if (!group.written.empty()) number(commit);
  save_entries(commit);
  save_accounts(commit);
  save_heads(commit);
  for (Answer& given : group.answers) given.entry = commit.final_number(given.entry);
  return std::move(group.answers);
}

// From here to the commit no other process numbers entries of these lanes: what is read now stands.
void Writer::number(Commit& commit) {
  if (lanes_ == 0) lanes_ = count_lanes(database_);
  take_numbers(commit);
  load_act_numbers(commit);
  load_counters(commit);
  for (DecidedGroup::Written& written : commit.group.written) {
    Entry& entry = written.entry;
    entry.entry_id = commit.final_number(entry.entry_id);
    written.previous = commit.final_number(written.previous);
    entry.act_no = ++commit.act_numbers[entry.part];
    number_serials(entry.posting, written.leaving,
                   [&](BatchId batch) -> SerialCounter& { return commit.counters.at(batch); });
  }
  for (auto& [id, account] : commit.group.accounts)
    account.state.last_entry = commit.final_number(account.state.last_entry);
}

void Writer::take_numbers(Commit& commit) {
  std::set<int> lanes;
  for (const DecidedGroup::Written& written : commit.group.written) lanes.insert(lane_of(written.entry.part, lanes_));
  std::int64_t last = hold_lanes(database_, lanes);
  std::map<int, std::int64_t> last_of;
  for (const DecidedGroup::Written& written : commit.group.written) {
    const int lane = lane_of(written.entry.part, lanes_);
    last = last_of[lane] = number_after(last, lane, lanes_);
    commit.numbers.push_back(EntryId{last});
  }
  leave_lanes(database_, last_of);
}

void Writer::load_act_numbers(Commit& commit) {
  for (const DecidedGroup::Written& written : commit.group.written)
    commit.act_numbers.try_emplace(written.entry.part, 0);
  auto find = database_.statement("SELECT part, act_no FROM part_heads WHERE part = ?");
  for (const auto& [part, act_no] : commit.act_numbers) find.bind(part.value).add();
  while (find.step()) commit.act_numbers[Part{static_cast<std::int32_t>(find.integer(0))}] = find.integer(1);
}

// A batch is shared by all lanes: its row is held until the commit, batches in rising order.
void Writer::load_counters(Commit& commit) {
  for (const DecidedGroup::Written& written : commit.group.written)
    for (const BatchAmount& amount : written.leaving)
      commit.counters.try_emplace(amount.batch, SerialCounter{amount.batch, {}, {}});
  for (auto& [batch, counter] : commit.counters) {
    auto hold = database_.statement(
        "UPDATE batches SET serial_next_mg = serial_next_mg WHERE batch_id = ? RETURNING issued_mg, serial_next_mg");
    hold.bind(batch.value);
    TANPUHUI_REQUIRE(hold.step(), "reductions belong to a batch");
    counter.issued_mg = Milligrams(hold.integer(0));
    counter.next_mg = Milligrams(hold.integer(1));
  }
}

void Writer::save_entries(const Commit& commit) {
  auto insert_entry = database_.statement(
      "INSERT INTO entries(entry_id, part, account_id, act_no, prev_entry, body) VALUES (?, ?, ?, ?, ?, ?)");
  for (const DecidedGroup::Written& written : commit.group.written) {
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
  for (const DecidedGroup::Written& written : commit.group.written)
    if (written.also) written.also(database_, written.entry.entry_id);
  auto insert_answer = database_.statement(
      "INSERT INTO commands(command_id, part, account_id, digest, answer, entry_id) VALUES (?, ?, ?, ?, ?, ?)");
  for (const auto& [command, stored] : commit.group.answered_first) {
    Answer given = stored->answer;
    given.entry = commit.final_number(given.entry);
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

void Writer::save_accounts(Commit& commit) {
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
  for (auto& [id, account] : commit.group.accounts) {
    if (!account.changed()) continue;
    const bool is_new = account.loaded_version == 0;
    Statement& statement = is_new ? insert : update;
    bind_account(statement, account.state, account.lots.row);
    if (!is_new) statement.bind(account.loaded_version);
    statement.add();
    ++(is_new ? inserts : updates);
    if (!account.lots.pages_changed) continue;
    clear_pages.bind(part_of(id).value).bind(id.value).add();
    for (std::size_t n = 0; n < account.lots.pages.size(); ++n)
      insert_page.bind(part_of(id).value).bind(id.value).bind(n + 1).bind(account.lots.pages[n]).add();
  }
  // Fewer than these, and somebody else changed an account since it was read.
  insert.queue(inserts);
  update.queue(updates);
  clear_pages.queue();
  insert_page.queue();
}

void Writer::save_heads(const Commit& commit) {
  auto head = database_.statement(
      "INSERT INTO part_heads(part, act_no) VALUES (?, ?) ON CONFLICT (part) DO UPDATE SET act_no = excluded.act_no");
  for (const auto& [part, act_no] : commit.act_numbers) head.bind(part.value).bind(act_no).add();
  head.queue();
  auto serial = database_.statement("UPDATE batches SET serial_next_mg = ? WHERE batch_id = ?");
  for (const auto& [batch, counter] : commit.counters) serial.bind(counter.next_mg.count()).bind(batch.value).add();
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
