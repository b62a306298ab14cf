#pragma once
/// Deliveries: partners send their record files as bodies of signed requests. A body is kept in a spool until it is
/// whole and is what its signature says; then it is taken in as `ingest` takes a file, one after another on a thread
/// of its own, and answered after the commit. What was cut off, by whomever and whenever, is sent again.
///
///   Deliveries deliveries(location, options);
///   auto delivery = deliveries.admit(head);                 // or the answer: not theirs, not signed, no place
///   (*delivery)->spool.append(piece);
///   deliveries.take_in(*delivery, [](Reply reply) {...});   // which runs on the thread of intake
///
/// All other calls belong to the server's thread. Contract: api/openapi.yaml, docs/DELIVERIES.md
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "crypto/ed25519.h"
#include "rooms/activity/shell/ingest.h"
#include "rooms/scenario/scenario.h"
#include "server/http_guard.h"
#include "server/reply.h"
#include "server/spool.h"

namespace tanpuhui {

struct DeliveryOptions {
  Database* writer = nullptr;                                    ///< the intake's alone while the server runs
  std::function<IngestOptions(const Scenario&)> ingest_options;  ///< asked for each delivery, on the thread of intake
  std::function<Instant()> clock;                                ///< of the signatures
  std::string spool = "/var/tmp";                                ///< folder of the bodies that are not yet taken in
  std::uint64_t bytes_max = std::uint64_t{1} << 30;              ///< above: 413
  std::size_t at_a_time = 4;                                     ///< being received, waiting, taken in; above: 503
  std::int64_t clock_difference_max_ms = 300'000;
  std::chrono::milliseconds patience{20'000};  ///< for another process that is at a long act; then 503
};

struct Delivery {
  Scenario scenario;
  Digest stated{};       ///< what its sender signed
  std::string manifest;  ///< empty: none
  Spool spool;
};

class Deliveries {
 public:
  Deliveries(std::string location, const DeliveryOptions& options);
  /// Ends what is being taken in at its next commit.
  ~Deliveries();
  Deliveries(const Deliveries&) = delete;
  Deliveries& operator=(const Deliveries&) = delete;

  static bool takes(std::string_view target);
  /// All that the head can tell, before a byte of the body is read. A delivery holds its place as long as it lives.
  Result<std::shared_ptr<Delivery>, Reply> admit(const RequestHead& head);
  /// A piece of its body. A refusal when the disk takes no more.
  static std::optional<Reply> keep(Delivery& delivery, std::string_view piece);
  Reply too_large() const;
  /// The refusal when the whole body is not what was signed.
  static std::optional<Reply> refuse_other_bytes(Delivery& delivery);
  void take_in(std::shared_ptr<Delivery> delivery, std::function<void(Reply)> answer);
  /// From now on every answer is 503; what was committed is gone on with when it is sent again.
  void stop() { stopping_ = true; }

  const DeliveryOptions& options() const { return options_; }

 private:
  struct Waiting {
    std::shared_ptr<Delivery> delivery;
    std::function<void(Reply)> answer;
  };
  struct Sender {
    std::optional<Scenario> scenario;
    std::optional<PublicKeyBytes> key;
  };
  Sender find_sender(const std::string& scenario);
  void run();
  std::optional<Waiting> next();
  Reply answer_to(Delivery& delivery);
  Reply ingest(Delivery& delivery);
  void go_on_unless_stopping() const;

  std::string location_;
  const DeliveryOptions& options_;
  std::optional<Database> reader_;  // of the server's thread
  std::vector<std::weak_ptr<Delivery>> admitted_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Waiting> waiting_;
  bool ended_ = false;
  std::atomic<bool> stopping_ = false;
  bool connection_lost_ = false;
  std::thread intake_;  // last: it sees the others whole
};

}  // namespace tanpuhui
