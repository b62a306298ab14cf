#include <algorithm>
#include <random>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/cbor.h"
#include "small_ledger.h"

namespace tanpuhui {
namespace {

constexpr AccountId ann{1001};
const Day spring = day("2025-03-01");

AccountState account_with(int lots, std::uint64_t seed = 1) {
  std::mt19937_64 random(seed);
  SmallLedger ledger;
  for (int i = 0; i < lots; ++i) {
    const bool plain = random() % 3 == 0;
    ledger.grant(ann, 1 + static_cast<std::int64_t>(random() % 1'000'000),
                 1 + static_cast<std::int64_t>(random() % 900),
                 plain ? 0 : 1 + static_cast<std::int64_t>(random() % 5'000'000), spring + i % 700);
  }
  return ledger.state(ann);
}

AccountState read_back(const LotBytes& bytes) {
  AccountState state;
  const auto done = decode_lots(state, bytes.row, bytes.pages);
  EXPECT_TRUE(done.has_value());
  return state;
}

TEST(lot_bytes, of_an_ordinary_account_fit_the_row) {
  AccountState state = account_with(24);
  const LotBytes bytes = encode_lots(state);
  EXPECT_TRUE(bytes.pages.empty());
  EXPECT_LT(bytes.row.size(), 800U);
  EXPECT_EQ(read_back(bytes).lots, state.lots);
}

TEST(lot_bytes, beyond_64_lots_lie_in_pages) {
  AccountState state = account_with(200);
  const LotBytes bytes = encode_lots(state);
  EXPECT_TRUE(bytes.pages_changed);
  EXPECT_EQ(page_count_of(bytes.row).value(), bytes.pages.size());
  EXPECT_GE(bytes.pages.size(), 3U);
  for (const Bytes& page : bytes.pages) EXPECT_LE(page.size(), bytes_per_page);
  EXPECT_LE(bytes.row.size(), bytes_per_page);
  EXPECT_EQ(read_back(bytes).lots, state.lots);
}

TEST(lot_bytes, keep_in_the_row_what_is_spent_next) {
  AccountState state = account_with(200);
  encode_lots(state);
  const auto plan = plan_spend(state, points(50), SpendOrder::bearing_first, spring).value();
  for (const PlanLine& line : plan.lines)
    for (const Lot& lot : state.lots) EXPECT_TRUE(lot.tranche != line.tranche || lot.page == 0);
}

TEST(lot_bytes, leave_the_pages_alone_while_the_row_is_spent) {
  AccountState state = account_with(200);
  encode_lots(state);
  const auto plan = plan_spend(state, points(500), SpendOrder::bearing_first, spring).value();
  apply(state, order_points(state, plan, SmallLedger::escrow), EntryId{500});
  EXPECT_FALSE(encode_lots(state).pages_changed);
}

TEST(lot_bytes, refill_the_row_from_the_pages_before_it_runs_dry) {
  AccountState state = account_with(90);
  encode_lots(state);
  const Points most = state.points_available - points(20);
  apply(state,
        order_points(state, plan_spend(state, most, SpendOrder::bearing_first, spring).value(), SmallLedger::escrow),
        EntryId{500});
  const LotBytes bytes = encode_lots(state);
  EXPECT_TRUE(bytes.pages_changed);
  EXPECT_TRUE(bytes.pages.empty());
  EXPECT_EQ(read_back(bytes).lots, state.lots);
}

TEST(lot_bytes, without_their_pages_are_refused) {
  AccountState state = account_with(200);
  const LotBytes bytes = encode_lots(state);
  AccountState other;
  EXPECT_FALSE(decode_lots(other, bytes.row));
}

TEST(lot_bytes, of_every_shorter_length_are_refused) {
  AccountState state = account_with(5);
  const Bytes row = encode_lots(state).row;
  for (std::size_t size = 0; size < row.size(); ++size) {
    AccountState other;
    EXPECT_FALSE(decode_lots(other, ByteView(row).first(size))) << size;
  }
}

void write_lot(CborWriter& out, std::int64_t tranche, std::int64_t credited_on) {
  out.array(10).integer(1).integer(tranche).integer(credited_on).integer(9).integer(1);
  for (const std::int64_t figure : {5, 5, 5, 0, 0}) out.integer(figure);
}

bool reads_with_days(std::int64_t first, std::int64_t second) {
  CborWriter out;
  out.array(4).integer(1).integer(5).integer(0).array(2);
  write_lot(out, 0, first);
  write_lot(out, 1, second);
  AccountState state;
  return decode_lots(state, out.result()).has_value();
}

TEST(lot_bytes, that_name_a_tranche_twice_are_refused) {
  CborWriter out;
  out.array(4).integer(1).integer(5).integer(0).array(2);
  write_lot(out, 3, 7);
  write_lot(out, 3, 8);
  AccountState state;
  EXPECT_FALSE(decode_lots(state, out.result()));
}

TEST(lot_bytes, in_order_are_read_and_out_of_order_refused) {
  EXPECT_TRUE(reads_with_days(7, 8));
  EXPECT_FALSE(reads_with_days(8, 7));
}

TEST(lot_bytes, put_a_new_lot_behind_the_older_ones_in_the_pages) {
  AccountState state = account_with(200);
  encode_lots(state);
  apply(state,
        order_points(state, plan_spend(state, points(2000), SpendOrder::bearing_first, spring).value(),
                     SmallLedger::escrow),
        EntryId{500});
  encode_lots(state);
  apply(state, post_lot(state, {BatchId{7}, points(5), mg(50), spring + 900, spring + 1600}).value(), EntryId{501});
  EXPECT_TRUE(encode_lots(state).pages_changed);
  EXPECT_GT(state.lots.back().page, 0);
}

TEST(lot_bytes, rewrite_the_pages_when_a_lot_in_a_page_changed) {
  AccountState state = account_with(200);
  encode_lots(state);
  Lot paged = *std::ranges::find_if(state.lots, [](const Lot& lot) { return lot.page > 0; });
  Posting lock;
  lock.account = ann;
  lock.locks.push_back({ann, paged.batch, paged.tranche, points(1)});
  apply(state, lock, EntryId{500});
  const LotBytes bytes = encode_lots(state);
  EXPECT_TRUE(bytes.pages_changed);
  EXPECT_EQ(read_back(bytes).lots, state.lots);
}

// A changed byte is refused or says something else; it never reads as what was written.
TEST(lot_bytes, changed_anywhere_never_read_as_the_same_lots) {
  AccountState state = account_with(6);
  const Bytes row = encode_lots(state).row;
  for (std::size_t at = 0; at < row.size(); ++at)
    for (int bit = 0; bit < 8; ++bit) {
      Bytes changed = row;
      changed[at] = static_cast<std::uint8_t>(changed[at] ^ (1U << bit));
      AccountState other;
      if (!decode_lots(other, changed)) continue;
      EXPECT_EQ(encode_lots(other).row, changed) << at;
      EXPECT_FALSE(other.lots == state.lots && other.tranches_opened == state.tranches_opened) << at;
    }
}

RC_GTEST_PROP(lot_bytes, read_back_as_they_were, (std::uint64_t seed)) {
  AccountState state = account_with(static_cast<int>(seed % 150), seed);
  const LotBytes bytes = encode_lots(state);
  RC_ASSERT(read_back(bytes).lots == state.lots);
}

Entry full_entry() {
  SmallLedger ledger;
  ledger.grant(ann, 1, 7, 100, spring);
  ledger.grant(ann, 2, 5, 0, spring);
  ledger.donate(ann, 50, spring);
  ledger.order(ann, 6, spring);
  Entry entry = ledger.entries().back();
  entry.part = part_of(ann);
  entry.command_id.bytes[3] = 77;
  entry.rulebook_hash[5] = 9;
  entry.document_digest = Digest{};
  entry.reverses = EntryId{2};
  entry.recorded_at = Instant{1'750'000'000'123};
  entry.occurred_on = spring;
  entry.posting.honours = ledger.entries()[2].posting.honours;
  entry.posting.serials = ledger.entries()[2].posting.serials;
  entry.posting.openings = ledger.entries()[0].posting.openings;
  entry.posting.locks.push_back({ann, BatchId{1}, 0, points(-3)});
  entry.notes = {{1, "offer 7"}, {4, "兑换"}};
  return entry;
}

TEST(entry_bytes, read_back_as_they_were) {
  const Entry entry = full_entry();
  EXPECT_EQ(decode_entry(encode_entry(entry)).value(), entry);
}

TEST(entry_bytes, of_every_shorter_length_are_refused) {
  const Bytes bytes = encode_entry(full_entry());
  for (std::size_t size = 0; size < bytes.size(); ++size)
    EXPECT_FALSE(decode_entry(ByteView(bytes).first(size))) << size;
}

TEST(entry_bytes, with_a_byte_too_many_are_refused) {
  Bytes bytes = encode_entry(full_entry());
  bytes.push_back(0);
  EXPECT_FALSE(decode_entry(bytes));
}

TEST(entry_bytes, changed_anywhere_never_read_as_the_same_entry) {
  const Entry entry = full_entry();
  const Bytes bytes = encode_entry(entry);
  for (std::size_t at = 0; at < bytes.size(); ++at)
    for (int bit = 0; bit < 8; ++bit) {
      Bytes changed = bytes;
      changed[at] = static_cast<std::uint8_t>(changed[at] ^ (1U << bit));
      const auto read = decode_entry(changed);
      if (!read) continue;
      EXPECT_FALSE(*read == entry) << at;
      EXPECT_EQ(encode_entry(*read), changed) << at;
    }
}

TEST(entry_bytes, with_a_digest_of_31_bytes_are_refused) {
  Entry entry = full_entry();
  entry.rulebook_hash.fill(0xab);
  Bytes bytes = encode_entry(entry);
  const Bytes head{0x58, 32, 0xab};
  const auto at = std::ranges::search(bytes, head).begin();
  ASSERT_NE(at, bytes.end());
  at[1] = 31;
  bytes.erase(at + 2);
  EXPECT_FALSE(decode_entry(bytes));
}

TEST(entry_bytes, with_notes_out_of_order_are_not_written) {
  Entry entry = full_entry();
  entry.notes = {{4, "b"}, {1, "a"}};
  EXPECT_THROW(encode_entry(entry), Defect);
}

}  // namespace
}  // namespace tanpuhui
