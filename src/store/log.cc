#include "store/log.h"

#include <algorithm>
#include <span>

#include <fmt/format.h>

#include "base/fault.h"
#include "crypto/hash.h"
#include "crypto/random.h"
#include "ledger/entry.h"
#include "merkle/merkle.h"
#include "store/entry_row.h"
#include "store/lanes.h"
#include "store/programme.h"

namespace tanpuhui {
namespace {

constexpr std::string_view event_key_name = "log.event_key";
constexpr std::string_view ledger_name = "log.ledger";
constexpr std::size_t ledger_id_bytes = 16;

/// An entry as it lies in the table.
struct Held {
  EntryId id;
  Bytes body;
};

std::string kept_random(Database& database, std::string_view name, std::size_t bytes) {
  if (auto known = find_meta(database, name)) return *std::move(known);
  const std::string fresh = to_hex(random_bytes(bytes));
  database.statement("INSERT INTO meta(key, value) VALUES (?, ?) ON CONFLICT (key) DO NOTHING")
      .bind(name)
      .bind(fresh)
      .run();
  return find_meta(database, name).value_or(fresh);
}

Digest stored_digest(const Database& database, ByteView bytes) {
  Digest digest{};
  if (bytes.size() != digest.size())
    throw Fault(database.path() + ": a digest of the log is damaged; run `tanpuhui audit`");
  std::ranges::copy(bytes, digest.begin());
  return digest;
}

// Blocks that exist were sealed under a key: another one would prove nothing.
Digest event_key(Database& database) {
  const auto key = digest_from_hex(find_meta(database, event_key_name).value_or(""));
  if (!key) throw Fault(database.path() + ": the event key of the log is missing; restore the file from a backup");
  return *key;
}

Salt salt_of(const Digest& key, EntryId entry) {
  std::array<std::uint8_t, 8> id{};
  for (std::size_t i = 0; i < id.size(); ++i)
    id[i] = static_cast<std::uint8_t>(static_cast<std::uint64_t>(entry.value) >> (8 * (id.size() - 1 - i)));
  return hmac_sha256(key, id);
}

std::vector<Digest> leaves_of(const Digest& key, std::span<const Held> held, std::int64_t block) {
  std::vector<SealedEvent> events;
  events.reserve(held.size());
  for (const Held& entry : held) events.push_back({salt_of(key, entry.id), entry.body});
  return event_leaves(events, hmac_sha256(key, as_bytes("filler" + std::to_string(block))), sha256);
}

std::vector<Held> read_held(Statement& rows) {
  std::vector<Held> held;
  while (rows.step()) held.push_back({EntryId{rows.integer(0)}, Bytes(rows.blob(1).begin(), rows.blob(1).end())});
  return held;
}

std::vector<Held> next_entries(Database& database, EntryId after, EntryId until) {
  auto rows = database.statement(
      "SELECT entry_id, body FROM entries WHERE entry_id > ? AND entry_id <= ? ORDER BY entry_id LIMIT ?");
  rows.bind(after.value).bind(until.value).bind(block_entries_max);
  return read_held(rows);
}

std::vector<Held> entries_between(Database& database, EntryId first, EntryId last) {
  auto rows = database.statement("SELECT entry_id, body FROM entries WHERE entry_id BETWEEN ? AND ? ORDER BY entry_id");
  rows.bind(first.value).bind(last.value);
  return read_held(rows);
}

std::vector<Entry> decode_all(const Database& database, std::span<const Held> held) {
  std::vector<Entry> entries;
  entries.reserve(held.size());
  for (const Held& entry : held) entries.push_back(read_entry(database, entry.id, entry.body));
  return entries;
}

std::map<AccountId, std::string> classes_of(Database& database, std::span<const Entry> entries) {
  std::map<AccountId, std::string> classes;
  for (const Entry& entry : entries)
    for (const Leg& leg : entry.posting.legs)
      if (!is_system(leg.account)) classes.emplace(leg.account, "unregistered");
  auto registered = database.statement("SELECT account_id, kind FROM accounts_register WHERE account_id = ?");
  auto escrows = database.statement("SELECT escrow_id FROM providers WHERE escrow_id = ?");
  for (const auto& [account, name] : classes) {
    registered.bind(account.value).add();
    escrows.bind(account.value).add();
  }
  while (registered.step()) {
    const auto kind = static_cast<AccountKind>(registered.integer(1));
    classes[AccountId{registered.integer(0)}] = kind == AccountKind::person ? "person" : "organisation";
  }
  while (escrows.step()) classes[AccountId{escrows.integer(0)}] = "escrow";
  return classes;
}

using Sums = std::map<std::pair<std::string, std::string>, BlockTotal>;

void add(Sums& sums, const BlockTotal& total) {
  BlockTotal& sum = sums[{total.account_class, total.movement}];
  sum.account_class = total.account_class;
  sum.movement = total.movement;
  sum.points = (Points(sum.points) + Points(total.points)).count();
  sum.mg = (Milligrams(sum.mg) + Milligrams(total.mg)).count();
}

std::vector<BlockTotal> totals_of(Database& database, std::span<const Entry> entries) {
  const std::map<AccountId, std::string> classes = classes_of(database, entries);
  Sums sums;
  for (const Entry& entry : entries)
    for (const Leg& leg : entry.posting.legs) {
      const std::string name = is_system(leg.account)
                                   ? std::string(name_en(static_cast<SystemAccount>(leg.account.value)))
                                   : classes.at(leg.account);
      add(sums,
          {name, std::string(name_en(entry.kind)), leg.d_points.count(), (leg.d_backing_mg + leg.d_free_mg).count()});
    }
  std::vector<BlockTotal> totals;
  for (const auto& [key, total] : sums) totals.push_back(total);
  return totals;
}

/// The last block, or what stands before the first.
struct Head {
  std::int64_t number = -1;
  EntryId last_entry;
  Digest leaf{};
};

Head read_head(Database& database) {
  auto row = database.statement("SELECT block_no, last_entry, leaf_hash FROM blocks ORDER BY block_no DESC LIMIT 1");
  if (!row.step()) return {};
  return {row.integer(0), EntryId{row.integer(1)}, stored_digest(database, row.blob(2))};
}

void save_block(Database& writer, const BlockRecord& block) {
  const Bytes record = encode_block(block);
  const Digest leaf = block_hash(record, sha256);
  writer.statement("INSERT INTO blocks(block_no, first_entry, last_entry, record, leaf_hash) VALUES (?, ?, ?, ?, ?)")
      .bind(block.number)
      .bind(block.first_entry.value)
      .bind(block.last_entry.value)
      .bind(record)
      .bind(ByteView(leaf))
      .run();
}

bool seal_next_block(Database& writer, EntryId until, const Digest& rulebook, Instant now) {
  Transaction transaction(writer);
  const Head head = read_head(writer);
  const std::vector<Held> held = next_entries(writer, head.last_entry, until);
  if (held.empty()) return false;
  BlockRecord block;
  block.ledger = kept_random(writer, ledger_name, ledger_id_bytes);
  block.number = head.number + 1;
  block.first_entry = held.front().id;
  block.last_entry = held.back().id;
  block.sealed_at = now;
  const std::vector<Digest> leaves = leaves_of(log_secret(writer, event_key_name), held, block.number);
  block.event_count = std::ssize(leaves);
  block.event_root = merkle_root(leaves, sha256);
  block.totals = totals_of(writer, decode_all(writer, held));
  block.previous = head.leaf;
  block.rulebook = rulebook;
  save_block(writer, block);
  transaction.commit();
  return true;
}

std::vector<Digest> log_leaves(Database& database, std::int64_t size) {
  std::vector<Digest> leaves;
  auto rows = database.statement("SELECT leaf_hash FROM blocks WHERE block_no < ? ORDER BY block_no");
  rows.bind(size);
  while (rows.step()) leaves.push_back(stored_digest(database, rows.blob(0)));
  return leaves;
}

/// A block as its row says.
struct StoredBlock {
  std::int64_t number = 0;
  EntryId first, last;
  Bytes record;
  Digest leaf{};
};

StoredBlock read_block(const Database& database, const Statement& row) {
  StoredBlock block;
  block.number = row.integer(0);
  block.first = EntryId{row.integer(1)};
  block.last = EntryId{row.integer(2)};
  block.record.assign(row.blob(3).begin(), row.blob(3).end());
  block.leaf = stored_digest(database, row.blob(4));
  return block;
}

std::optional<StoredBlock> stored_block_of(Database& database, EntryId entry) {
  auto row = database.statement(
      "SELECT block_no, first_entry, last_entry, record, leaf_hash FROM blocks WHERE first_entry <= ? AND last_entry "
      ">= ?");
  row.bind(entry.value).bind(entry.value);
  if (!row.step()) return std::nullopt;
  return read_block(database, row);
}

StoredBlock block_of(Database& database, EntryId entry) {
  auto block = stored_block_of(database, entry);
  if (!block)
    throw Fault(
        fmt::format("{}: entry {} is in no block of the log yet; seal the log first", database.path(), entry.value));
  return *std::move(block);
}

std::size_t position_of(const Database& database, std::span<const Held> held, EntryId entry) {
  const auto found = std::ranges::find(held, entry, &Held::id);
  if (found == held.end()) throw Fault(fmt::format("{}: there is no entry {}", database.path(), entry.value));
  return static_cast<std::size_t>(found - held.begin());
}

std::int64_t size_of(const std::string& note) {
  const auto head = parse_checkpoint(note);
  if (!head) throw Fault("the head of the log cannot be read; sign it again");
  return head->checkpoint.size;
}

/// Goes over the blocks in order and collects sentences.
class BlockWalk {
 public:
  BlockWalk(Database& database, std::vector<std::string>& flaws) : database_(database), flaws_(flaws) {}

  void visit(const StoredBlock& block) {
    before_ = std::exchange(last_, {block.number, block.last, block.leaf});  // also when a check throws
    if (block.number != before_.number + 1)
      say(block, fmt::format("comes after block {}: blocks are missing", before_.number));
    if (block_hash(block.record, sha256) != block.leaf) say(block, "its record is not what its leaf hash says");
    check_gap(block);
    if (const auto record = decode_block(block.record))
      check_record(block, *record);
    else
      say(block, "its record cannot be read");
  }

 private:
  void say(const StoredBlock& block, std::string_view what) {
    flaws_.push_back(fmt::format("block {}: {}", block.number, what));
  }

  void check_gap(const StoredBlock& block) {
    if (block.first <= before_.last_entry) return say(block, "its entries begin inside the block before");
    auto between = database_.statement("SELECT count(*) FROM entries WHERE entry_id > ? AND entry_id < ?");
    between.bind(before_.last_entry.value).bind(block.first.value);
    if (const std::int64_t lost = between.run_integer(); lost > 0)
      say(block, fmt::format("{} entries before it are in no block", lost));
  }

  void check_record(const StoredBlock& block, const BlockRecord& record) {
    if (record.number != block.number) say(block, fmt::format("its record is numbered {}", record.number));
    if (record.previous != before_.leaf)
      say(block, "its record does not continue the block before: the chain is broken");
    if (record.ledger != find_meta(database_, ledger_name)) say(block, "its record is of another ledger");
    if (record.first_entry != block.first || record.last_entry != block.last)
      say(block, "its record names other entries than its row");
    check_entries(block, record);
  }

  void check_entries(const StoredBlock& block, const BlockRecord& record) {
    const std::vector<Held> held = entries_between(database_, record.first_entry, record.last_entry);
    const std::vector<Digest> leaves = leaves_of(event_key(database_), held, record.number);
    if (std::ssize(leaves) != record.event_count || merkle_root(leaves, sha256) != record.event_root)
      return say(block, "its entries are not those that were sealed");
    if (totals_of(database_, decode_all(database_, held)) != record.totals)
      say(block, "its totals are not those of its entries");
  }

  Database& database_;
  std::vector<std::string>& flaws_;
  Head before_, last_;
};

}  // namespace

Digest log_secret(Database& writer, std::string_view name) {
  const auto secret = digest_from_hex(kept_random(writer, name, sizeof(Digest)));
  if (!secret) throw Fault(fmt::format("{}: the secret {} is damaged", writer.path(), name));
  return *secret;
}

std::int64_t seal_blocks(Database& writer, const Digest& rulebook, Instant now) {
  const EntryId until = complete_entries(writer);
  std::int64_t made = 0;
  while (seal_next_block(writer, until, rulebook, now)) ++made;
  return made;
}

std::optional<SealedBlock> find_block_of(Database& database, EntryId entry) {
  const auto block = stored_block_of(database, entry);
  if (!block) return std::nullopt;
  return SealedBlock{block->number, block->leaf};
}

std::int64_t log_size(Database& database) {
  return database.statement("SELECT coalesce(max(block_no) + 1, 0) FROM blocks").run_integer();
}

Digest log_root(Database& database) { return merkle_root(log_leaves(database, log_size(database)), sha256); }

std::string sign_head(Database& database, const LogKey& key, const SigningKey& signing) {
  if (signing.verify_key().bytes() != key.ed25519)
    throw Fault(fmt::format("the private key is not that of the log {}", key.name));
  const std::vector<Digest> leaves = log_leaves(database, log_size(database));
  const Checkpoint head{key.name, std::ssize(leaves), merkle_root(leaves, sha256)};
  return sign_checkpoint(head, key, sha256, [&](ByteView message) { return signing.sign(message); });
}

CertificateParts prove_entry(Database& database, EntryId entry, const std::string& note) {
  const StoredBlock block = block_of(database, entry);
  const std::vector<Digest> log = log_leaves(database, size_of(note));
  if (block.number >= std::ssize(log))
    throw Fault(fmt::format("the head of the log is older than block {}; sign it again", block.number));
  const std::vector<Held> held = entries_between(database, block.first, block.last);
  const Digest key = event_key(database);
  const std::size_t index = position_of(database, held, entry);
  CertificateParts parts;
  parts.entry = held[index].body;
  parts.salt = salt_of(key, entry);
  parts.event_index = static_cast<std::int64_t>(index);
  parts.event_path = inclusion_proof(leaves_of(key, held, block.number), index, sha256);
  parts.block_record = block.record;
  parts.log_index = block.number;
  parts.log_path = inclusion_proof(log, static_cast<std::size_t>(block.number), sha256);
  parts.checkpoint = note;
  return parts;
}

void add_totals(Database& database, LogTotals& totals) {
  auto rows = database.scan("SELECT block_no, record FROM blocks WHERE block_no >= ? ORDER BY block_no");
  rows.bind(totals.next_block);
  while (rows.step()) {
    const auto block = decode_block(rows.blob(1));
    if (!block)
      throw Fault(fmt::format("{}: block {} is damaged; run `tanpuhui audit`", database.path(), rows.integer(0)));
    for (const BlockTotal& total : block->totals) add(totals.sums, total);
    totals.next_block = rows.integer(0) + 1;
  }
}

std::vector<std::string> check_blocks(Database& database) {
  std::vector<std::string> flaws;
  BlockWalk walk(database, flaws);
  auto rows =
      database.scan("SELECT block_no, first_entry, last_entry, record, leaf_hash FROM blocks ORDER BY block_no");
  while (rows.step()) {
    try {
      walk.visit(read_block(database, rows));
    } catch (const Fault& fault) {  // what is damaged is a finding here
      flaws.push_back(fmt::format("block {}: {}", rows.integer(0), fault.what()));
    }
  }
  return flaws;
}

}  // namespace tanpuhui
