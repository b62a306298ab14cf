#include <filesystem>
#include <string>

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fault.h"
#include "store/database.h"
#include "store/file_lock.h"
#include "store/migrations.h"
#include "store/programme.h"

namespace tanpuhui {
namespace {

class Folder : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = testing::TempDir() + "tanpuhui-XXXXXX";
    ASSERT_TRUE(::mkdtemp(name.data()));
    folder_ = name;
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  std::string path(const std::string& name = "city.db") const { return folder_ + "/" + name; }

 private:
  std::string folder_;
};

std::string fault_of(const auto& act) {
  try {
    act();
  } catch (const Fault& fault) {
    return fault.what();
  }
  return "";
}

using sqlite = Folder;
using schema = Folder;
using file_lock = Folder;
using programme = Folder;

TEST_F(sqlite, gives_back_integers_text_and_blobs_as_they_were_bound) {
  Database database = Database::open_writer(path());
  database.execute("CREATE TABLE t (a INTEGER, b TEXT, c BLOB, d INTEGER) STRICT");
  const Bytes blob = {0, 1, 255};
  database.statement("INSERT INTO t VALUES (?, ?, ?, ?)").bind(INT64_MIN).bind("km").bind(blob).bind(nullptr).run();
  auto row = database.statement("SELECT a, b, c, d FROM t");
  ASSERT_TRUE(row.step());
  EXPECT_EQ(row.integer(0), INT64_MIN);
  EXPECT_EQ(row.text(1), "km");
  EXPECT_EQ(Bytes(row.blob(2).begin(), row.blob(2).end()), blob);
  EXPECT_TRUE(row.is_null(3));
  EXPECT_FALSE(row.step());
}

TEST_F(sqlite, keeps_empty_text_and_empty_blobs_apart_from_null) {
  Database database = Database::open_writer(path());
  database.execute("CREATE TABLE t (b TEXT NOT NULL, c BLOB NOT NULL) STRICT");
  EXPECT_EQ(database.statement("INSERT INTO t VALUES (?, ?)").bind(std::string_view()).bind(ByteView()).run(), 1);
}

TEST_F(sqlite, lends_the_same_text_twice_at_once) {
  Database database = Database::open_writer(path());
  const std::string_view sql = "SELECT value FROM json_each('[1,2,3]')";
  auto outer = database.statement(sql);
  int seen = 0;
  while (outer.step())
    for (auto inner = database.statement(sql); inner.step();) ++seen;
  EXPECT_EQ(seen, 9);
}

TEST_F(sqlite, rolls_back_what_was_not_committed) {
  Database database = Database::open_writer(path());
  database.execute("CREATE TABLE t (a INTEGER) STRICT");
  {
    Transaction transaction(database);
    database.statement("INSERT INTO t VALUES (1)").run();
  }
  EXPECT_EQ(database.statement("SELECT count(*) FROM t").run_integer(), 0);
}

TEST_F(sqlite, names_file_and_statement_when_it_fails) {
  Database database = Database::open_writer(path());
  const std::string message = fault_of([&] { database.statement("SELECT x FROM nowhere"); });
  EXPECT_NE(message.find(path()), std::string::npos) << message;
  EXPECT_NE(message.find("SELECT x FROM nowhere"), std::string::npos) << message;
}

TEST_F(sqlite, readers_cannot_write_and_see_one_state) {
  Database writer = Database::open_writer(path());
  writer.execute("CREATE TABLE t (a INTEGER) STRICT");
  Database reader = Database::open_reader(path());
  EXPECT_NE(fault_of([&] { reader.execute("INSERT INTO t VALUES (1)"); }), "");
  ReadTransaction view(reader);
  EXPECT_EQ(reader.statement("SELECT count(*) FROM t").run_integer(), 0);
  writer.execute("INSERT INTO t VALUES (1)");
  EXPECT_EQ(reader.statement("SELECT count(*) FROM t").run_integer(), 0);
}

TEST_F(sqlite, commits_with_a_synced_log_that_does_not_checkpoint_by_itself) {
  Database database = Database::open_writer(path());
  EXPECT_EQ(database.statement("PRAGMA synchronous").run_integer(), 2);
  EXPECT_EQ(database.statement("PRAGMA wal_autocheckpoint").run_integer(), 0);
  EXPECT_EQ(database.statement("PRAGMA foreign_keys").run_integer(), 0);
}

TEST_F(sqlite, checkpoints_when_the_log_has_grown_beyond_64_mb) {
  Database database = Database::open_writer(path());
  database.execute("CREATE TABLE t (a BLOB) STRICT");
  const Bytes blob(8 << 20, 7);
  for (int i = 0; i < 16; ++i) {
    Transaction transaction(database);
    database.statement("INSERT INTO t VALUES (?)").bind(blob).run();
    transaction.commit();
  }
  EXPECT_GT(std::filesystem::file_size(path()), std::uintmax_t{64} << 20);
  EXPECT_LT(std::filesystem::file_size(path() + "-wal"), std::uintmax_t{90} << 20);
}

TEST_F(schema, is_made_once) {
  Database database = Database::open_writer(path());
  EXPECT_EQ(migrate(database), static_cast<int>(migrations().size()));
  EXPECT_EQ(migrate(database), 0);
  require_current_schema(database);
}

TEST_F(schema, steps_are_numbered_without_gaps) {
  int expected = 1;
  for (const Migration& migration : migrations()) EXPECT_EQ(migration.number, expected++);
}

TEST_F(schema, of_a_newer_program_is_refused_with_the_remedy) {
  Database database = Database::open_writer(path());
  migrate(database);
  database.execute("PRAGMA user_version = 9999");
  const std::string message = fault_of([&] { migrate(database); });
  EXPECT_NE(message.find("use that program"), std::string::npos) << message;
}

TEST_F(schema, of_another_program_is_left_alone) {
  Database database = Database::open_writer(path());
  database.execute("CREATE TABLE theirs (a)");
  EXPECT_NE(fault_of([&] { migrate(database); }), "");
  EXPECT_EQ(database.statement("SELECT count(*) FROM sqlite_schema").run_integer(), 1);
}

TEST_F(schema, never_lets_an_account_fall_below_zero) {
  Database database = Database::open_writer(path());
  migrate(database);
  const std::string message = fault_of(
      [&] { database.execute("INSERT INTO accounts VALUES (1, 1000, 1, -1, 0, -1, 0, 0, 0, 0, 0, 0, 0, 0, 0, x'')"); });
  EXPECT_NE(message.find("points_are_never_overspent"), std::string::npos) << message;
}

TEST_F(file_lock, names_the_process_that_holds_it) {
  const FileLock lock(path());
  const std::string message = fault_of([&] { FileLock second(path()); });
  EXPECT_NE(message.find("process " + std::to_string(::getpid())), std::string::npos) << message;
  EXPECT_EQ(FileLock::holder(path()), ::getpid());
}

TEST_F(file_lock, is_free_after_its_holder_was_killed) {
  const pid_t child = ::fork();
  if (child == 0) {
    FileLock lock(path());
    ::raise(SIGKILL);
  }
  ::waitpid(child, nullptr, 0);
  EXPECT_EQ(FileLock::holder(path()), 0);
  EXPECT_EQ(fault_of([&] { FileLock lock(path()); }), "");
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
  EXPECT_FALSE(std::filesystem::exists(path("nowhere.db")));
}

TEST_F(programme, moves_time_in_a_rehearsal_only) {
  init_programme(path("rehearsal.db"), {"Demo city", "some-book", true, {1}});
  init_programme(path("real.db"), {"Real city", "some-book", false, {1}});
  EXPECT_EQ(Programme::open(path("rehearsal.db")).now(Instant{5})->ms, 5);
  EXPECT_FALSE(Programme::open(path("real.db")).now(Instant{5}));
  EXPECT_TRUE(Programme::open(path("real.db")).now(std::nullopt));
}

}  // namespace
}  // namespace tanpuhui
