#include "base/ids.h"

#include <type_traits>
#include <vector>

#include <gtest/gtest.h>

namespace tanpuhui {
namespace {

static_assert(!std::is_convertible_v<AccountId, BatchId>, "ids do not mix");

TEST(mix_bits, gives_the_published_numbers_of_splitmix64) {  // its first outputs from seed 0
  EXPECT_EQ(mix_bits(0), 0xe220a8397b1dcdafULL);
  EXPECT_EQ(mix_bits(0x9e3779b97f4a7c15ULL), 0x6e789e6aa1b965f4ULL);
}

TEST(part_of, never_changes_for_an_account) {  // rows are stored under it
  EXPECT_EQ(part_of(AccountId{0}).value, 0xdaf);
  EXPECT_EQ(part_of(AccountId{1}), part_of(AccountId{1}));
}

TEST(part_of, spreads_neighbours_over_all_parts) {
  std::vector<int> accounts(part_count);
  for (std::int64_t account = 0; account < 100 * part_count; ++account)
    ++accounts.at(static_cast<std::size_t>(part_of(AccountId{account}).value));
  for (int count : accounts) {
    EXPECT_GT(count, 40);
    EXPECT_LT(count, 180);
  }
}

TEST(part_of, takes_negative_ids) {
  for (std::int64_t account = -1000; account < 0; ++account) {
    const Part part = part_of(AccountId{account});
    EXPECT_GE(part.value, 0);
    EXPECT_LT(part.value, part_count);
  }
}

TEST(command_id, is_ordered_by_its_first_bytes) {
  CommandId earlier, later;
  earlier.bytes[0] = 1;
  earlier.bytes[15] = 255;
  later.bytes[0] = 2;
  EXPECT_LT(earlier, later);
  EXPECT_NE(std::hash<CommandId>()(earlier), std::hash<CommandId>()(later));
}

}  // namespace
}  // namespace tanpuhui
