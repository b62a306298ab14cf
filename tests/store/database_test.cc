#include "store/database.h"

#include <algorithm>
#include <optional>
#include <thread>

#include <gtest/gtest.h>

#include "store/migrations.h"
#include "store/programme.h"
#include "support/law.h"
#include "support/store.h"

namespace tanpuhui {
namespace {

class Place : public testing::Test {
 protected:
  std::string path(const std::string& name = "city.db") const { return test_location(folder_ / name); }
  TemporaryFolder folder_;
};

class database : public Place {
 protected:
  std::int64_t count(const std::string& from) { return store_.statement("SELECT count(*) FROM " + from).run_integer(); }
  void fill(std::int64_t rows) {
    store_.define("CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT) STRICT");
    auto insert = store_.statement("INSERT INTO t(a, b) VALUES (?, ?)");
    Transaction transaction(store_);
    for (std::int64_t i = 0; i < rows; ++i) insert.bind(i).bind("row " + std::to_string(i)).add();
    EXPECT_EQ(insert.run(), rows);
    transaction.commit();
  }
  Database store_ = Database::open_writer(path());
};
using schema = Place;
using programme = Place;

TEST_F(database, gives_back_integers_text_and_blobs_as_they_were_bound) {
  store_.define("CREATE TABLE t (a INTEGER, b TEXT, c BLOB, d INTEGER) STRICT");
  const Bytes blob = {0, 1, 255};
  store_.statement("INSERT INTO t VALUES (?, ?, ?, ?)").bind(INT64_MIN).bind("km 碳").bind(blob).bind(nullptr).run();
  auto row = store_.statement("SELECT a, b, c, d FROM t");
  ASSERT_TRUE(row.step());
  EXPECT_EQ(row.integer(0), INT64_MIN);
  EXPECT_EQ(row.text(1), "km 碳");
  EXPECT_EQ(Bytes(row.blob(2).begin(), row.blob(2).end()), blob);
  EXPECT_TRUE(row.is_null(3));
  EXPECT_FALSE(row.step());
}

TEST_F(database, keeps_empty_text_and_empty_blobs_apart_from_null) {
  store_.define("CREATE TABLE t (b TEXT NOT NULL, c BLOB NOT NULL) STRICT");
  EXPECT_EQ(store_.statement("INSERT INTO t VALUES (?, ?)").bind(std::string_view()).bind(ByteView()).run(), 1);
  EXPECT_EQ(store_.statement("INSERT INTO t VALUES (?, x'')").bind("").run(), 1);
  EXPECT_EQ(count("t WHERE b = '' AND c = x''"), 2);
}

TEST_F(database, lends_the_same_text_twice_at_once) {
  fill(3);
  auto outer = store_.statement("SELECT a FROM t");
  int seen = 0;
  while (outer.step())
    for (auto inner = store_.statement("SELECT a FROM t"); inner.step();) ++seen;
  EXPECT_EQ(seen, 9);
}

TEST_F(database, runs_a_statement_again_with_other_values) {
  fill(10);
  auto find = store_.statement("SELECT b FROM t WHERE a = ?");
  for (const int key : {3, 7, 11}) {
    find.bind(key);
    EXPECT_EQ(find.step(), key < 10);
    if (key < 10) {
      EXPECT_EQ(find.text(0), "row " + std::to_string(key));
    }
    find.reset();
  }
}

TEST_F(database, rolls_back_what_was_not_committed) {
  fill(0);
  {
    Transaction transaction(store_);
    store_.statement("INSERT INTO t VALUES (1, '')").run();
  }
  EXPECT_EQ(count("t"), 0);
}

TEST_F(database, names_itself_and_the_statement_when_it_fails) {
  const std::string message = fault_of([&] { store_.statement("SELECT x FROM nowhere").run(); });
  EXPECT_NE(message.find(store_.path()), std::string::npos) << message;
  EXPECT_NE(message.find("SELECT x FROM nowhere"), std::string::npos) << message;
}

TEST_F(database, works_on_after_a_failure) {
  fill(1);
  {
    Transaction transaction(store_);
    store_.statement("INSERT INTO t VALUES (5, '')").run();
    EXPECT_NE(fault_of([&] { store_.statement("INSERT INTO t VALUES (0, '')").run(); }), "");
  }
  EXPECT_EQ(count("t"), 1);
}

TEST_F(database, readers_cannot_write_and_see_one_state) {
  fill(0);
  Database reader = Database::open_reader(path());
  EXPECT_NE(fault_of([&] { reader.execute("INSERT INTO t VALUES (1, '')"); }), "");
  ReadTransaction view(reader);
  EXPECT_EQ(reader.statement("SELECT count(*) FROM t").run_integer(), 0);
  store_.execute("INSERT INTO t VALUES (1, '')");
  EXPECT_EQ(reader.statement("SELECT count(*) FROM t").run_integer(), 0);
}

TEST_F(database, tells_readers_that_somebody_has_committed) {
  fill(0);
  Database reader = Database::open_reader(path());
  const std::int64_t before = reader.change_counter();
  // Other tests commit on the same server.
  EXPECT_TRUE(is_server(path()) || reader.change_counter() == before);
  store_.execute("INSERT INTO t VALUES (1, '')");
  EXPECT_NE(reader.change_counter(), before);
}

TEST_F(database, sorts_text_by_its_bytes) {
  fill(0);
  store_.execute("INSERT INTO t VALUES (1, 'b'), (2, 'B'), (3, 'é'), (4, 'a'), (5, '_')");
  std::string order;
  for (auto rows = store_.statement("SELECT b FROM t ORDER BY b"); rows.step();) order += rows.text(0);
  EXPECT_EQ(order, "B_abé");
}

TEST_F(database, adds_up_to_an_integer) {
  store_.define("CREATE TABLE t (a INTEGER NOT NULL) STRICT");
  for (const std::int64_t value : {std::int64_t{4'000'000'000'000'000'000}, std::int64_t{-17}, std::int64_t{20'000}})
    store_.statement("INSERT INTO t VALUES (?)").bind(value).run();
  EXPECT_EQ(store_.statement("SELECT sum(a) FROM t").run_integer(), 4'000'000'000'000'019'983);
  EXPECT_EQ(store_.statement("SELECT sum(a) FROM t WHERE a < 0").run_integer(), -17);
  EXPECT_EQ(store_.statement("SELECT sum(a) FROM t WHERE a = 20000").run_integer(), 20'000);
  EXPECT_EQ(store_.statement("SELECT coalesce(sum(a), 0) FROM t WHERE a = 1").run_integer(), 0);
  EXPECT_EQ(store_.statement("SELECT a IS NOT NULL FROM t LIMIT 1").run_integer(), 1);
}

TEST_F(database, carries_a_statement_out_for_many_sets_of_values) {
  fill(10'000);
  auto update = store_.statement("UPDATE t SET b = ? WHERE a = ? AND b = ?");
  for (const int key : {1, 2, 3, 20'000}) update.bind("new").bind(key).bind("row " + std::to_string(key)).add();
  EXPECT_EQ(update.run(), 3);
  auto upsert = store_.statement("INSERT INTO t(a, b) VALUES (?, ?) ON CONFLICT (a) DO UPDATE SET b = excluded.b");
  for (const int key : {3, 20'000}) upsert.bind(key).bind(nullptr).add();
  EXPECT_EQ(upsert.run(), 2);
  auto erase = store_.statement("DELETE FROM t WHERE a = ?");
  for (const int key : {0, 7, 8, 30'000}) erase.bind(key).add();
  EXPECT_EQ(erase.run(), 3);
  EXPECT_EQ(count("t WHERE b = 'new'"), 2);
  EXPECT_EQ(count("t WHERE b IS NULL"), 2);
  EXPECT_EQ(count("t"), 9'998);
}

TEST_F(database, inserts_many_rows_with_values_of_every_kind) {
  store_.define("CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT, c BLOB, d TEXT NOT NULL, e INTEGER) STRICT");
  constexpr std::int64_t rows = 1'000;
  const auto text_of = [](std::int64_t i) { return std::string(static_cast<std::size_t>(i % 7), '?') + "碳"; };
  const auto blob_of = [](std::int64_t i) {  // some are longer than what waits for its turn
    return Bytes(static_cast<std::size_t>(i % 100 == 0 ? 100'000 : i % 5), static_cast<std::uint8_t>(i));
  };
  auto insert = store_.statement("INSERT INTO t(a, b, c, d, e) VALUES (?, ?, ?, 'said (?)', ?)");
  for (std::int64_t i = 0; i < rows; ++i) {
    const auto text = i % 3 == 0 ? std::nullopt : std::optional(text_of(i));
    insert.bind(i).bind(text).bind(blob_of(i)).bind(INT64_MIN + i).add();
  }
  EXPECT_EQ(insert.run(), rows);
  std::int64_t i = 0;
  for (auto found = store_.scan("SELECT a, b, c, d, e FROM t ORDER BY a"); found.step(); ++i) {
    ASSERT_EQ(found.integer(0), i);
    ASSERT_EQ(found.is_null(1), i % 3 == 0);
    ASSERT_TRUE(found.is_null(1) || found.text(1) == text_of(i)) << i;
    ASSERT_TRUE(std::ranges::equal(found.blob(2), blob_of(i))) << i;
    ASSERT_EQ(found.text(3), "said (?)");
    ASSERT_EQ(found.integer(4), INT64_MIN + i);
  }
  EXPECT_EQ(i, rows);
}

TEST_F(database, inserts_nothing_of_many_rows_when_one_of_them_cannot_stand) {
  fill(0);
  const auto insert_all = [&](std::int64_t rows, std::int64_t last) {
    Transaction transaction(store_);
    auto insert = store_.statement("INSERT INTO t(a, b) VALUES (?, ?)");
    for (std::int64_t i = 0; i < rows - 1; ++i) insert.bind(i).bind("new").add();
    insert.bind(last).bind("new").add();
    insert.run();
    transaction.commit();
  };
  for (const std::int64_t rows : {2, 100, 300, 9'000}) {
    EXPECT_NE(fault_of([&] { insert_all(rows, 0); }).find("INSERT INTO t"), std::string::npos) << rows;
    EXPECT_EQ(count("t"), 0) << rows;
  }
  insert_all(300, 299);
  EXPECT_EQ(count("t"), 300);
}

TEST_F(database, finds_many_things_at_once) {
  fill(100);
  auto find = store_.statement("SELECT t.a, u.b FROM t JOIN t u ON u.a = t.a WHERE t.a = ? AND u.b <> ?");
  for (int round = 0; round < 2; ++round) {
    for (const int key : {5, 50, 500}) find.bind(key).bind("row 5").add();
    int seen = 0;
    for (; find.step(); ++seen) EXPECT_EQ(find.text(1), "row " + std::to_string(find.integer(0)));
    EXPECT_EQ(seen, 1);
    find.reset();
  }
}

TEST_F(database, does_nothing_for_no_set_of_values) {
  fill(2);
  EXPECT_EQ(store_.statement("DELETE FROM t WHERE a = ?").run(), 0);
  EXPECT_FALSE(store_.statement("SELECT a FROM t WHERE a = ?").step());
  EXPECT_EQ(count("t"), 2);
}

TEST_F(database, tells_of_a_queued_failure_at_the_commit_at_the_latest) {
  fill(1);
  EXPECT_NE(fault_of([&] {
              Transaction transaction(store_);
              store_.statement("INSERT INTO t VALUES (0, 'twice')").queue();
              transaction.commit();
            }),
            "");
  EXPECT_EQ(count("t WHERE b = 'twice'"), 0);
}

TEST_F(database, commits_queued_changes_only_when_they_are_as_many_as_was_said) {
  fill(3);
  const auto change = [&](std::int64_t key, std::int64_t changes) {
    Transaction transaction(store_);
    store_.statement("UPDATE t SET b = 'new' WHERE a >= ?").bind(key).queue(changes);
    transaction.commit();
  };
  EXPECT_THROW(change(0, 2), Raced);
  EXPECT_EQ(count("t WHERE b = 'new'"), 0);
  change(1, 2);
  EXPECT_EQ(count("t WHERE b = 'new'"), 2);
}

TEST_F(database, checks_the_changes_of_sets_that_went_in_several_pieces) {
  fill(9'000);
  const auto erase = [&](std::int64_t changes) {
    Transaction transaction(store_);
    auto statement = store_.statement("DELETE FROM t WHERE a = ?");
    for (int key = 0; key < 8'192; ++key) statement.bind(key).add();
    statement.queue(changes);
    transaction.commit();
  };
  EXPECT_THROW(erase(8'191), Raced);
  EXPECT_EQ(count("t"), 9'000);
  erase(8'192);
  EXPECT_EQ(count("t"), 808);
}

TEST_F(database, queues_more_than_it_lets_wait) {
  fill(0);
  Transaction transaction(store_);
  for (int i = 0; i < 1'000; ++i) store_.statement("INSERT INTO t VALUES (?, '')").bind(i).queue();
  transaction.commit();
  EXPECT_EQ(count("t"), 1'000);
}

TEST_F(database, scans_many_rows_while_other_statements_run) {
  fill(9'000);
  for (const bool in_one_state : {false, true}) {
    std::optional<ReadTransaction> view;
    if (in_one_state) view.emplace(store_);
    std::int64_t next = 0;
    auto rows = store_.scan("SELECT a, b FROM t WHERE a >= ? ORDER BY a").bind(0);
    for (; rows.step(); ++next) {
      ASSERT_EQ(rows.integer(0), next);
      ASSERT_EQ(rows.text(1), "row " + std::to_string(next));
      if (next % 1'000 == 0) {
        EXPECT_EQ(count("t WHERE a = " + std::to_string(next)), 1);
      }
    }
    EXPECT_EQ(next, 9'000);
  }
  EXPECT_EQ(count("t"), 9'000);
}

TEST_F(database, gives_up_a_scan_midway) {
  fill(9'000);
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(store_.scan("SELECT a FROM t").step());
  Transaction transaction(store_);
  EXPECT_TRUE(store_.scan("SELECT a FROM t").step());
  transaction.commit();
  EXPECT_EQ(count("t"), 9'000);
}

TEST_F(database, lets_transactions_that_want_to_be_alone_be_alone) {
  fill(1);
  Transaction first(store_);
  store_.statement("UPDATE t SET b = 'first'").run();
  std::thread second([this] {
    Database other = Database::open_writer(path());
    Transaction transaction(other);
    const std::int64_t seen = other.statement("SELECT count(*) FROM t WHERE b = 'first'").run_integer();
    other.statement("UPDATE t SET b = ?").bind(seen == 1 ? "after" : "beside").run();
    transaction.commit();
  });
  first.commit();
  second.join();
  EXPECT_EQ(count("t WHERE b = 'after'"), 1);
}

TEST_F(schema, is_made_once) {
  Database store = Database::open_writer(path());
  EXPECT_EQ(migrate(store), static_cast<int>(migrations().size()));
  EXPECT_EQ(migrate(store), 0);
  require_current_schema(store);
}

TEST_F(schema, steps_are_numbered_without_gaps) {
  int expected = 1;
  for (const Migration& migration : migrations()) EXPECT_EQ(migration.number, expected++);
}

TEST_F(schema, of_a_newer_program_is_refused_with_the_remedy) {
  Database store = Database::open_writer(path());
  migrate(store);
  store.set_schema_version(9999);
  const std::string message = fault_of([&] { migrate(store); });
  EXPECT_NE(message.find("use that program"), std::string::npos) << message;
}

TEST_F(schema, of_another_program_is_left_alone) {
  Database store = Database::open_writer(path());
  store.execute("CREATE TABLE theirs (a INTEGER)");
  EXPECT_NE(fault_of([&] { migrate(store); }), "");
  EXPECT_FALSE(store.schema_mark().is_ours);
  EXPECT_NE(fault_of([&] { store.execute("SELECT * FROM accounts"); }), "");
}

TEST_F(schema, never_lets_an_account_fall_below_zero) {
  Database store = Database::open_writer(path());
  migrate(store);
  const std::string message = fault_of(
      [&] { store.execute("INSERT INTO accounts VALUES (1, 1000, 1, -1, 0, -1, 0, 0, 0, 0, 0, 0, 0, 0, 0, x'')"); });
  EXPECT_NE(message.find("points_are_never_overspent"), std::string::npos) << message;
}

TEST_F(schema, of_an_older_program_is_brought_up_to_date) {
  Database store = Database::open_writer(path());
  store.define(std::string(migrations()[0].sql));
  store.set_schema_version(1);
  EXPECT_NE(fault_of([&] { require_current_schema(store); }).find("older program"), std::string::npos);
  store.execute("INSERT INTO entries VALUES (41, 0, 1, 1, 0, x'00')");
  EXPECT_EQ(migrate(store), static_cast<int>(migrations().size()) - 1);
  EXPECT_EQ(store.statement("SELECT last_entry FROM entry_lanes").run_integer(), 41);
}

TEST_F(schema, of_an_older_program_keeps_its_batch_lines) {
  Database store = Database::open_writer(path());
  for (const Migration& migration : migrations().first(2)) store.define(std::string(migration.sql));
  store.set_schema_version(2);
  store.execute("INSERT INTO batch_lines VALUES (1, 1001, 210000, 2)");
  EXPECT_EQ(migrate(store), static_cast<int>(migrations().size()) - 2);
  EXPECT_EQ(
      store
          .statement("SELECT count(*) FROM batch_lines WHERE batch_id = 1 AND account_id = 1001 AND reduction_mg "
                     "= 210000 AND records = 2 AND plain_records = 0 AND carried_in_mg = 0 AND carried_out_mg = 0")
          .run_integer(),
      1);
}

TEST_F(schema, lets_no_line_issue_and_carry_a_loss_at_once) {
  Database store = Database::open_writer(path());
  migrate(store);
  const std::string message =
      fault_of([&] { store.execute("INSERT INTO batch_lines VALUES (1, 1001, 5, 1, 0, -9, -4)"); });
  EXPECT_NE(message.find("who_carries_is_issued_nothing"), std::string::npos) << message;
}

TEST_F(programme, opens_as_it_was_made) {
  init_programme(path(), {"Demo city", "some-book", true, {1, 2, 3}});
  Programme opened = Programme::open(path());
  EXPECT_EQ(opened.settings().name, "Demo city");
  EXPECT_EQ(opened.settings().account_salt, (Bytes{1, 2, 3}));
  EXPECT_TRUE(opened.settings().rehearsal);
}

TEST_F(programme, is_not_made_twice) {
  init_programme(path(), {"Demo city", "some-book", true, {1}});
  EXPECT_NE(fault_of([&] { init_programme(path(), {"Other", "some-book", true, {1}}); }), "");
}

TEST_F(programme, is_not_made_by_opening_a_wrong_path) {
  EXPECT_NE(fault_of([&] { Programme::open(path("nowhere.db")); }).find("init"), std::string::npos);
  EXPECT_TRUE(Database::open_writer(path("nowhere.db")).schema_mark().is_empty);
}

TEST_F(programme, moves_time_in_a_rehearsal_only) {
  init_programme(path("rehearsal.db"), {"Demo city", "some-book", true, {1}});
  init_programme(path("real.db"), {"Real city", "some-book", false, {1}});
  EXPECT_EQ(Programme::open(path("rehearsal.db")).now(Instant{5})->ms, 5);
  EXPECT_FALSE(Programme::open(path("real.db")).now(Instant{5}));
  EXPECT_TRUE(Programme::open(path("real.db")).now(std::nullopt));
}

TEST(location, is_a_path_or_the_address_of_a_server) {
  EXPECT_TRUE(is_server("postgresql://host/city"));
  EXPECT_TRUE(is_server("postgres:///city"));
  EXPECT_FALSE(is_server("postgresql.db"));
  EXPECT_EQ(file_of("sqlite:a/b.db"), "a/b.db");
  EXPECT_EQ(file_of("a/b.db"), "a/b.db");
}

TEST(location, gives_its_database_and_schema_a_short_name) {
  EXPECT_EQ(short_name("postgresql://u:p@host:5432/city?sslmode=require"), "city");
  EXPECT_EQ(short_name("postgresql:///data?options=-csearch_path%3Dcity&port=1"), "data-city");
  EXPECT_EQ(short_name("postgresql://host"), "postgres");
}

TEST(location, is_shown_without_its_password) {
  EXPECT_EQ(shown_location("postgresql://u:secret@host/city"), "postgresql://u:...@host/city");
  EXPECT_EQ(shown_location("postgresql://host/city?password=secret&port=1"),
            "postgresql://host/city?password=...&port=1");
  EXPECT_EQ(shown_location("postgresql://u@host:5432/city"), "postgresql://u@host:5432/city");
  EXPECT_EQ(shown_location("a:b@c"), "a:b@c");
}

}  // namespace
}  // namespace tanpuhui
