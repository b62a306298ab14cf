#include "server/inbox.h"

#include <fmt/format.h>

#include "base/fault.h"
#include "store/database.h"

namespace tanpuhui {
namespace {

void log(std::string_view what) { fmt::print(stderr, "tanpuhui serve: {}\n", what); }

Reply unavailable() { return not_now("服务暂不可用", "the service is not available now"); }

}  // namespace

Reply not_now(std::string_view zh, std::string_view en) {
  return problem(503, zh, en, "按 Retry-After 稍后重新发送同一内容；已收到的不会重复计入",
                 "send the same again after Retry-After; what was received never counts twice");
}

bool Places::are_taken() {
  std::erase_if(taken_, [](const auto& parcel) { return parcel.expired(); });
  return taken_.size() >= count_;
}

Inbox::Inbox() : thread_([this] { run(); }) {}

Inbox::~Inbox() {
  stop();
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

Result<std::shared_ptr<Parcel>, Reply> Inbox::admit(Door& door, const RequestHead& head) const try {
  if (stopping_) return not_now("服务正在停止", "the server stops");
  return door.admit(head);
} catch (const Fault& fault) {
  log(fault.what());
  return unavailable();
}

std::optional<Reply> Inbox::keep(Parcel& parcel, std::string_view piece) try {
  parcel.spool.append(piece);
  return std::nullopt;
} catch (const Fault& fault) {
  log(fault.what());
  return not_now("磁盘空间不足，未接收任何内容", "the server's disk takes no more; nothing of it was taken");
}

std::optional<Reply> Inbox::refuse_other_bytes(Parcel& parcel) {
  if (parcel.spool.digest() == parcel.stated) return std::nullopt;
  return problem(400, "收到的内容与 Content-Digest 不符，未接收任何内容",
                 "what came is not what Content-Digest says; nothing of it was taken", "重新发送完整内容",
                 "send the whole of it again");
}

void Inbox::take_in(std::shared_ptr<Parcel> parcel, std::function<void(Reply)> answer) {
  {
    const std::lock_guard lock(mutex_);
    std::deque<Waiting>& queue = parcel->takes_long ? long_ : short_;
    queue.push_back({std::move(parcel), std::move(answer)});
  }
  changed_.notify_one();
}

void Inbox::meanwhile() {
  while (auto waiting = next_short()) carry_out(*std::move(waiting));
  go_on_unless_stopping();
}

void Inbox::run() {
  while (auto waiting = next()) carry_out(*std::move(waiting));
}

std::optional<Inbox::Waiting> Inbox::next() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return ended_ || !short_.empty() || !long_.empty(); });
  std::deque<Waiting>& queue = short_.empty() ? long_ : short_;
  if (queue.empty()) return std::nullopt;
  Waiting first = std::move(queue.front());
  queue.pop_front();
  return first;
}

std::optional<Inbox::Waiting> Inbox::next_short() {
  const std::lock_guard lock(mutex_);
  if (short_.empty()) return std::nullopt;
  Waiting first = std::move(short_.front());
  short_.pop_front();
  return first;
}

void Inbox::carry_out(Waiting waiting) {
  Reply reply = answer_to(*waiting.parcel);
  waiting.parcel.reset();  // its place is free before its sender knows
  waiting.answer(std::move(reply));
}

Reply Inbox::answer_to(Parcel& parcel) {
  try {
    go_on_unless_stopping();
    return parcel.carry_out(parcel, *this);
  } catch (const Busy& busy) {
    log(busy.what());
    return not_now("另一进程正在接收或封存", "another process is taking in or sealing");
  } catch (const Fault& fault) {
    log(fault.what());
    return unavailable();
  } catch (const std::exception& error) {
    log(error.what());
    return problem(500);
  }
}

void Inbox::go_on_unless_stopping() const {
  if (stopping_) throw Fault("the server stops; what was on its way is gone on with when it is sent again");
}

}  // namespace tanpuhui
