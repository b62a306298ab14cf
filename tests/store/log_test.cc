#include "store/log.h"

#include <filesystem>
#include <optional>

#include <gtest/gtest.h>

#include "base/fault.h"
#include "crypto/hash.h"
#include "store/lanes.h"
#include "store/migrations.h"
#include "store/writer.h"
#include "support/store.h"

namespace tanpuhui {
namespace {

const Digest rulebook = sha256(as_bytes("rulebook"));
constexpr Instant now{1'738'000'000'000};

SigningKey signing() { return SigningKey::from_seed(sha256(as_bytes("seed"))); }
LogKey log_key() { return {"tanpuhui.example/log/test", signing().verify_key().bytes()}; }

class LogTest : public ::testing::Test {
 protected:
  LogTest() {
    std::string name = (std::filesystem::temp_directory_path() / "tanpuhui-log-XXXXXX").string();
    folder_ = ::mkdtemp(name.data());
    database_.emplace(Database::open_writer(test_location((folder_ / "p.db").string())));
    migrate(*database_);
    database_->execute(
        "INSERT INTO accounts_register(account_id, part, kind, ref, status, opened_at) VALUES (1001, 0, 1, 'p', 1, 0), "
        "(1002, 0, 2, 'o', 1, 0);"
        "INSERT INTO providers VALUES (1002, 2002, 'shop', 0, 99999)");
  }
  ~LogTest() override {
    database_.reset();
    std::filesystem::remove_all(folder_);
  }

  static Leg leg(std::int64_t account, std::int64_t points, std::int64_t mg) {
    return {AccountId{account}, BatchId{1}, 0, Points(points), Milligrams(), Milligrams(mg)};
  }

  void append(std::int64_t id, EntryKind kind, std::vector<Leg> legs) {
    Entry entry;
    entry.entry_id = EntryId{id};
    entry.act_no = id;
    entry.kind = kind;
    entry.posting.account = AccountId{1001};
    entry.posting.legs = std::move(legs);
    const Bytes body = encode_entry(entry);
    database_->statement("INSERT INTO entries VALUES (?, 0, 1001, ?, 0, ?)").bind(id).bind(id).bind(body).run();
    leave_lanes(*database_, {{0, id}});
  }
  void append_posts(std::int64_t first, std::int64_t last) {
    Transaction transaction(*database_);
    for (std::int64_t id = first; id <= last; ++id) append(id, EntryKind::post, {leg(1, -2, -200), leg(1001, 2, 200)});
    transaction.commit();
  }

  std::int64_t seal() { return seal_blocks(*database_, rulebook, now); }
  BlockRecord block(std::int64_t number) {
    auto row = database_->statement("SELECT record FROM blocks WHERE block_no = ?");
    row.bind(number);
    EXPECT_TRUE(row.step());
    return decode_block(row.blob(0)).value();
  }
  std::string head() { return sign_head(*database_, log_key(), signing()); }

  // The checks of a certificate's proof, without a statement.
  bool proves(const CertificateParts& parts) {
    const BlockRecord record = decode_block(parts.block_record).value();
    const auto verify = [](const PublicKeyBytes& key, ByteView message, ByteView signature) {
      return VerifyKey(key).verify(message, signature);
    };
    const Checkpoint checkpoint = open_checkpoint(parts.checkpoint, log_key(), sha256, verify).value();
    const InclusionClaim entry{event_leaf_hash({parts.salt, parts.entry}, sha256),
                               static_cast<std::uint64_t>(parts.event_index),
                               static_cast<std::uint64_t>(record.event_count), parts.event_path, record.event_root};
    const InclusionClaim in_log{block_hash(parts.block_record, sha256), static_cast<std::uint64_t>(parts.log_index),
                                static_cast<std::uint64_t>(checkpoint.size), parts.log_path, checkpoint.root};
    return inclusion_holds(entry, sha256) && inclusion_holds(in_log, sha256);
  }

  std::filesystem::path folder_;
  std::optional<Database> database_;
};

TEST_F(LogTest, holds_each_entry_in_exactly_one_block) {
  append_posts(1, 3);
  EXPECT_EQ(1, seal());
  append_posts(4, 5);
  EXPECT_EQ(1, seal());
  EXPECT_EQ(EntryId{3}, block(0).last_entry);
  EXPECT_EQ(EntryId{4}, block(1).first_entry);
  EXPECT_EQ(2, log_size(*database_));
}

TEST_F(LogTest, makes_no_block_when_nothing_is_new) {
  append_posts(1, 3);
  seal();
  EXPECT_EQ(0, seal());
}

TEST_F(LogTest, cuts_many_entries_into_blocks_of_the_largest_size) {
  append_posts(1, block_entries_max + 5);
  EXPECT_EQ(2, seal());
  EXPECT_EQ(EntryId{block_entries_max}, block(0).last_entry);
  EXPECT_EQ(EntryId{block_entries_max + 1}, block(1).first_entry);
  EXPECT_TRUE(proves(prove_entry(*database_, EntryId{block_entries_max}, head())));
  EXPECT_TRUE(check_blocks(*database_).empty());
}

TEST_F(LogTest, chains_blocks_by_their_hashes) {
  append_posts(1, 1);
  seal();
  append_posts(2, 2);
  seal();
  EXPECT_EQ(Digest{}, block(0).previous);
  EXPECT_EQ(block_hash(encode_block(block(0)), sha256), block(1).previous);
  EXPECT_EQ(block(0).ledger, block(1).ledger);
  EXPECT_EQ(rulebook, block(1).rulebook);
}

TEST_F(LogTest, adds_up_by_class_of_account_and_movement) {
  append(1, EntryKind::post, {leg(1, -5, -500), leg(1001, 5, 500)});
  append(2, EntryKind::order, {leg(1001, -2, -200), leg(2, 2, 0), leg(2002, 0, 200)});
  append(3, EntryKind::settle, {leg(2002, 0, -200), leg(1002, 0, 200)});
  seal();
  EXPECT_EQ((std::vector<BlockTotal>{{"escrow", "order", 0, 200},
                                     {"escrow", "settle", 0, -200},
                                     {"issued", "post", -5, -500},
                                     {"organisation", "settle", 0, 200},
                                     {"person", "order", -2, -200},
                                     {"person", "post", 5, 500},
                                     {"points_used", "order", 2, 0}}),
            block(0).totals);
}

TEST_F(LogTest, goes_on_adding_where_it_stopped) {
  append_posts(1, 2);
  seal();
  LogTotals totals;
  add_totals(*database_, totals);
  append_posts(3, 3);
  seal();
  add_totals(*database_, totals);
  add_totals(*database_, totals);
  EXPECT_EQ(2, totals.next_block);
  EXPECT_EQ((BlockTotal{"person", "post", 6, 600}), (totals.sums.at({"person", "post"})));
}

TEST_F(LogTest, proves_every_entry_under_every_later_head) {
  for (std::int64_t id = 1; id <= 9; id += 3) {
    append_posts(id, id + 2);
    seal();
    const std::string note = head();
    for (std::int64_t entry = 1; entry <= id + 2; ++entry)
      EXPECT_TRUE(proves(prove_entry(*database_, EntryId{entry}, note))) << entry;
  }
}

TEST_F(LogTest, signs_the_root_of_its_leaves) {
  append_posts(1, 1);
  seal();
  const Checkpoint checkpoint = parse_checkpoint(head()).value().checkpoint;
  EXPECT_EQ(1, checkpoint.size);
  EXPECT_EQ(log_root(*database_), checkpoint.root);
}

TEST_F(LogTest, is_not_signed_with_the_key_of_another_log) {
  EXPECT_THROW(sign_head(*database_, {log_key().name, {}}, signing()), Fault);
}

TEST_F(LogTest, has_no_proof_of_what_it_does_not_hold) {
  append_posts(1, 1);
  seal();
  const std::string note = head();
  append_posts(2, 2);
  EXPECT_THROW(prove_entry(*database_, EntryId{2}, note), Fault);
  seal();
  EXPECT_THROW(prove_entry(*database_, EntryId{2}, note), Fault);
  EXPECT_NO_THROW(prove_entry(*database_, EntryId{2}, head()));
}

TEST_F(LogTest, keeps_its_secrets) {
  const Digest secret = log_secret(*database_, "a");
  EXPECT_EQ(secret, log_secret(*database_, "a"));
  EXPECT_NE(secret, log_secret(*database_, "b"));
}

class CheckedLogTest : public LogTest {
 protected:
  CheckedLogTest() {
    append_posts(1, 3);
    seal();
    append_posts(4, 6);
    seal();
    append_posts(8, 9);
    seal();
  }
  // What the check finds after a change.
  std::string flaw_after(const std::string& sql) {
    EXPECT_TRUE(check_blocks(*database_).empty());
    database_->execute(sql);
    const std::vector<std::string> flaws = check_blocks(*database_);
    return flaws.empty() ? "" : flaws.front();
  }
};

TEST_F(CheckedLogTest, finds_a_changed_entry) {
  EXPECT_EQ("block 1: its entries are not those that were sealed",
            flaw_after("UPDATE entries SET body = (SELECT body FROM entries WHERE entry_id = 4) WHERE entry_id = 5"));
}

TEST_F(CheckedLogTest, finds_a_lost_entry) {
  EXPECT_EQ("block 0: its entries are not those that were sealed",
            flaw_after("DELETE FROM entries WHERE entry_id = 2"));
}

TEST_F(CheckedLogTest, finds_an_entry_that_no_block_holds) {
  EXPECT_EQ("block 2: 1 entries before it are in no block",
            flaw_after("INSERT INTO entries SELECT 7, part, account_id, act_no, prev_entry, body FROM entries WHERE "
                       "entry_id = 8"));
}

TEST_F(CheckedLogTest, finds_a_lost_block) {
  EXPECT_EQ("block 2: comes after block 0: blocks are missing", flaw_after("DELETE FROM blocks WHERE block_no = 1"));
}

TEST_F(CheckedLogTest, finds_a_changed_leaf_hash) {
  EXPECT_EQ("block 1: its record is not what its leaf hash says",
            flaw_after("UPDATE blocks SET leaf_hash = zeroblob(32) WHERE block_no = 1"));
}

TEST_F(CheckedLogTest, finds_a_record_that_cannot_be_read) {
  database_->execute("UPDATE blocks SET record = x'00' WHERE block_no = 1");
  const std::vector<std::string> flaws = check_blocks(*database_);
  ASSERT_EQ(2U, flaws.size());
  EXPECT_EQ("block 1: its record cannot be read", flaws[1]);
}

TEST_F(CheckedLogTest, finds_a_block_put_in_the_place_of_another) {
  BlockRecord forged = block(1);
  forged.previous = rulebook;
  const Bytes record = encode_block(forged);
  const Digest leaf = block_hash(record, sha256);
  database_->statement("UPDATE blocks SET record = ?, leaf_hash = ? WHERE block_no = 1")
      .bind(record)
      .bind(ByteView(leaf))
      .run();
  const std::vector<std::string> flaws = check_blocks(*database_);
  ASSERT_EQ(2U, flaws.size());
  EXPECT_EQ("block 1: its record does not continue the block before: the chain is broken", flaws[0]);
  EXPECT_EQ("block 2: its record does not continue the block before: the chain is broken", flaws[1]);
}

TEST_F(CheckedLogTest, finds_totals_that_are_not_those_of_the_entries) {
  BlockRecord forged = block(2);
  forged.totals[0].mg += 1;
  const Bytes record = encode_block(forged);
  const Digest leaf = block_hash(record, sha256);
  database_->statement("UPDATE blocks SET record = ?, leaf_hash = ? WHERE block_no = 2")
      .bind(record)
      .bind(ByteView(leaf))
      .run();
  EXPECT_EQ((std::vector<std::string>{"block 2: its totals are not those of its entries"}), check_blocks(*database_));
}

TEST_F(CheckedLogTest, finds_a_key_that_is_gone) {
  database_->execute("DELETE FROM meta WHERE key = 'log.event_key'");
  EXPECT_EQ(3U, check_blocks(*database_).size());
}

}  // namespace
}  // namespace tanpuhui
