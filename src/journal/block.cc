#include "journal/block.h"

#include <algorithm>
#include <tuple>

#include "base/cbor.h"
#include "base/check.h"
#include "journal/flaws.h"
#include "merkle/merkle.h"

namespace tanpuhui {
namespace {

constexpr std::string_view block_label = "tph/block";
constexpr std::int64_t block_version = 1;

bool in_order(const BlockTotal& a, const BlockTotal& b) {
  return std::tie(a.account_class, a.movement) < std::tie(b.account_class, b.movement);
}

bool strictly_sorted(const std::vector<BlockTotal>& totals) {
  const auto out_of_order = [](const BlockTotal& a, const BlockTotal& b) { return !in_order(a, b); };
  return std::adjacent_find(totals.begin(), totals.end(), out_of_order) == totals.end();
}

bool sound(const BlockRecord& record) {
  const bool dated = record.sealed_at.ms >= 0 && record.sealed_at < year_10000;
  return dated && record.number >= 0 && record.event_count >= 1 && record.first_entry <= record.last_entry &&
         strictly_sorted(record.totals);
}

void write_totals(CborWriter& out, const std::vector<BlockTotal>& totals) {
  out.array(totals.size());
  for (const BlockTotal& total : totals)
    out.array(4).text(total.account_class).text(total.movement).integer(total.points).integer(total.mg);
}

std::vector<BlockTotal> read_totals(CborReader& in) {
  std::vector<BlockTotal> totals;
  for (std::size_t left = in.array(); left > 0 && in.ok(); --left) {
    in.array(4);
    BlockTotal& total = totals.emplace_back();
    total.account_class = in.text();
    total.movement = in.text();
    total.points = in.integer();
    total.mg = in.integer();
  }
  return totals;
}

bool read_digest(CborReader& in, Digest& digest) {
  const ByteView bytes = in.bytes();
  if (bytes.size() != digest.size()) return false;
  std::copy(bytes.begin(), bytes.end(), digest.begin());
  return true;
}

}  // namespace

Bytes encode_block(const BlockRecord& record) {
  BlockRecord sorted = record;
  std::sort(sorted.totals.begin(), sorted.totals.end(), in_order);
  TANPUHUI_REQUIRE(sound(sorted), "a block is dated, counts from zero, holds an event and has each total once");
  CborWriter out;
  out.array(12).text(block_label).integer(block_version).text(sorted.ledger).integer(sorted.number);
  out.integer(sorted.first_entry.value).integer(sorted.last_entry.value).integer(sorted.sealed_at.ms);
  out.integer(sorted.event_count);
  write_totals(out, sorted.totals);
  out.bytes(sorted.event_root).bytes(sorted.previous).bytes(sorted.rulebook);
  return out.take();
}

Result<BlockRecord> decode_block(ByteView bytes) {
  CborReader in(bytes);
  BlockRecord record;
  in.array(12);
  const bool known = in.text() == block_label && in.integer() == block_version;
  record.ledger = in.text();
  record.number = in.integer();
  record.first_entry = EntryId{in.integer()};
  record.last_entry = EntryId{in.integer()};
  record.sealed_at = Instant{in.integer()};
  record.event_count = in.integer();
  record.totals = read_totals(in);
  const bool digests =
      read_digest(in, record.event_root) && read_digest(in, record.previous) && read_digest(in, record.rulebook);
  if (!in.finish() || !known || !digests || !sound(record)) return refuse_proof(ProofFlaw::block_record);
  return record;
}

Digest block_hash(ByteView block_bytes, HashFunction hash) { return merkle_leaf_hash(block_bytes, hash); }

}  // namespace tanpuhui
