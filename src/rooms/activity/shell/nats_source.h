#pragma once
/// Messages of a stream of NATS JetStream, pulled for a durable consumer. Acknowledged only when told so: what was
/// fetched and not acknowledged comes again, here or in another process.
///
///   NatsSource source({"nats://127.0.0.1:4222", "RIDES", "tanpuhui"});
///   while (!source.is_drained()) {
///     const auto messages = source.fetch(50'000);
///     ... commit ...
///     source.acknowledge();
///   }
///
/// Throws Fault when the server, the stream or the connection is gone; nothing is lost then, run it again.
#include <memory>
#include <span>
#include <string>

#include "rooms/activity/shell/messages.h"

namespace tanpuhui {

struct NatsAddress {
  std::string url;      ///< nats://host:4222
  std::string stream;   ///< one stream holds the records of one scenario
  std::string durable;  ///< the consumer's name; made when there is none
};

class NatsSource {
 public:
  explicit NatsSource(const NatsAddress& address);
  ~NatsSource();
  NatsSource(const NatsSource&) = delete;
  NatsSource& operator=(const NatsSource&) = delete;

  const StreamName& stream() const;
  /// What is there, at most so many lines, or one message with more; empty when nothing came for a moment. Lives until
  /// the next call.
  std::span<const Message> fetch(std::size_t lines_max);
  /// All that `fetch` gave last, confirmed by the server.
  void acknowledge();
  /// Nothing waits and nothing is unacknowledged, by this process or another one.
  bool is_drained();

 private:
  struct Connection;
  std::unique_ptr<Connection> connection_;
};

}  // namespace tanpuhui
