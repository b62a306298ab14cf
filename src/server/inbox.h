#pragma once
/// Requests that change the programme. Their head is judged by a door before a byte of the body is read; the body lies
/// in a spool until it is whole and is what was signed; then it is carried out, one after another, on the inbox's own
/// thread - the only one that writes - and answered after the commit. Whoever only reads never waits for it.
///
///   Inbox inbox;                                        // ends before its doors do
///   auto parcel = inbox.admit(door, head);              // or the answer: not theirs, not signed, no place
///   if (auto refused = inbox.keep(**parcel, piece)) ...
///   inbox.take_in(*parcel, [](Reply reply) {...});      // which runs on the inbox's thread
///
/// What takes long lets in the others between its commits (`meanwhile`): a step in a case waits for one commit of a
/// delivery, not for its end. All other calls belong to the server's thread. Contract: api/openapi.yaml
#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "base/result.h"
#include "server/http_guard.h"
#include "server/reply.h"
#include "server/spool.h"

namespace tanpuhui {

class Inbox;

/// A request on its way. It holds its place at the door as long as it lives.
struct Parcel {
  Digest stated{};              ///< of the body, as it was signed
  std::uint64_t bytes_max = 0;  ///< of the body
  Reply too_large;              ///< the answer to more
  Spool spool;
  bool takes_long = false;
  std::function<Reply(Parcel&, Inbox&)> carry_out;  ///< on the inbox's thread
};

/// Says which requests are taken; on the server's thread.
class Door {
 public:
  virtual ~Door() = default;
  virtual bool takes(const RequestHead& head) const = 0;
  /// All that the head can tell. May throw a Fault.
  virtual Result<std::shared_ptr<Parcel>, Reply> admit(const RequestHead& head) = 0;
};

/// How many parcels live.
class Places {
 public:
  explicit Places(std::size_t count) : count_(count) {}
  bool are_taken();
  void take(const std::shared_ptr<Parcel>& parcel) { taken_.push_back(parcel); }

 private:
  std::size_t count_;
  std::vector<std::weak_ptr<Parcel>> taken_;
};

/// 503: the same again is right.
Reply not_now(std::string_view zh, std::string_view en);

class Inbox {
 public:
  Inbox();
  /// Ends what is being carried out at its next commit.
  ~Inbox();
  Inbox(const Inbox&) = delete;
  Inbox& operator=(const Inbox&) = delete;

  Result<std::shared_ptr<Parcel>, Reply> admit(Door& door, const RequestHead& head) const;
  /// A piece of its body. A refusal when the disk takes no more.
  static std::optional<Reply> keep(Parcel& parcel, std::string_view piece);
  /// The refusal when the whole body is not what was signed.
  static std::optional<Reply> refuse_other_bytes(Parcel& parcel);
  void take_in(std::shared_ptr<Parcel> parcel, std::function<void(Reply)> answer);
  /// From now on every answer is 503.
  void stop() { stopping_ = true; }

  /// For what takes long, after each of its commits, on the inbox's thread: carries out what is short and waits. A
  /// Fault when the server stops.
  void meanwhile();

 private:
  struct Waiting {
    std::shared_ptr<Parcel> parcel;
    std::function<void(Reply)> answer;
  };
  void run();
  std::optional<Waiting> next();
  std::optional<Waiting> next_short();
  void carry_out(Waiting waiting);
  Reply answer_to(Parcel& parcel);
  void go_on_unless_stopping() const;

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Waiting> short_, long_;
  bool ended_ = false;
  std::atomic<bool> stopping_ = false;
  std::thread thread_;  // last: it sees the others whole
};

}  // namespace tanpuhui
