#pragma once
/// A thread that makes one thing after another, a few ahead of who takes them. Private to the store.
///
///   AheadQueue<Slice> coming([&]() -> std::optional<Slice> { ... });   // empty: that was the last
///   while (std::optional<Slice> slice = coming.take()) {
///     use(*slice);
///     coming.give_back(*std::move(slice));
///   }
#include <condition_variable>
#include <deque>
#include <exception>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

namespace tanpuhui {

template <class T>
class AheadQueue {
 public:
  explicit AheadQueue(std::function<std::optional<T>()> make)
      : thread_([this, make = std::move(make)] { run(make); }) {}
  /// Waits for what is being made; what nobody took is dropped.
  ~AheadQueue() {
    {
      const std::scoped_lock lock(mutex_);
      stopped_ = true;
    }
    changed_.notify_all();
    thread_.join();
  }
  AheadQueue(const AheadQueue&) = delete;
  AheadQueue& operator=(const AheadQueue&) = delete;

  /// The next, waited for; throws what its making threw, behind all that was made before.
  std::optional<T> take() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return !waiting_.empty() || ended_; });
    if (waiting_.empty() && fault_) std::rethrow_exception(fault_);
    if (waiting_.empty()) return std::nullopt;
    T next = std::move(waiting_.front());
    waiting_.pop_front();
    changed_.notify_all();
    return next;
  }

  /// What was used ends in the thread that made it: memory goes back fastest where it came from.
  void give_back(T used) {
    const std::scoped_lock lock(mutex_);
    used_.push_back(std::move(used));
  }

 private:
  static constexpr std::size_t most_waiting = 3;

  void run(const std::function<std::optional<T>()>& make) {
    std::exception_ptr fault;
    try {
      while (std::optional<T> made = make()) {
        if (!hand_over(*std::move(made))) return;
      }
    } catch (...) {
      fault = std::current_exception();
    }
    const std::scoped_lock lock(mutex_);
    fault_ = fault;
    ended_ = true;
    changed_.notify_all();
  }

  /// False: nobody wants more.
  bool hand_over(T made) {
    std::vector<T> used;
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return waiting_.size() < most_waiting || stopped_; });
    if (stopped_) return false;
    waiting_.push_back(std::move(made));
    used.swap(used_);
    changed_.notify_all();
    lock.unlock();
    return true;
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<T> waiting_;
  std::vector<T> used_;
  std::exception_ptr fault_;
  bool ended_ = false, stopped_ = false;
  std::thread thread_;  // last: it begins when all else stands
};

}  // namespace tanpuhui
