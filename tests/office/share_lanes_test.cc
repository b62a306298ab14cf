#include "office/share_lanes.h"

#include <array>
#include <atomic>
#include <future>
#include <thread>

#include "store/writer_world.h"
#include "support/law.h"
#include "support/store.h"

namespace tanpuhui {
namespace {

constexpr int lanes = 4;

class share : public testing::Test {
 protected:
  share() {
    migrate(database_);
    make_lanes(database_, lanes);
  }
  /// The first parts of the lanes that were gone through, in their order.
  std::vector<std::int32_t> gone_through(Database& database, std::chrono::milliseconds term = lease_term) {
    std::vector<std::int32_t> first;
    const auto note = [&](PartRange parts, const Shared&) -> Result<Done> {
      first.push_back(parts.first.value);
      return Done{};
    };
    EXPECT_TRUE(share_lanes(database, note, term));
    return first;
  }
  std::int64_t number(const std::string& sql) { return database_.statement(sql).run_integer(); }

  TemporaryFolder folder_;
  std::string place_ = test_location(folder_ / "p.db");
  Database database_ = Database::open_writer(place_);
};

TEST_F(share, goes_through_all_parts_and_gives_the_lanes_back) {
  std::vector<std::int32_t> last;
  EXPECT_TRUE(share_lanes(database_, [&](PartRange parts, const Shared&) -> Result<Done> {
    last.push_back(parts.last.value);
    return Done{};
  }));
  EXPECT_EQ(last, (std::vector<std::int32_t>{1023, 2047, 3071, 4095}));
  EXPECT_EQ(number("SELECT count(*) FROM entry_lanes WHERE held_until = 0 AND epoch = 1"), lanes);
}

TEST_F(share, replaces_a_holder_that_died) {
  const std::int64_t now_ms =
      std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch())
          .count();
  ASSERT_TRUE(lease_lane(database_, 0, "dead", Instant{now_ms}, Instant{now_ms + 300}));
  EXPECT_EQ(gone_through(database_), (std::vector<std::int32_t>{1024, 2048, 3072, 0}));
}

TEST_F(share, goes_through_a_lane_again_when_it_was_taken_over_in_the_middle) {
  std::vector<std::int32_t> first;
  EXPECT_TRUE(share_lanes(database_, [&](PartRange parts, const Shared& lease) -> Result<Done> {
    first.push_back(parts.first.value);
    if (first.size() == 1) database_.execute("UPDATE entry_lanes SET epoch = epoch + 1, held_until = 0 WHERE lane = 0");
    Transaction transaction(database_);
    lease.load();
    transaction.commit();
    return Done{};
  }));
  EXPECT_EQ(first, (std::vector<std::int32_t>{0, 1024, 2048, 3072, 0}));
}

TEST_F(share, ends_with_the_first_refusal) {
  int times = 0;
  const auto done = share_lanes(database_, [&](PartRange, const Shared&) -> Result<Done> {
    if (++times == 2) return refuse("PTS-02");
    return Done{};
  });
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, "PTS-02");
  EXPECT_EQ(times, 2);
  EXPECT_EQ(number("SELECT count(*) FROM entry_lanes WHERE held_until = 0"), lanes);
}

/// A file has one process.
class on_server_share : public share {};

TEST_F(on_server_share, gives_each_lane_to_one_process_at_a_time) {
  std::atomic<int> inside = 0, together = 0, visits = 0;
  const auto process = [&] {
    Database own = Database::open_writer(place_);
    EXPECT_TRUE(share_lanes(own, [&](PartRange parts, const Shared&) -> Result<Done> {
      static std::array<std::atomic<int>, lanes> in_lane{};
      auto& here = in_lane[static_cast<std::size_t>(parts.first.value / (part_count / lanes))];
      EXPECT_EQ(++here, 1);
      if (++inside == 2) ++together;
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
      --inside, --here, ++visits;
      return Done{};
    }));
  };
  auto first = std::async(std::launch::async, process), second = std::async(std::launch::async, process);
  first.get(), second.get();
  EXPECT_GT(together, 0);
  EXPECT_EQ(visits, 2 * lanes);  // each looks into what the other had
}

}  // namespace
}  // namespace tanpuhui
