#include "store/account_history.h"

#include <gtest/gtest.h>

#include "store/writer_world.h"
#include "support/law.h"
#include "support/store.h"

namespace tanpuhui {
namespace {

class AccountHistoryTest : public ::testing::Test {
 protected:
  AccountHistoryTest() {
    found_world(database_);
    open_account(database_, AccountId{4243});
    std::vector<Command> commands;
    for (int i = 0; i < 30; ++i) commands.push_back(grant(i, i + 1, AccountId{4242 + i % 2}));
    Writer(database_, sha256).execute(commands, test_now);
  }

  TemporaryFolder folder_;
  Database database_ = Database::open_writer(test_location(folder_ / "p.db"));
};

TEST_F(AccountHistoryTest, gives_the_latest_entries_of_one_account_the_latest_first) {
  const auto entries = find_last_entries(database_, citizen, 4);
  ASSERT_EQ(4U, entries.size());
  for (std::size_t i = 0; i < entries.size(); ++i) {
    EXPECT_EQ(citizen, entries[i].posting.account);
    EXPECT_EQ(EntryId{29 - 2 * static_cast<std::int64_t>(i)}, entries[i].entry_id);
  }
}

TEST_F(AccountHistoryTest, ends_with_the_first_entry_of_the_account) {
  const auto entries = find_last_entries(database_, citizen, 100);
  ASSERT_EQ(15U, entries.size());
  EXPECT_EQ(EntryId{1}, entries.back().entry_id);
}

TEST_F(AccountHistoryTest, is_empty_for_an_account_without_entries_and_where_nothing_is_asked) {
  EXPECT_TRUE(find_last_entries(database_, AccountId{9999}, 20).empty());
  EXPECT_TRUE(find_last_entries(database_, citizen, 0).empty());
}

}  // namespace
}  // namespace tanpuhui
