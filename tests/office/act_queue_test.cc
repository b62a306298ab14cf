#include "office/act_queue.h"

#include <algorithm>
#include <atomic>

#include <gtest/gtest.h>

#include "base/fault.h"

namespace tanpuhui {
namespace {

using Numbers = ActQueue<int, int>;

/// A worker that doubles numbers, notes its groups, and waits at a gate first.
class act_queue : public testing::Test {
 protected:
  Numbers::CarryOut doubling() {
    return [this](std::span<const int> acts) {
      const std::lock_guard waits(gate_);
      groups_.emplace_back(acts.begin(), acts.end());
      std::vector<int> doubled;
      for (const int act : acts) doubled.push_back(2 * act);
      return doubled;
    };
  }
  Numbers::CarryOut open(int) { return doubling(); }

  std::mutex gate_;
  std::vector<std::vector<int>> groups_;
};

TEST_F(act_queue, carries_one_act_out_at_once_when_it_is_idle) {
  Numbers queue({}, [this](int worker) { return open(worker); });
  for (int act = 1; act <= 3; ++act) EXPECT_EQ(queue.send(act, Part{0})->get(), 2 * act);
  EXPECT_EQ(groups_, (std::vector<std::vector<int>>{{1}, {2}, {3}}));
}

TEST_F(act_queue, takes_what_waits_in_groups_and_in_order) {
  std::vector<std::future<int>> answers;
  {
    Numbers queue({.group = 4}, [this](int worker) { return open(worker); });
    const std::lock_guard busy(gate_);
    for (int act = 0; act < 10; ++act) answers.push_back(*queue.send(act, Part{0}));
  }
  for (int act = 0; act < 10; ++act) EXPECT_EQ(answers[static_cast<std::size_t>(act)].get(), 2 * act);
  std::vector<int> all;
  for (const auto& group : groups_) {
    EXPECT_LE(group.size(), 4U);
    all.insert(all.end(), group.begin(), group.end());
  }
  EXPECT_TRUE(std::ranges::is_sorted(all));
  EXPECT_LE(groups_.size(), 4U);  // at most: the first alone, then 4, 4, 1
}

TEST_F(act_queue, takes_nothing_more_when_too_many_wait_and_goes_on_afterwards) {
  Numbers queue({.waiting = 3, .group = 1}, [this](int worker) { return open(worker); });
  std::vector<std::future<int>> taken;
  int turned_away = 0;
  {
    const std::lock_guard busy(gate_);
    for (int act = 0; act < 10; ++act) {
      if (auto answer = queue.send(act, Part{0}))
        taken.push_back(*std::move(answer));
      else
        ++turned_away;
    }
  }
  EXPECT_GE(turned_away, 6);  // three wait, one may be in the worker's hands
  EXPECT_EQ(taken.size() + static_cast<std::size_t>(turned_away), 10U);
  for (auto& answer : taken) answer.get();
  EXPECT_EQ(queue.send(7, Part{0})->get(), 14);
}

TEST_F(act_queue, gives_each_worker_a_range_of_parts) {
  std::atomic<int> seen[2] = {0, 0};
  {
    Numbers queue({.workers = 2}, [&](int worker) {
      return [&seen, worker](std::span<const int> acts) {
        for (const int part : acts) EXPECT_EQ(part >= part_count / 2, worker == 1);
        seen[worker] += static_cast<int>(acts.size());
        return std::vector<int>(acts.begin(), acts.end());
      };
    });
    for (int part = 0; part < part_count; part += 64) ASSERT_TRUE(queue.send(part, Part{part}));
  }
  EXPECT_EQ(seen[0], 32);
  EXPECT_EQ(seen[1], 32);
}

TEST_F(act_queue, tells_all_of_a_group_that_it_failed_and_opens_again_what_did_not_open) {
  int times = 0;
  Numbers queue({}, [&](int) -> Numbers::CarryOut {
    if (++times == 1) throw Fault("the server is away");
    return [](std::span<const int> acts) {
      if (acts.front() == 13) throw Fault("the disk is full");
      return std::vector<int>(acts.begin(), acts.end());
    };
  });
  EXPECT_THROW(queue.send(1, Part{0})->get(), Fault);
  EXPECT_EQ(queue.send(1, Part{0})->get(), 1);
  EXPECT_THROW(queue.send(13, Part{0})->get(), Fault);
  EXPECT_EQ(queue.send(2, Part{0})->get(), 2);
}

}  // namespace
}  // namespace tanpuhui
