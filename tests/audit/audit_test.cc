#include "audit/audit.h"

#include <set>

#include <gtest/gtest.h>

#include "cases/work_on_case.h"
#include "jobs/net_balances.h"
#include "jobs/project_lines.h"
#include "ledger/apply.h"
#include "rooms/activity/shell/find_sealed_acts.h"
#include "rooms/activity/shell/pack_rounds.h"
#include "rooms/activity/shell/segment_bytes.h"
#include "rooms/points/shell/expire.h"
#include "sound_programme.h"

namespace tanpuhui {
namespace {

using Names = std::set<std::string>;

const std::string balance = "L1 entries sum to zero";
const std::string stored = "L1 entries stand as they were written";
const std::string rows_stored = "L1 account rows stand as they were written";
const std::string blocks = "L1 blocks hold the entries";
const std::string statements = "L1 certificates stand on their entries";
const std::string netting = "L3 netted balances are the sums of their legs";
const std::string reader_lines = "L3 lines for readers are what the entries say";
const std::string add_up = "L2, L5, L6 rows add up";
const std::string conserved = "L3, L5 what was issued is held, in escrow or accounted for";
const std::string escrow = "L3 escrow holds the open orders";
const std::string replay = "L4 rows equal the replay of their entries";
const std::string serials = "L4 serials are fixed once";
const std::string lines = "L7 batch lines are the sums of their acts";
const std::string content = "L7 batches are what they say";
const std::string posted = "L7 what is posted is what was signed";
const std::string signatures = "L7 batches are signed";
const std::string commands = "L8 a command is answered once";
const std::string once = "L8 a record is credited once";
const std::string honours = "L9 honours equal what was used";
const std::string acts = "L12 sealed acts compute again";
const std::string days = "L12 sealed days add up";
const std::string orders = "L13 orders agree with their entries";
const std::string reversals = "L13 reversals point back, once";
const std::string negative = "L14 nothing is negative";
const std::string constraints = "the store keeps its constraints";

/// One sound programme for all tests; each works on a copy.
class AuditTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    std::string name = testing::TempDir() + "tanpuhui-audit-XXXXXX";
    ASSERT_TRUE(::mkdtemp(name.data()));
    folder = name;
    if (!on_server()) SoundProgramme programme(folder + "/sound.db");
  }
  static void TearDownTestSuite() { std::filesystem::remove_all(folder); }

  void SetUp() override {
    database_.emplace(on_server() ? make_on_server() : copy_file());
    ASSERT_EQ(broken(), Names{});
  }

  static Database copy_file() {
    const std::string path = folder + "/copy.db";
    for (const char* tail : {"", "-wal", "-shm"}) std::filesystem::remove(path + tail);
    std::filesystem::copy_file(folder + "/sound.db", path);
    Database database = Database::open_writer(path);
    database.execute("PRAGMA synchronous = OFF");
    return database;
  }

  // A server cannot be told to look away: its constraints on values go.
  static Database make_on_server() {
    static int made = 0;
    const std::string path = folder + "/sound" + std::to_string(++made);
    SoundProgramme programme(path);
    Database database = Database::open_writer(test_location(path));
    database.execute(
        "DO $$ DECLARE c record; BEGIN FOR c IN SELECT conrelid::regclass AS place, conname FROM pg_constraint WHERE "
        "contype = 'c' AND connamespace = current_schema()::regnamespace LOOP EXECUTE format('ALTER TABLE %s DROP "
        "CONSTRAINT %I', c.place, c.conname); END LOOP; END $$");
    return database;
  }

  AuditReport audit() { return audit_programme(*database_, {book(), methodologies()}, {}); }

  Names broken() {
    Names names;
    for (const Violation& violation : audit().violations) {
      names.insert(violation.invariant);
      what_ += violation.invariant + ": " + violation.what + "\n";
    }
    return names;
  }

  void change(const std::string& sql) {
    if (on_server()) return database_->execute(sql);
    database_->execute("PRAGMA ignore_check_constraints = ON; " + sql + "; PRAGMA ignore_check_constraints = OFF");
  }
  static std::string nth_entry(int n) {
    return "(SELECT entry_id FROM entries ORDER BY entry_id LIMIT 1 OFFSET " + std::to_string(n - 1) + ")";
  }
  std::int64_t number(const std::string& sql) { return database_->statement(sql).run_integer(); }
  // Whoever changes entries can seal the log again: what the other invariants say must not hang from it.
  void drop_log() { change("DELETE FROM blocks"); }

  std::int64_t first_of(EntryKind kind) {
    for (auto rows = database_->statement("SELECT entry_id, body FROM entries ORDER BY entry_id"); rows.step();)
      if (decode_entry(rows.blob(1)).value().kind == kind) return rows.integer(0);
    throw Fault("no entry of this kind");
  }

  void rewrite(std::int64_t id, const std::function<void(Entry&)>& alter) {
    Entry entry = find_entry(*database_, EntryId{id}).value();
    alter(entry);
    const Bytes body = encode_entry(entry);
    database_->statement("UPDATE entries SET body = ? WHERE entry_id = ?").bind(body).bind(id).run();
  }

  // A row whose totals are the sums of its lots, whatever was done to them.
  void rewrite_row(AccountId account, const std::function<void(AccountState&)>& alter) {
    AccountState state = find_account(*database_, account).value();
    alter(state);
    refresh_totals(state);
    const LotBytes lots = encode_lots(state);
    database_
        ->statement(
            "UPDATE accounts SET points_available = ?, points_credited = ?, backing_mg = ?, free_mg = ?, "
            "next_expiry = ?, lots = ? WHERE account_id = ?")
        .bind(state.points_available.count())
        .bind(state.points_credited.count())
        .bind(state.backing_mg.count())
        .bind(state.free_mg.count())
        .bind(state.next_expiry.number)
        .bind(lots.row)
        .bind(account.value)
        .run();
  }

  static inline std::string folder;
  std::optional<Database> database_;
  std::string what_;
};

TEST_F(AuditTest, of_a_sound_programme_has_looked_at_everything) {
  const AuditReport report = audit();
  EXPECT_EQ(report.entries, number("SELECT count(*) FROM entries"));
  EXPECT_EQ(report.accounts, riders + 1);
  EXPECT_EQ(report.acts, 2 * 3 * riders * 7);
  EXPECT_EQ(report.batches, 1);
  EXPECT_EQ(report.blocks, 1);
  EXPECT_EQ(number("SELECT count(*) FROM certificates"), 2);
  EXPECT_EQ(number("SELECT count(DISTINCT state) FROM orders"), 3);
}

TEST_F(AuditTest, names_its_stages) {
  std::vector<std::string> stages;
  audit_programme(*database_, {book(), methodologies()}, [&](const std::string& stage) { stages.push_back(stage); });
  EXPECT_EQ(stages,
            (std::vector<std::string>{"store", "entries", "accounts", "acts", "batches", "log", "publications"}));
}

TEST_F(AuditTest, finds_points_added_to_a_row_and_its_lots) {
  rewrite_row(first_rider, [](AccountState& state) {
    state.lots[0].base_points += Points(1);
    state.lots[0].points_left += Points(1);
    state.points_credited += Points(1);
  });
  EXPECT_EQ(broken(), (Names{conserved, replay})) << what_;
}

TEST_F(AuditTest, finds_free_grams_raised_in_a_row) {
  change("UPDATE accounts SET free_mg = free_mg + 1 WHERE account_id = 1000");
  EXPECT_EQ(broken(), (Names{add_up, replay})) << what_;
}

TEST_F(AuditTest, finds_a_leg_changed_by_one_milligram) {
  drop_log();
  rewrite(first_of(EntryKind::order), [](Entry& entry) { entry.posting.legs.back().d_free_mg += Milligrams(1); });
  EXPECT_EQ(broken(), (Names{balance, conserved, escrow})) << what_;
}

TEST_F(AuditTest, finds_an_entry_that_was_deleted) {
  drop_log();
  change("DELETE FROM entries WHERE entry_id = " + std::to_string(first_of(EntryKind::cancel)));
  EXPECT_EQ(broken(), (Names{stored, commands, statements, replay, conserved, serials})) << what_;
}

TEST_F(AuditTest, finds_the_last_entry_deleted_with_all_that_it_wrote_but_its_row) {
  drop_log();
  const std::string last = std::to_string(number("SELECT max(entry_id) FROM entries"));
  change("DELETE FROM certificates WHERE entry_id = " + last + "; DELETE FROM commands WHERE entry_id = " + last +
         "; DELETE FROM entries WHERE entry_id = " + last);
  EXPECT_EQ(broken(), (Names{stored, replay, conserved, serials})) << what_;
}

TEST_F(AuditTest, finds_a_sealed_act_raised_with_its_day) {
  change(
      "UPDATE sealed_acts SET reduction_mg = reduction_mg + 5 WHERE account_id = 1003 AND n = 0 AND round = 1 AND "
      "day = " +
      std::to_string(monday.number));
  change("UPDATE sealed_days SET reduction_mg = reduction_mg + 5 WHERE round = 1 AND day = " +
         std::to_string(monday.number));
  EXPECT_EQ(broken(), (Names{acts, days, lines})) << what_;
}

TEST_F(AuditTest, finds_a_refused_act_that_saves_something) {
  change("UPDATE sealed_acts SET reduction_mg = 7 WHERE outcome <> 62 AND round = 2 AND account_id = 1003 AND day = " +
         std::to_string(monday.number) + " AND n = 6");
  EXPECT_EQ(broken(), (Names{acts, days})) << what_;
}

TEST_F(AuditTest, finds_inputs_that_no_formula_is_made_for) {
  change("UPDATE sealed_acts SET duration_ms = -1 WHERE account_id = 1003 AND n = 0 AND round = 1 AND day = " +
         std::to_string(monday.number));
  EXPECT_EQ(broken(), (Names{acts, days})) << what_;
}

TEST_F(AuditTest, finds_a_batch_line_raised_with_its_posting) {
  drop_log();
  change("UPDATE batch_lines SET reduction_mg = reduction_mg + 1 WHERE account_id = 1009");
  rewrite(number("SELECT min(entry_id) FROM entries WHERE account_id = 1009"), [](Entry& entry) {
    entry.posting.openings[0].base_mg += Milligrams(1);
    entry.posting.legs[0].d_free_mg -= Milligrams(1);
    entry.posting.legs[1].d_backing_mg += Milligrams(1);
  });
  rewrite_row(AccountId{1009}, [](AccountState& state) { state.lots[0].base_mg += Milligrams(1); });
  EXPECT_EQ(broken(), (Names{lines, content, signatures})) << what_;
}

TEST_F(AuditTest, finds_a_posting_that_no_line_has) {
  drop_log();
  change("DELETE FROM batch_lines WHERE account_id = 1009");
  EXPECT_EQ(broken(), (Names{lines, content, signatures, posted})) << what_;
}

TEST_F(AuditTest, finds_a_line_that_was_never_posted) {
  change("INSERT INTO batch_lines(batch_id, account_id, reduction_mg, records) VALUES (1, 1999, 5, 1)");
  EXPECT_EQ(broken(), (Names{lines, content, signatures, posted})) << what_;
}

TEST_F(AuditTest, finds_a_loss_that_no_act_made) {
  change("UPDATE batch_lines SET carried_in_mg = -7, reduction_mg = reduction_mg - 7 WHERE account_id = 1009");
  EXPECT_EQ(broken(), (Names{lines, content, signatures, posted})) << what_;
}

TEST_F(AuditTest, finds_records_that_are_to_earn_points_by_themselves_and_bear_reductions) {
  change("UPDATE batch_lines SET plain_records = records WHERE account_id = 1009");
  Names expected{lines, content, signatures, posted};
  if (!on_server()) expected.insert(constraints);
  EXPECT_EQ(broken(), expected) << what_;
}

TEST_F(AuditTest, finds_a_person_posted_twice) {
  drop_log();
  change("INSERT INTO entries SELECT max(entry_id) + 1, 0, 1009, 0, 0, x'' FROM entries");
  const std::int64_t copy = number("SELECT max(entry_id) FROM entries");
  const std::int64_t first = number("SELECT min(entry_id) FROM entries WHERE account_id = 1009");
  const Entry posting = find_entry(*database_, EntryId{first}).value();
  Entry again = posting;
  again.entry_id = EntryId{copy};
  again.act_no += 1;
  again.command_id.bytes[15] ^= 1U;
  again.posting.openings[0].tranche += 1;
  again.posting.legs[1].tranche += 1;
  AccountState state = find_account(*database_, AccountId{1009}).value();
  apply(state, again.posting, again.entry_id);
  const Bytes body = encode_entry(again);
  database_->statement("UPDATE entries SET part = ?, act_no = ?, prev_entry = ?, body = ? WHERE entry_id = ?")
      .bind(posting.part.value)
      .bind(again.act_no)
      .bind(first)
      .bind(body)
      .bind(copy)
      .run();
  EXPECT_TRUE(broken().contains(posted)) << what_;
}

TEST_F(AuditTest, finds_an_order_whose_row_says_otherwise) {
  change("UPDATE orders SET state = 'completed', ended_by = 1 WHERE state = 'confirmed'");
  EXPECT_EQ(broken(), (Names{orders})) << what_;
}

TEST_F(AuditTest, finds_a_refunded_order_called_completed) {
  change("UPDATE orders SET state = 'completed' WHERE state = 'refunded'");
  EXPECT_EQ(broken(), (Names{orders, escrow})) << what_;
}

TEST_F(AuditTest, finds_an_order_that_was_completed_twice) {
  drop_log();
  const std::int64_t refunded = number("SELECT ended_by FROM orders WHERE state = 'refunded'");
  const std::int64_t completed = number("SELECT min(order_id) FROM orders WHERE state = 'completed'");
  rewrite(refunded, [&](Entry& entry) { entry.reverses = EntryId{completed}; });
  const Names found = broken();
  EXPECT_TRUE(found.contains(orders)) << what_;
  EXPECT_TRUE(found.contains(reversals)) << what_;
}

TEST_F(AuditTest, finds_an_order_settled_by_what_is_no_settlement) {
  change("UPDATE orders SET settled_by = 1 WHERE settled_by IS NOT NULL");
  EXPECT_EQ(broken(), (Names{orders})) << what_;
}

TEST_F(AuditTest, finds_an_order_called_settled_while_its_grams_are_in_escrow) {
  change("UPDATE orders SET settled_by = (SELECT max(settled_by) FROM orders) WHERE state = 'completed'");
  EXPECT_EQ(broken(), (Names{escrow})) << what_;
}

TEST_F(AuditTest, finds_an_order_without_a_row) {
  change("DELETE FROM orders WHERE state = 'confirmed'");
  EXPECT_EQ(broken(), (Names{orders, escrow})) << what_;
}

TEST_F(AuditTest, finds_a_stock_that_was_oversold) {
  change("UPDATE offers SET stock = -1");
  EXPECT_EQ(broken(), on_server() ? Names{negative} : (Names{negative, constraints})) << what_;
}

TEST_F(AuditTest, finds_honours_that_nobody_earned) {
  drop_log();
  rewrite(first_of(EntryKind::complete), [](Entry& entry) { entry.posting.honours[0].d_mg += Milligrams(1); });
  EXPECT_EQ(broken(), (Names{honours, replay})) << what_;
}

TEST_F(AuditTest, finds_serials_that_overlap) {
  drop_log();
  rewrite(number("SELECT max(entry_id) FROM certificates"), [](Entry& entry) {
    entry.posting.serials[0].from_mg -= Milligrams(1);
    entry.posting.serials[0].to_mg -= Milligrams(1);
  });
  EXPECT_EQ(broken(), (Names{serials})) << what_;
}

TEST_F(AuditTest, finds_a_counter_of_serials_set_back) {
  change("UPDATE batches SET serial_next_mg = serial_next_mg - 1");
  EXPECT_EQ(broken(), (Names{serials})) << what_;
}

TEST_F(AuditTest, finds_a_flipped_signature) {
  for (const std::string side : {"partner_signature", "authority_signature"}) {
    Bytes signature;
    {
      auto row = database_->statement("SELECT " + side + " FROM batches");
      ASSERT_TRUE(row.step());
      signature.assign(row.blob(0).begin(), row.blob(0).end());
    }
    for (int flip = 0; flip < 2; ++flip) {
      signature[5] ^= 1U;
      database_->statement("UPDATE batches SET " + side + " = ?").bind(signature).run();
      EXPECT_EQ(broken(), flip == 0 ? Names{signatures} : Names{}) << what_;
    }
  }
}

TEST_F(AuditTest, finds_a_delegation_that_did_not_cover_the_batch) {
  for (const std::string fact : {"limit_mg = 1", "until_day = 0", "scope = 'other'", "document = 'D-2'"}) {
    change("UPDATE delegations SET " + fact);
    EXPECT_EQ(broken(), (Names{signatures})) << fact << "\n" << what_;
    change("UPDATE delegations SET document = 'D-1', scope = 'bikes', until_day = 40000, limit_mg = 1000000000");
    EXPECT_EQ(broken(), Names{}) << what_;
  }
}

TEST_F(AuditTest, finds_another_signing_key) {
  const PublicKeyBytes other = SigningKey::generate().verify_key().bytes();
  database_->statement("UPDATE signing_keys SET public_key = ? WHERE holder = 'operator'").bind(ByteView(other)).run();
  EXPECT_EQ(broken(), (Names{signatures})) << what_;
}

TEST_F(AuditTest, finds_an_entry_altered_after_its_block_was_sealed) {
  rewrite(first_of(EntryKind::order), [](Entry& entry) { entry.actor = "somebody"; });
  EXPECT_EQ(broken(), (Names{blocks})) << what_;
}

TEST_F(AuditTest, finds_a_block_whose_record_was_changed) {
  change("UPDATE blocks SET record = x'00'");
  EXPECT_EQ(broken(), (Names{blocks})) << what_;
}

TEST_F(AuditTest, finds_a_block_that_covers_entries_which_are_gone) {
  change("UPDATE blocks SET last_entry = last_entry + 1");
  EXPECT_EQ(broken(), (Names{blocks})) << what_;
}

TEST_F(AuditTest, finds_expired_points_left_in_a_row_though_they_were_cleared) {
  database_->execute("CREATE TEMP TABLE before AS SELECT * FROM accounts WHERE account_id = 1009");
  Writer writer(*database_, sha256);
  const Office later{*database_, writer, book(), start_of(day_of({2027, 5, 1}), book().zone)};
  ASSERT_GT(expire_points(later, {}).value().accounts, 0);
  ASSERT_EQ(broken(), Names{}) << what_;
  change("DELETE FROM accounts WHERE account_id = 1009; INSERT INTO accounts SELECT * FROM before");
  EXPECT_EQ(broken(), (Names{conserved, replay})) << what_;
}

TEST_F(AuditTest, finds_an_order_that_took_points_past_their_term) {
  drop_log();
  rewrite(first_of(EntryKind::order), [](Entry& entry) { entry.posting.drawn[0].expires_on = entry.occurred_on - 1; });
  EXPECT_EQ(broken(), (Names{orders})) << what_;
}

TEST_F(AuditTest, finds_a_changed_certificate) {
  Bytes context;
  {
    auto row = database_->statement("SELECT context FROM certificates");
    ASSERT_TRUE(row.step());
    context.assign(row.blob(0).begin(), row.blob(0).end());
  }
  context[context.size() - 1] ^= 1U;
  database_->statement("UPDATE certificates SET context = ? WHERE number = (SELECT min(number) FROM certificates)")
      .bind(context)
      .run();
  EXPECT_EQ(broken(), (Names{statements})) << what_;
}

TEST_F(AuditTest, finds_a_use_whose_certificate_is_gone) {
  change("DELETE FROM certificates WHERE number = (SELECT min(number) FROM certificates)");
  EXPECT_EQ(broken(), (Names{statements})) << what_;
}

TEST_F(AuditTest, finds_an_entry_that_no_command_asked_for) {
  change("DELETE FROM commands WHERE entry_id = " + nth_entry(5));
  EXPECT_EQ(broken(), (Names{commands})) << what_;
}

TEST_F(AuditTest, finds_a_command_whose_entry_is_not_there) {
  change("INSERT INTO commands VALUES (x'FF', 0, 1009, x'', x'811903E7', 999)");
  EXPECT_EQ(broken(), (Names{commands})) << what_;
}

TEST_F(AuditTest, finds_lots_that_cannot_be_read) {
  change("UPDATE accounts SET lots = x'00' WHERE account_id = 1009");
  EXPECT_EQ(broken(), (Names{rows_stored, conserved, replay})) << what_;
}

TEST_F(AuditTest, finds_an_entry_that_cannot_be_read) {
  drop_log();
  change("UPDATE entries SET body = x'00' WHERE entry_id = (SELECT max(entry_id) FROM entries)");
  EXPECT_TRUE(broken().contains(stored)) << what_;
}

TEST_F(AuditTest, finds_columns_that_are_not_those_of_the_bytes) {
  for (const std::string column : {"prev_entry", "act_no", "account_id", "part"}) {
    change("UPDATE entries SET " + column + " = " + column + " + 1 WHERE entry_id = " + nth_entry(9));
    EXPECT_EQ(broken(), (Names{stored})) << column << "\n" << what_;
    change("UPDATE entries SET " + column + " = " + column + " - 1 WHERE entry_id = " + nth_entry(9));
  }
}

TEST_F(AuditTest, finds_a_lane_whose_head_is_not_its_last_entry) {
  change("UPDATE entry_lanes SET last_entry = last_entry + 1 WHERE lane = (SELECT max(lane) FROM entry_lanes)");
  EXPECT_EQ(broken(), (Names{stored})) << what_;
}

TEST_F(AuditTest, finds_a_head_that_is_not_the_last_act) {
  change("UPDATE part_heads SET act_no = act_no + 1 WHERE part = (SELECT min(part) FROM part_heads)");
  EXPECT_EQ(broken(), (Names{stored})) << what_;
}

TEST_F(AuditTest, finds_a_record_credited_in_two_rounds) {
  const std::string of_monday = " AND account_id = 1003 AND n = 0 AND day = " + std::to_string(monday.number);
  change("UPDATE sealed_acts SET outcome = 62, record_suffix = (SELECT record_suffix FROM sealed_acts WHERE round = 1" +
         of_monday + ") WHERE round = 2" + of_monday);
  const Names found = broken();
  EXPECT_TRUE(found.contains(once)) << what_;
}

class PackedAudit : public AuditTest {
 protected:
  void SetUp() override {
    AuditTest::SetUp();
    acts_ = audit().acts;
    ASSERT_EQ(pack_rounds(*database_, {}).rounds, 3);
  }
  // As somebody who knows the form would change it.
  void forge(const std::function<void(SealedAct&)>& alter) {
    const std::string place = " WHERE n = 0 AND round = 1 AND day = " + std::to_string(monday.number);
    SegmentWriter forged;
    {
      auto row = database_->statement("SELECT bytes FROM act_segments" + place);
      ASSERT_TRUE(row.step());
      const auto segment = ActSegment::read(expand_segment(row.blob(0)).value());
      Bytes inputs;
      for (std::size_t i = 0; i < segment->size(); ++i) {
        SealedAct act = segment->at(i, inputs);
        alter(act);
        forged.add(act);
      }
    }
    const Bytes bytes = compress_segment(forged.take());
    database_->statement("UPDATE act_segments SET bytes = ?" + place).bind(bytes).run();
  }
  std::int64_t acts_ = 0;
};

TEST_F(PackedAudit, looks_at_every_act_and_finds_nothing) {
  EXPECT_EQ(broken(), Names{}) << what_;
  EXPECT_EQ(audit().acts, acts_);
  EXPECT_EQ(number("SELECT count(*) FROM sealed_acts WHERE round = 1"), 0);
}

TEST_F(PackedAudit, finds_an_act_raised_in_a_segment) {
  forge([](SealedAct& act) { act.reduction_mg += act.account.value == 1003 && act.n == 0 ? 5 : 0; });
  EXPECT_EQ(broken(), (Names{acts, days, lines})) << what_;
}

TEST_F(PackedAudit, finds_a_record_renamed_in_a_segment) {
  forge([](SealedAct& act) {
    if (act.account.value == 1003 && act.n == 0) act.record_suffix = "another";
  });
  EXPECT_EQ(broken(), (Names{days})) << what_;
}

TEST_F(PackedAudit, finds_a_byte_changed_in_a_segment) {
  Bytes bytes;
  {
    auto row = database_->statement("SELECT bytes FROM act_segments ORDER BY day LIMIT 1");
    ASSERT_TRUE(row.step());
    bytes.assign(row.blob(0).begin(), row.blob(0).end());
  }
  bytes[bytes.size() / 2] ^= 4;
  database_->statement("UPDATE act_segments SET bytes = ? WHERE day = ?").bind(bytes).bind(monday.number).run();
  EXPECT_EQ(broken(), (Names{days, lines})) << what_;
  EXPECT_NE(what_.find("2025-03-03, round 1: segment 0 of its acts is damaged; restore"), std::string::npos) << what_;
}

TEST_F(PackedAudit, finds_a_segment_missing) {
  change("DELETE FROM act_segments WHERE day = " + std::to_string(monday.number));
  EXPECT_EQ(broken(), (Names{days, lines})) << what_;
  EXPECT_NE(what_.find("0 of 1 segments of its acts are there"), std::string::npos) << what_;
}

TEST_F(PackedAudit, finds_rows_beside_segments) {
  change(
      "INSERT INTO sealed_acts SELECT scenario_id, day, 1, account_id, n, started_at, duration_ms, record_suffix, "
      "revision, withdrawn, outcome, inputs, reduction_mg FROM sealed_acts WHERE account_id = 1003 AND round = 2");
  EXPECT_EQ(broken(), (Names{days})) << what_;
}

TEST_F(PackedAudit, finds_a_day_that_a_person_could_not_find) {
  change("UPDATE account_days SET days = days * 2 WHERE account_id = 1003");
  EXPECT_EQ(broken(), (Names{days})) << what_;
}

/// Balances are netted and lines for readers written.
class JobsAudit : public AuditTest {
 protected:
  void SetUp() override {
    AuditTest::SetUp();
    run_jobs(day_of({2025, 5, 4}));
    ASSERT_EQ(broken(), Names{}) << what_;
  }
  void run_jobs(Day today) {
    net_balances(*database_, {});
    project_lines(*database_, {today, book().zone}, {});
  }
  // Afterwards all is as it was.
  void plant(const std::string& sql, const std::string& invariant) {
    change(sql);
    what_.clear();
    EXPECT_EQ(broken(), Names{invariant}) << sql << "\n" << what_;
    database_->execute(
        "DELETE FROM netted_balances; DELETE FROM posting_lines; DELETE FROM lot_lines; DELETE FROM job_heads");
    run_jobs(day_of({2025, 5, 4}));
  }
};

TEST_F(JobsAudit, looks_at_balances_postings_and_lots) {
  EXPECT_EQ(number("SELECT count(*) FROM netted_balances"), 4);
  EXPECT_GT(number("SELECT count(*) FROM posting_lines"), 30);
  EXPECT_GE(number("SELECT count(*) FROM lot_lines"), riders);
}

TEST_F(JobsAudit, finds_a_netted_balance_that_is_wrong_missing_or_too_many) {
  for (const char* sql :
       {"UPDATE netted_balances SET mg = mg + 1 WHERE account_id = 1",
        "UPDATE netted_balances SET points = points - 1 WHERE account_id = 2",
        "DELETE FROM netted_balances WHERE account_id = 2001", "INSERT INTO netted_balances VALUES (3, 1, 0, 0)"})
    plant(sql, netting);
}

TEST_F(JobsAudit, finds_a_posting_line_that_is_wrong_missing_or_too_many) {
  for (const char* sql : {"UPDATE posting_lines SET d_free_mg = d_free_mg + 1 WHERE account_id = 1",
                          "UPDATE posting_lines SET kind = 'refund' WHERE kind = 'order'",
                          "UPDATE posting_lines SET recorded_on = recorded_on + 1 WHERE account_id = 1003",
                          "UPDATE posting_lines SET occurred_on = occurred_on + 1 WHERE account_id = 1003",
                          "DELETE FROM posting_lines WHERE account_id = 2001",
                          "INSERT INTO posting_lines VALUES (0, 3, 1, 0, 'post', 0, 0, 1, 0, 0, 0, 0)"})
    plant(sql, reader_lines);
}

TEST_F(JobsAudit, finds_a_lot_line_that_is_wrong_missing_or_too_many) {
  for (const char* sql :
       {"UPDATE lot_lines SET points = points + 1 WHERE account_id = 1003",
        "UPDATE lot_lines SET backing_mg = backing_mg + 1 WHERE account_id = 1003",
        "UPDATE lot_lines SET expires_on = NULL WHERE account_id = 1003",
        "UPDATE lot_lines SET origin = 'imported' WHERE account_id = 1003",
        "UPDATE lot_lines SET credited_on = 0 WHERE account_id = 1003", "DELETE FROM lot_lines WHERE account_id = 1003",
        "INSERT INTO lot_lines VALUES (0, 1999, 1, 0, 1, 0, 0, 0, 0, 0, 'granted')"})
    plant(sql, reader_lines);
}

TEST_F(JobsAudit, finds_a_head_that_is_not_where_its_rows_are) {
  database_->execute("UPDATE job_heads SET last_entry = last_entry - 1");
  EXPECT_EQ(broken(), (Names{netting, reader_lines})) << what_;
}

TEST_F(JobsAudit, leaves_alone_what_changed_after_the_lines_were_written) {
  Writer writer(*database_, sha256);
  const Office later{*database_, writer, book(), start_of(day_of({2027, 5, 1}), book().zone)};
  ASSERT_GT(expire_points(later, {}).value().accounts, 0);
  EXPECT_EQ(broken(), Names{}) << what_;
  change("UPDATE lot_lines SET points = points - 1 WHERE account_id = 1003");
  EXPECT_EQ(broken(), Names{reader_lines}) << what_;
}

TEST_F(AuditTest, keeps_its_report_short) {
  change("DELETE FROM sealed_days WHERE round = 1");
  change("UPDATE sealed_acts SET reduction_mg = 1 WHERE round = 2");
  EXPECT_LT(std::ssize(audit().violations), 300);
}

/// The same programme with a case in which one step was taken.
class AuditOfCases : public AuditTest {
 protected:
  void SetUp() override {
    AuditTest::SetUp();
    Writer writer(*database_, sha256);
    const Office office{*database_, writer, book(), start_of(day_of({2025, 5, 4}), book().zone)};
    case_ = *open_case(office, {"methodology", {"", "hohai", "organisation"}, {}}, new_command_id(office.now));
    StepRequest request;
    request.action = "submit";
    request.actor = {"zhang", "hohai", {"methodology_developer"}};
    request.role = "methodology_developer";
    request.fields = {{"principles_statement", "met"}};
    const Files files{{"baseline", {1}}, {"calculation", {2}}, {"monitoring_plan", {3}}};
    const auto step = take_step({office, Calendar(), CaseRooms()}, case_, request, files, new_command_id(office.now));
    ASSERT_TRUE(step) << describe(step.error());
    ASSERT_EQ(broken(), Names{}) << what_;
  }

  void rewrite_act(const std::function<void(CaseAct&)>& alter) {
    CaseAct act = find_case(*database_, case_)->matter.history.front();
    alter(act);
    const Bytes body = encode_act(act);
    database_->statement("UPDATE case_acts SET body = ? WHERE case_id = ?").bind(body).bind(case_).run();
  }

  std::int64_t case_ = 0;
  const Names cases_{"L13 cases are what their entries say"};
};

TEST_F(AuditOfCases, finds_another_person_under_an_act) {
  rewrite_act([](CaseAct& act) { act.person = "somebody else"; });
  EXPECT_EQ(broken(), cases_);
}

TEST_F(AuditOfCases, finds_an_act_that_was_taken_away_with_its_state) {
  change("DELETE FROM case_acts");
  change("UPDATE cases SET state = 'draft', acts = 0");
  EXPECT_EQ(broken(), cases_);
}

TEST_F(AuditOfCases, finds_a_state_that_no_act_led_to) {
  change("UPDATE cases SET state = 'published'");
  EXPECT_EQ(broken(), cases_);
}

TEST_F(AuditOfCases, finds_a_document_that_was_exchanged) {
  change("UPDATE documents SET bytes = zeroblob(3)");
  EXPECT_EQ(broken(), cases_);
}

TEST_F(AuditOfCases, finds_an_act_under_an_entry_that_is_no_step) {
  change("UPDATE case_acts SET entry_id = " + nth_entry(1));
  EXPECT_EQ(broken(), cases_);
}

}  // namespace
}  // namespace tanpuhui
