#pragma once
/// Acts that many threads want done, carried out in groups by a few workers, each with a connection and a range of
/// parts of its own. A worker takes what waits: one act when it is idle, up to a group under load; nobody waits for a
/// group to fill.
///
///   ActQueue<OrderAct, Result<OrderReceipt>> orders({.workers = 2}, [&](int) {
///     return [desk = open_desk()](std::span<const OrderAct> acts) { return place_orders(desk->office(), acts); };
///   });
///   auto receipt = orders.send(act, part_of(act.account));
///   if (!receipt) ...   // too many wait and nothing has happened: 503, try again a little later
///   receipt->get()      // after the commit; a Fault: send the same act again, under the same id
/// Basis: design.8
#include <condition_variable>
#include <deque>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <thread>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/ids.h"

namespace tanpuhui {

struct ActQueueLimits {
  int workers = 1;
  std::size_t waiting = 4'096;  ///< for each worker; above it nothing more is taken
  std::size_t group = 512;      ///< carried out at once
};

template <class Act, class Answer>
class ActQueue {
 public:
  /// One answer for each act, in their order.
  using CarryOut = std::function<std::vector<Answer>(std::span<const Act>)>;

  /// `open` is called for each worker, in its own thread; what it throws is every act's Fault.
  ActQueue(ActQueueLimits limits, std::function<CarryOut(int worker)> open)
      : limits_(limits), workers_(static_cast<std::size_t>(limits.workers)) {
    for (std::size_t i = 0; i < workers_.size(); ++i)
      workers_[i].thread = std::thread([this, open, i] { work(workers_[i], open, static_cast<int>(i)); });
  }
  /// Ends when all that was taken is answered.
  ~ActQueue() {
    for (Worker& worker : workers_) {
      const std::lock_guard lock(worker.mutex);
      worker.ending = true;
      worker.wake.notify_one();
    }
    for (Worker& worker : workers_) worker.thread.join();
  }
  ActQueue(const ActQueue&) = delete;
  ActQueue& operator=(const ActQueue&) = delete;

  /// Empty when too many wait. Acts of one part are carried out in the order in which they were sent.
  std::optional<std::future<Answer>> send(Act act, Part part) {
    Worker& worker = workers_[static_cast<std::size_t>(part.value) * workers_.size() / part_count];
    const std::lock_guard lock(worker.mutex);
    if (worker.waiting.size() >= limits_.waiting) return std::nullopt;
    Waiting& waiting = worker.waiting.emplace_back(std::move(act), std::promise<Answer>());
    worker.wake.notify_one();
    return waiting.second.get_future();
  }

 private:
  using Waiting = std::pair<Act, std::promise<Answer>>;
  struct Worker {
    std::mutex mutex;
    std::condition_variable wake;
    std::deque<Waiting> waiting;
    bool ending = false;
    std::thread thread;
  };
  struct Group {
    std::vector<Act> acts;
    std::vector<std::promise<Answer>> promises;
  };

  // Empty when there will be no more.
  Group next_group(Worker& worker) {
    std::unique_lock lock(worker.mutex);
    worker.wake.wait(lock, [&worker] { return worker.ending || !worker.waiting.empty(); });
    Group group;
    for (; !worker.waiting.empty() && group.acts.size() < limits_.group; worker.waiting.pop_front()) {
      group.acts.push_back(std::move(worker.waiting.front().first));
      group.promises.push_back(std::move(worker.waiting.front().second));
    }
    return group;
  }

  void work(Worker& worker, const std::function<CarryOut(int)>& open, int number) {
    CarryOut carry_out;
    for (Group group = next_group(worker); !group.acts.empty(); group = next_group(worker)) try {
        if (!carry_out) carry_out = open(number);
        std::vector<Answer> answers = carry_out(group.acts);
        TANPUHUI_REQUIRE(answers.size() == group.acts.size(), "each act is answered");
        for (std::size_t i = 0; i < answers.size(); ++i) group.promises[i].set_value(std::move(answers[i]));
      } catch (...) {
        for (std::promise<Answer>& promise : group.promises) promise.set_exception(std::current_exception());
      }
  }

  const ActQueueLimits limits_;
  std::vector<Worker> workers_;
};

}  // namespace tanpuhui
