/// What only servers know. The suites `on_server_*` need one; tests/CMakeLists.txt runs them with a server only.
#include <algorithm>
#include <atomic>
#include <future>
#include <thread>

#include <gtest/gtest.h>
#include <unistd.h>

#include "ledger/invariants.h"
#include "store/lanes.h"
#include "store/postgres_text.h"
#include "store/writer_world.h"
#include "support/law.h"
#include "support/store.h"

namespace tanpuhui {
namespace {

TEST(postgres_sql, numbers_its_parameters_outside_of_quotes) {
  EXPECT_EQ(postgres_text("SELECT a FROM t WHERE b = ? AND c = '?' -- ?\n AND d = ?"),
            "SELECT a FROM t WHERE b = $1 AND c = '?' -- ?\n AND d = $2");
}

TEST(postgres_sql, writes_literals_of_bytes_its_own_way) {
  EXPECT_EQ(postgres_text("VALUES (x'', x'0aFF', 'x''y')"), "VALUES ('\\x'::bytea, '\\x0aFF'::bytea, 'x''y')");
}

TEST(postgres_sql, takes_many_sets_of_values_as_arrays) {
  EXPECT_EQ(
      postgres_bulk("INSERT INTO t(a, b) VALUES (?, 'x') ON CONFLICT (a) DO NOTHING", {"int8"}),
      "INSERT INTO t(a, b) SELECT given.v1, 'x' FROM unnest($1::int8[]) AS given(v1) WHERE true ON CONFLICT (a) DO "
      "NOTHING");
  EXPECT_EQ(postgres_bulk("UPDATE t SET a = ? WHERE b = ?", {"int8", "text"}),
            "UPDATE t SET a = given.v1 FROM unnest($1::int8[], $2::text[]) AS given(v1, v2) WHERE b = given.v2");
  EXPECT_EQ(postgres_bulk("DELETE FROM t WHERE b = ?", {"bytea"}),
            "DELETE FROM t USING unnest($1::bytea[]) AS given(v1) WHERE b = given.v1");
  EXPECT_EQ(postgres_bulk("SELECT (SELECT 1 WHERE true) FROM t WHERE b = ?", {"int8"}),
            "SELECT (SELECT 1 WHERE true) FROM t, unnest($1::int8[]) AS given(v1) WHERE b = given.v1");
}

TEST(postgres_sql, defines_tables_in_its_own_words) {
  EXPECT_EQ(
      postgres_ddl("-- INTEGER stays\nCREATE TABLE t (\n  a INTEGER PRIMARY KEY,\n  b TEXT NOT NULL DEFAULT "
                   "'BLOB',\n  c BLOB,\n  d ANY\n) STRICT, WITHOUT ROWID;\nCREATE TABLE u (TEXTS INTEGER) STRICT;"),
      "-- INTEGER stays\nCREATE TABLE t (\n  a BIGINT PRIMARY KEY,\n  b TEXT COLLATE \"C\" NOT NULL DEFAULT "
      "'BLOB',\n  c BYTEA,\n  d TEXT COLLATE \"C\"\n) ;\nCREATE TABLE u (TEXTS BIGINT) ;");
}

TEST(postgres_address, without_a_server_says_so_and_never_the_password) {
  const std::string message =
      fault_of([] { Database::open_writer("postgresql://city:secret@127.0.0.1:1/city?connect_timeout=2"); });
  EXPECT_NE(message.find("check that the server runs"), std::string::npos) << message;
  EXPECT_EQ(message.find("secret"), std::string::npos) << message;
}

class on_server_connection : public testing::Test {
 protected:
  // Ends the connections of the programme from outside, as a server does that goes down.
  void end_connections() {
    other_
        .statement(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND "
            "application_name = ?")
        .bind(victim())
        .run();
  }
  static std::string victim() { return "victim" + std::to_string(::getpid()); }  // tests run side by side
  static std::string named(const std::string& location) { return location + "&application_name=" + victim(); }

  TemporaryFolder folder_;
  std::string place_ = test_location(folder_ / "p.db");
  Database other_ = Database::open_writer(test_server());
};

TEST_F(on_server_connection, to_a_database_that_is_not_there_names_the_remedy) {
  std::string address = test_server();
  address.replace(address.find("/postgres?"), 10, "/nowhere?");
  const std::string message = fault_of([&] { Database::open_writer(address); });
  EXPECT_NE(message.find("\"nowhere\" does not exist"), std::string::npos) << message;
  EXPECT_NE(message.find("CREATE DATABASE"), std::string::npos) << message;
}

TEST_F(on_server_connection, to_a_schema_that_is_not_there_names_the_remedy) {
  Database database = Database::open_writer(test_server() + "&options=-csearch_path%3Dnowhere");
  EXPECT_NE(fault_of([&] { migrate(database); }).find("CREATE SCHEMA"), std::string::npos);
}

TEST_F(on_server_connection, to_a_server_that_only_reads_is_no_writers) {
  const std::string address = test_server() + "&options=-cdefault_transaction_read_only%3Don";
  EXPECT_NE(fault_of([&] { Database::open_writer(address); }).find("name the primary"), std::string::npos);
  EXPECT_EQ(fault_of([&] { Database::open_reader(address); }), "");
}

TEST_F(on_server_connection, that_is_lost_can_be_made_again) {
  Database database = Database::open_writer(named(place_));
  database.execute("CREATE TABLE t (a BIGINT)");
  auto count = database.statement("SELECT count(*) FROM t WHERE a > ?");
  EXPECT_EQ(count.bind(0).run_integer(), 0);
  end_connections();
  EXPECT_THROW(count.bind(0).run_integer(), ConnectionLost);
  count.reset();
  database.reconnect();
  EXPECT_EQ(count.bind(0).run_integer(), 0);
}

TEST_F(on_server_connection, that_is_lost_rolls_back_what_was_open) {
  Database database = Database::open_writer(named(place_));
  database.execute("CREATE TABLE t (a BIGINT)");
  EXPECT_THROW(
      {
        Transaction transaction(database);
        database.statement("INSERT INTO t VALUES (1)").run();
        end_connections();
        transaction.commit();
      },
      ConnectionLost);
  database.reconnect();
  EXPECT_EQ(database.statement("SELECT count(*) FROM t").run_integer(), 0);
}

class on_server_writer : public on_server_connection {
 protected:
  on_server_writer() { found_world(database_); }
  std::int64_t number(const std::string& sql) { return database_.statement(sql).run_integer(); }
  std::string audited() {
    LedgerAudit audit([](AccountId account) { return account == escrow; });
    for (auto rows = database_.statement("SELECT body FROM entries ORDER BY entry_id"); rows.step();)
      audit.see(decode_entry(rows.blob(0)).value());
    for (auto rows = database_.statement("SELECT account_id FROM accounts"); rows.step();)
      audit.see(find_account(database_, AccountId{rows.integer(0)}).value());
    std::string lines;
    for (const Violation& violation : audit.finish()) lines += violation.invariant + ": " + violation.what + "\n";
    return lines;
  }
  Database database_ = Database::open_writer(place_);
};

TEST_F(on_server_writer, carries_a_command_out_once_though_its_connection_breaks) {
  Writer(database_, sha256).execute({{grant(1, 10)}}, test_now);
  Database victim = Database::open_writer(named(place_));
  int times = 0;
  Command cut = order(2, 6);
  cut.decide = [this, &times, decide = cut.decide](const AccountState& state) {
    if (++times == 1) end_connections();
    return decide(state);
  };
  const auto answers = Writer(victim, sha256).execute({{cut}}, test_now);
  EXPECT_EQ(times, 2);
  EXPECT_FALSE(answers[0].refusal);
  EXPECT_EQ(find_account(database_, citizen)->points_available, Points(4));
  EXPECT_EQ(number("SELECT count(*) FROM entries"), 2);
}

TEST_F(on_server_writer, decides_again_when_another_process_came_between) {
  Writer(database_, sha256).execute({{grant(1, 10)}}, test_now);
  Database second = Database::open_writer(place_);
  int times = 0;
  Command slow = order(2, 6);
  slow.decide = [&, decide = slow.decide](const AccountState& state) {
    if (++times == 1) Writer(second, sha256).execute({{order(3, 6)}}, test_now);
    return decide(state);
  };
  const auto answers = Writer(database_, sha256).execute({{slow}}, test_now);
  EXPECT_EQ(times, 2);
  ASSERT_TRUE(answers[0].refusal);
  EXPECT_EQ(answers[0].refusal->code, "MAL-02");
  EXPECT_EQ(find_account(database_, citizen)->points_available, Points(4));
}

TEST_F(on_server_writer, lets_no_two_of_64_spenders_have_one_lot) {
  constexpr int spenders = 64, processes = 4;
  Writer(database_, sha256).execute({{grant(1, 10)}}, test_now);
  std::atomic<int> granted = 0, refused = 0, failed = 0;
  std::vector<std::thread> threads;
  for (int process = 0; process < processes; ++process)
    threads.emplace_back([&, process] {
      Database own = Database::open_writer(place_);
      Writer writer(own, sha256);
      for (int i = process; i < spenders; i += processes) {
        for (bool done = false; !done;) try {
            const Answer answer = writer.execute({{order(100 + i, 1)}}, test_now).front();
            ++(answer.refusal ? refused : granted);
            done = true;
          } catch (const Raced&) {  // lost too often: the same command again
            ++failed;
          }
      }
    });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(granted, 10);
  EXPECT_EQ(refused, spenders - 10);
  EXPECT_EQ(number("SELECT count(*) FROM entries"), 11);
  EXPECT_EQ(number("SELECT max(entry_id) FROM entries"), 11);
  EXPECT_EQ(
      number("SELECT count(*) FROM entries e WHERE act_no = (SELECT count(*) FROM entries f WHERE f.part = e.part "
             "AND f.entry_id <= e.entry_id)"),
      11);
  EXPECT_EQ(audited(), "");
}

TEST_F(on_server_writer, gives_numbers_without_gaps_to_groups_of_several_processes) {
  constexpr int persons = 300, processes = 3;
  for (int i = 0; i < persons; ++i) open_account(database_, AccountId{10'000 + i});
  std::vector<std::thread> threads;
  for (int process = 0; process < processes; ++process)
    threads.emplace_back([&, process] {
      Database own = Database::open_writer(place_);
      Writer writer(own, sha256);
      for (int round = 0; round < 4; ++round) {
        std::vector<Command> group;
        for (int i = process; i < persons; i += processes)
          group.push_back(grant(round * persons + i, 5, AccountId{10'000 + i}));
        writer.execute(group, test_now);
      }
    });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(number("SELECT count(*) FROM entries"), 4 * persons);
  EXPECT_EQ(number("SELECT max(entry_id) FROM entries"), 4 * persons);
  EXPECT_EQ(audited(), "");
}

/// Two persons in different lanes of a programme that has two.
class on_server_lanes : public on_server_writer {
 protected:
  on_server_lanes() {
    make_lanes(database_, 2);
    for (const AccountId person : {low, high}) open_account(database_, person);
  }
  static AccountId person_in(int lane, std::int64_t from) {
    while (lane_of(part_of(AccountId{from}), 2) != lane) ++from;
    return AccountId{from};
  }
  EntryId grant_to(Database& database, std::int64_t id, AccountId account, const Shared& shared = {}) {
    return Writer(database, sha256).execute({{grant(id, 10, account)}}, test_now, shared).front().entry;
  }
  const AccountId low = person_in(0, 30'000), high = person_in(1, 30'000);
  Database second_ = Database::open_writer(place_);
};

TEST_F(on_server_lanes, commit_beside_each_other) {
  Shared meanwhile;  // numbered, not committed
  EntryId other;
  meanwhile.save = [&](Database&) { other = grant_to(second_, 2, high); };
  const EntryId first = grant_to(database_, 1, low, meanwhile);
  EXPECT_EQ(first.value % 2, 0);
  EXPECT_EQ(other.value % 2, 1);
  EXPECT_EQ(number("SELECT count(*) FROM entries"), 2);
  EXPECT_EQ(audited(), "");
}

TEST_F(on_server_lanes, number_each_entry_above_all_that_was_committed_before) {
  EntryId last;
  for (std::int64_t i = 0; i < 12; ++i) {
    const EntryId next = grant_to(i % 2 ? second_ : database_, i, i % 3 ? low : high);
    EXPECT_GT(next, last);
    last = next;
  }
  EXPECT_EQ(audited(), "");
}

TEST_F(on_server_lanes, number_a_group_of_both_in_the_order_of_its_commands) {
  std::vector<Command> group;
  for (std::int64_t i = 0; i < 20; ++i) group.push_back(grant(i, 1, i % 3 ? low : high));
  EntryId last;
  for (const Answer& answer : Writer(database_, sha256).execute(group, test_now)) {
    EXPECT_GT(answer.entry, last);
    last = answer.entry;
  }
  EXPECT_EQ(number("SELECT max(last_entry) FROM entry_lanes"), last.value);
  EXPECT_EQ(audited(), "");
}

TEST_F(on_server_lanes, are_complete_only_when_who_took_a_number_has_committed) {
  Database third = Database::open_writer(place_);
  std::future<EntryId> complete;
  EntryId other;
  Shared meanwhile;
  meanwhile.save = [&](Database&) {
    other = grant_to(second_, 2, high);
    complete = std::async(std::launch::async, [&] { return complete_entries(third); });
    EXPECT_EQ(complete.wait_for(std::chrono::milliseconds(200)), std::future_status::timeout);
  };
  const EntryId first = grant_to(database_, 1, low, meanwhile);
  EXPECT_EQ(complete.get(), std::max(first, other));
  EXPECT_GT(grant_to(database_, 3, low), std::max(first, other));
}

TEST_F(on_server_lanes, number_the_units_of_one_batch_one_after_another) {
  grant_to(database_, 1, low);
  grant_to(database_, 2, high);
  std::vector<std::thread> threads;
  for (const AccountId person : {low, high})
    threads.emplace_back([&, person] {
      Database own = Database::open_writer(place_);
      Writer writer(own, sha256);
      for (std::int64_t i = 0; i < 20; ++i) writer.execute({{cancel(person.value * 100 + i, 1'000, person)}}, test_now);
    });
  for (std::thread& thread : threads) thread.join();
  // A cancellation uses up the whole point that carries its grams.
  EXPECT_EQ(number("SELECT serial_next_mg FROM batches"), 2 * 10 * 100'000);
  EXPECT_EQ(audited(), "");
}

TEST_F(on_server_lanes, are_lent_to_one_holder_at_a_time_and_taken_over_after_its_term) {
  const Instant now = test_now, later{now.ms + 1'001};
  const auto first = lease_lane(database_, 1, "first", now, {now.ms + 1'000});
  ASSERT_TRUE(first);
  EXPECT_FALSE(lease_lane(second_, 1, "second", {now.ms + 900}, {now.ms + 2'000}));
  EXPECT_TRUE(lease_lane(second_, 0, "second", now, {now.ms + 1'000}));
  ASSERT_TRUE(lease_lane(second_, 1, "second", later, {later.ms + 1'000}));
  Shared under_lease;
  under_lease.load = [&] { keep_lease(database_, *first, {later.ms + 5'000}); };
  EXPECT_THROW(grant_to(database_, 1, high, under_lease), LeaseLost);
  EXPECT_EQ(number("SELECT count(*) FROM entries"), 0);
  end_lease(database_, *first);  // of one that is over changes nothing
  EXPECT_FALSE(lease_lane(database_, 1, "first", later, {later.ms + 1'000}));
}

TEST_F(on_server_lanes, that_are_given_back_are_free_at_once) {
  const auto lease = lease_lane(database_, 1, "first", test_now, {test_now.ms + 60'000});
  Shared under_lease;
  under_lease.load = [&] { keep_lease(database_, *lease, {test_now.ms + 90'000}); };
  EXPECT_GT(grant_to(database_, 1, high, under_lease), EntryId{});
  end_lease(database_, *lease);
  EXPECT_TRUE(lease_lane(second_, 1, "second", test_now, {test_now.ms + 1}));
}

/// The same stream for every engine: grants, orders, uses and repeats of 40 persons, in groups of all sizes.
void play(Database& database, std::int64_t commands) {
  constexpr std::int64_t persons = 40;
  found_world(database);
  for (std::int64_t i = 0; i < persons; ++i) open_account(database, AccountId{20'000 + i});
  Writer writer(database, sha256);
  std::uint64_t state = 2025;
  const auto pick = [&state](std::int64_t below) {
    state = mix_bits(state);
    return static_cast<std::int64_t>(state % static_cast<std::uint64_t>(below));
  };
  std::vector<Command> group;
  for (std::int64_t i = 0; i < commands; ++i) {
    const AccountId account{20'000 + pick(persons + 2)};  // two of them nobody opened
    const std::int64_t id = pick(20) == 0 ? pick(i + 1) : i, kind = pick(5);
    group.push_back(kind < 3    ? grant(id, 1 + pick(30), account)
                    : kind == 4 ? cancel(id, 1 + pick(900'000), account)
                                : order(id, 1 + pick(6), account));
    if (pick(100) != 0) continue;
    writer.execute(group, test_now);
    group.clear();
  }
  writer.execute(group, test_now);
}

TEST_F(on_server_writer, leaves_the_same_bytes_as_in_a_file) {
  constexpr std::int64_t commands = 10'000;
  Database file = Database::open_writer(folder_ / "same.db");
  Database server = Database::open_writer(test_location(folder_ / "same.db"));
  play(file, commands);
  play(server, commands);
  EXPECT_GT(file.statement("SELECT count(*) FROM entries").run_integer(), commands / 3);
  EXPECT_GT(file.statement("SELECT count(*) FROM lot_pages").run_integer(), 0);
  EXPECT_GT(file.statement("SELECT serial_next_mg FROM batches").run_integer(), 0);
  EXPECT_EQ(digest_of_rows(file), digest_of_rows(server));
}

/// Stand-ins for the two functions of Citus that refuse what Citus refuses: unique keys without the column that
/// spreads, keys to other tables, triggers.
constexpr const char* stand_ins = R"(
CREATE FUNCTION create_distributed_table(place text, spread text, colocate_with text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM pg_index i WHERE i.indrelid = place::regclass AND i.indisunique AND NOT EXISTS
             (SELECT FROM pg_attribute a WHERE a.attrelid = i.indrelid AND a.attname = spread AND a.attnum = ANY(i.indkey)))
  THEN RAISE EXCEPTION 'a unique index of % lacks %', place, spread; END IF;
  IF EXISTS (SELECT FROM pg_constraint WHERE conrelid = place::regclass AND contype IN ('f', 'x'))
  THEN RAISE EXCEPTION '% has a foreign key or an exclusion', place; END IF;
  IF EXISTS (SELECT FROM pg_trigger WHERE tgrelid = place::regclass) THEN RAISE EXCEPTION '% has a trigger', place; END IF;
END $$;
CREATE FUNCTION create_reference_table(place text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN PERFORM place::regclass; END $$;
)";

class on_server_spread : public on_server_writer {
 protected:
  on_server_spread() { database_.execute(stand_ins); }
};

TEST_F(on_server_spread, keys_hold_the_column_that_spreads) {
  EXPECT_EQ(fault_of([&] { distribute(database_); }), "");
  Writer(database_, sha256).execute({{grant(1, 10), order(2, 6)}}, test_now);
  EXPECT_EQ(audited(), "");
}

/// The server's own partitions by hash refuse the same keys.
TEST_F(on_server_spread, keys_could_be_divided_by_a_hash) {
  ASSERT_EQ(fault_of([&] { distribute(database_); }), "");
  const auto divide = [&](const std::string& table) {
    return fault_of([&] {
      database_.execute("CREATE TABLE divided_" + table + " (LIKE " + table +
                        " INCLUDING ALL) PARTITION BY HASH (part)");
    });
  };
  for (const char* table :
       {"accounts", "lot_pages", "entries", "commands", "part_heads", "orders", "posting_lines", "lot_lines"})
    EXPECT_EQ(divide(table), "") << table;
  EXPECT_NE(divide("accounts_register").find("must include all partitioning columns"), std::string::npos);
}

TEST_F(on_server_spread, refuses_a_table_with_another_key) {
  const std::string message =
      fault_of([&] { database_.execute("SELECT create_distributed_table('accounts_register', 'part', 'none')"); });
  EXPECT_NE(message.find("a unique index of accounts_register lacks part"), std::string::npos) << message;
}

TEST_F(on_server_spread, is_not_to_be_had_without_citus) {
  Database plain = Database::open_writer(test_location(folder_ / "plain.db"));
  migrate(plain);
  EXPECT_NE(fault_of([&] { distribute(plain); }).find("create_distributed_table"), std::string::npos);
  EXPECT_EQ(plain.statement("SELECT count(*) FROM entries").run_integer(), 0);
}

}  // namespace
}  // namespace tanpuhui
