#include <filesystem>
#include <string>

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fault.h"
#include "store/database.h"
#include "store/file_lock.h"
#include "support/store.h"

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

using sqlite = Folder;
using file_lock = Folder;

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

}  // namespace
}  // namespace tanpuhui
